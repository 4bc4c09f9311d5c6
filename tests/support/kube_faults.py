"""What can happen to a call on its way to the API server and back."""

import asyncio

from aiohttp import web

from flower_operator import constants

from .kube_proxy import Act, Exchange, Proxy


def answers(code: int, reason: str, message: str, retry_after: int | None = None) -> Act:
    """Answer with a Status object, as the API server does when it can't or will not; it hears nothing of the call."""
    status = {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Failure",
        "code": code,
        "reason": reason,
        "message": message,
    }
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}

    async def act(_: Exchange) -> web.StreamResponse:
        return web.json_response(status, status=code, headers=headers)

    return act


def slow(seconds: float) -> Act:
    """Answer late."""

    async def act(exchange: Exchange) -> web.StreamResponse:
        await asyncio.sleep(seconds)
        return await exchange.forward()

    return act


async def lost(exchange: Exchange) -> web.StreamResponse:
    """Let the API server do it, and reset the connection before its answer: the client can't know."""
    await exchange.forward()
    await exchange.cut()


GONE_GROUP = f"gone.{constants.GROUP}"
"""A group that nobody has."""


async def without_group(exchange: Exchange) -> web.StreamResponse:
    """Let the API server answer as it does where there is no CRD: it is asked for a group that it does not have."""
    return await exchange.forward(exchange.request.raw_path.replace(constants.GROUP, GONE_GROUP))


class Held:
    """Stops calls until they are let go."""

    def __init__(self, after: bool = False) -> None:
        self._after = after
        self.caught = asyncio.Event()
        """Set when the first call is here."""
        self.go = asyncio.Event()
        """Set it to let all go on."""

    async def __call__(self, exchange: Exchange) -> web.StreamResponse:
        """Hold the call before the API server hears of it, or (`after`) its answer."""
        answer = await exchange.forward() if self._after else None
        self.caught.set()
        await self.go.wait()
        return answer or await exchange.forward()


GONE = (
    b'{"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":'
    b'"too old resource version: 1 (2)","reason":"Expired","code":410}}\n'
)
"""What a watch says when etcd was compacted and it can't go on from where it was."""


async def expire_watches(proxy: Proxy) -> None:
    """Tell every watch that its version is too old; the server ends such a watch."""
    for watch in list(proxy.watches):
        await watch.say(GONE)


async def garble_watches(proxy: Proxy) -> None:
    """Cut every watch in the middle of a line."""
    for watch in list(proxy.watches):
        await watch.say(b'{"type":"MODIFIED","object":{"kind":"Flower')
        watch.cut()
