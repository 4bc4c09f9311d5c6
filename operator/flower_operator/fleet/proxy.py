"""The way into a monitor: `/n/NAMESPACE/NAME/…` is asked of it in the name of the person behind the request.

Only monitors of the roster are asked, at the address that the fleet makes itself. Pages, API, writes and the live
stream go the same way; the monitor decides by the role that the fleet tells it, and writes down the person.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import aiohttp
from fastapi import APIRouter, HTTPException, Request, Response
from yarl import URL

from flower_operator.fleet import forward
from flower_operator.fleet.forward import NotPassedOn
from flower_operator.fleet.monitors import Monitor
from flower_operator.fleet.relay import Relay
from flower_operator.fleet.resolver import MonitorResolver
from flower_operator.fleet.sight import Sight, who
from flower_operator.fleet.vouch import HEADER, Voucher, base_of
from flower_operator.spec import Key

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

MAX_BODY = 1 << 20
"""Bytes of a request's body: a monitor takes no more."""
BODY_TIMEOUT = 30.0
"""Seconds for a client to send it."""
CONNECT_TIMEOUT = 3.0
READ_TIMEOUT = 60.0
"""Seconds without a byte: a live stream is never silent for more than 15."""
CONNECTIONS = 500
"""To all monitors at a time; each open page has one for its stream."""

AddressOf = Callable[[Monitor], str]
"""Where a monitor is, without a slash at the end."""


class Proxy:
    """Asks monitors in people's names."""

    def __init__(self, sight: Sight, voucher: Voucher, address_of: AddressOf, session: aiohttp.ClientSession) -> None:
        self._sight = sight
        self._voucher = voucher
        self._address_of = address_of
        self._session = session
        self._stop = asyncio.Event()

    def close(self) -> None:
        """End what is being passed on: the program is going down."""
        self._stop.set()

    async def answer(self, request: Request) -> Response:
        """Ask the monitor that the path names."""
        try:
            namespace, name, path = forward.rest_of(request.scope["raw_path"])
        except NotPassedOn as error:
            raise HTTPException(400, str(error)) from error
        key, person = Key(namespace, name), who(request)
        entry, role = await self._sight.entry(person, key)
        if entry.monitor.suspended:
            raise HTTPException(503, f"{key} is suspended; set spec.suspend to false to start it.")
        headers = forward.passed_on(request.headers.items(), forward.REQUEST_HEADERS)
        headers[HEADER] = await self._voucher.header(person, role, key)
        upstream = await self._ask(request, f"{self._address_of(entry.monitor)}{path}", headers)
        try:
            return Relay(upstream, _answer_headers(upstream, request, entry.monitor, path), self._stop)
        except NotPassedOn as error:
            upstream.close()
            raise HTTPException(502, str(error)) from error

    async def _ask(self, request: Request, address: str, headers: dict[str, str]) -> aiohttp.ClientResponse:
        query = request.url.query
        url = URL(f"{address}?{query}" if query else address, encoded=True)
        body = await _body(request)
        try:
            upstream = await self._session.request(
                request.method, url, headers=headers, data=body or None, allow_redirects=False
            )
        except TimeoutError as error:
            raise HTTPException(504, "The monitor did not answer in time.") from error
        except aiohttp.ClientConnectorError as error:
            reason = os.strerror(error.os_error.errno) if error.os_error.errno else "no such host"
            raise HTTPException(502, f"The monitor can't be reached: {reason}. Is its pod ready?") from error
        except (aiohttp.ClientError, ValueError) as error:
            raise HTTPException(502, f"The monitor broke off: {type(error).__name__}.") from error
        if upstream.status == 401:
            upstream.close()
            raise HTTPException(502, _NOT_BELIEVED)
        return upstream


_NOT_BELIEVED = (
    "The monitor does not believe the fleet: it is older than this fleet, was started with another key than that in"
    " Secret flower-operator-fleet, or its node's clock is wrong. Restarting the controller puts the key right."
)


def _answer_headers(upstream: aiohttp.ClientResponse, request: Request, monitor: Monitor, path: str) -> dict[str, str]:
    """The headers of an answer, with the fleet's own policy for what it is."""
    base = base_of(monitor.key)
    headers = forward.passed_on(upstream.headers.items(), forward.ANSWER_HEADERS)
    location = upstream.headers.get("location")
    if location is not None:
        headers["location"] = forward.redirect(location, base, path, monitor.prefix)
    headers["content-security-policy"] = forward.policy(request.headers, base)
    # nginx and its like would hold a live stream back to fill a buffer.
    headers["x-accel-buffering"] = "no"
    return headers


async def _body(request: Request) -> bytes:
    """The body of a request, which is at most `MAX_BODY` long."""
    parts: list[bytes] = []
    try:
        async with asyncio.timeout(BODY_TIMEOUT):
            async for part in request.stream():
                parts.append(part)
                if sum(map(len, parts)) > MAX_BODY:
                    raise HTTPException(413, f"The body is longer than {MAX_BODY} bytes.")
    except TimeoutError as error:
        raise HTTPException(408, f"The body did not come within {BODY_TIMEOUT:g} s.") from error
    return b"".join(parts)


def proxy_router(proxy: Proxy) -> APIRouter:
    """The routes into monitors."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/n/{namespace}/{name}/{path:path}", methods=METHODS)
    async def into(request: Request) -> Response:
        return await proxy.answer(request)

    @router.get("/n/{namespace}/{name}")
    async def at_its_edge(request: Request) -> Response:
        # Relative, so that it holds whatever is before the fleet; with the dot no name can be taken for a scheme.
        name = request.scope["raw_path"].rpartition(b"/")[2].decode("latin-1")
        return Response(status_code=308, headers={"Location": f"./{name}/"})

    return router


@asynccontextmanager
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """Connections to monitors: no proxy of the environment, no cookies, and nothing is unpacked on the way."""
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=CONNECTIONS, resolver=MonitorResolver()),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None, connect=CONNECT_TIMEOUT, sock_read=READ_TIMEOUT),
        skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
        auto_decompress=False,
        trust_env=False,
    ) as made:
        yield made
