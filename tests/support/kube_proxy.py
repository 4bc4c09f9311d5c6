"""A proxy in front of the real API server, for the faults that a healthy one does not show when it is told to.

Everything that is answered comes from the real server, but for what a fault of `kube_faults` says. One proxy for each
client that is to be told apart. It speaks plain HTTP to its client: both are on loopback.
"""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import NoReturn, TypeAlias

import aiohttp
from aiohttp import web
from yarl import URL

from . import ports
from .kube_call import Call, Matching, everything

HOP_BY_HOP = frozenset({"host", "connection", "transfer-encoding", "content-length"})


@dataclass(eq=False)
class Watch:
    """A watch that is open."""

    call: Call
    response: web.StreamResponse
    transport: asyncio.Transport

    async def say(self, text: bytes) -> None:
        """Send what the server did not say, unless the client is gone."""
        with contextlib.suppress(ConnectionResetError):
            await self.response.write(text)

    def cut(self) -> None:
        """Reset the connection, as a load balancer does that restarts."""
        self.transport.abort()


@dataclass
class Exchange:
    """One call and the ways to answer it."""

    call: Call
    proxy: "Proxy"
    request: web.BaseRequest
    body: bytes

    async def forward(self, path: str = "") -> web.StreamResponse:
        """Let the API server answer; `path`: what to ask it for instead."""
        asked = URL(self.proxy.upstream + (path or self.request.raw_path), encoded=True)
        headers = {name: value for name, value in self.request.headers.items() if name.lower() not in HOP_BY_HOP}
        sent = self.proxy.session.request(self.call.method, asked, headers=headers, data=self.body or None)
        async with sent as answer:
            self.call.status = answer.status
            kept = {name: value for name, value in answer.headers.items() if name.lower() not in HOP_BY_HOP}
            if self.call.watches and answer.status == 200:
                return await self._stream(answer, kept)
            return web.Response(status=answer.status, headers=kept, body=await answer.read())

    async def _stream(self, answer: aiohttp.ClientResponse, headers: dict[str, str]) -> web.StreamResponse:
        response = web.StreamResponse(headers=headers)
        await response.prepare(self.request)
        watch = Watch(self.call, response, self._transport)
        self.proxy.watches.append(watch)
        try:
            # A client that is cut off is one of the faults, and none of the proxy's.
            with contextlib.suppress(ConnectionResetError):
                async for data in answer.content.iter_any():
                    await self.proxy.flowing.wait()
                    await response.write(data)
        finally:
            self.proxy.watches.remove(watch)
        return response

    async def cut(self) -> NoReturn:
        """Reset the connection instead of an answer."""
        self._transport.abort()
        await asyncio.Event().wait()  # the lost connection cancels this
        raise AssertionError("unreachable")

    @property
    def _transport(self) -> asyncio.Transport:
        assert isinstance(self.request.transport, asyncio.Transport)
        return self.request.transport


Act: TypeAlias = Callable[[Exchange], Awaitable[web.StreamResponse]]
"""What happens to a call; see `kube_faults`."""


@dataclass(eq=False)
class Fault:
    """What is done to which calls."""

    act: Act
    matching: Matching
    times: int | None
    hits: list[Call] = field(default_factory=list)
    """Calls that it was done to, the first one first."""

    def wants(self, call: Call) -> bool:
        """Whether it is for this one."""
        return (self.times is None or len(self.hits) < self.times) and self.matching(call)


class Proxy:
    """Passes calls on, remembers them, and does to them what the faults say."""

    def __init__(self, upstream: str, session: aiohttp.ClientSession) -> None:
        self.upstream = upstream
        self.session = session
        self.port = ports.free()
        self.calls: list[Call] = []
        """Every call, the first one first."""
        self.watches: list[Watch] = []
        """Those that are open."""
        self.flowing = asyncio.Event()
        """Cleared: open watches stand still, and nothing is closed."""
        self.flowing.set()
        self._faults: list[Fault] = []
        # A call of a client that is gone must not go on here.
        self._server = web.Server(self._handle, handler_cancellation=True, access_log=None)
        self._runner = web.ServerRunner(self._server, shutdown_timeout=0.1)
        self._site: web.TCPSite | None = None

    @property
    def url(self) -> str:
        """Where clients find it."""
        return f"http://127.0.0.1:{self.port}"

    @contextlib.contextmanager
    def fault(self, act: Act, matching: Matching = everything, times: int | None = None) -> Iterator[Fault]:
        """Do this to the next `times` calls that match, for as long as the block lasts; the latest fault goes first."""
        made = Fault(act, matching, times)
        self._faults.insert(0, made)
        try:
            yield made
        finally:
            self._faults.remove(made)

    async def accept(self) -> None:
        """Be there."""
        if not self._runner.server:
            await self._runner.setup()
        self._site = web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True)
        await self._site.start()

    async def refuse(self) -> None:
        """Be gone: nobody listens any more, and every connection is reset."""
        assert self._site is not None
        await accepted()
        await self._site.stop()
        for handler in self._server.connections:
            if handler.transport is not None:
                handler.transport.abort()

    async def close(self) -> None:
        """End all."""
        self.flowing.set()
        await accepted()
        await self._runner.cleanup()

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        token = request.headers.get("Authorization", "").rpartition(" ")[2]
        call = Call(request.method, request.path, dict(request.query), token)
        self.calls.append(call)
        exchange = Exchange(call, self, request, await request.read())
        for fault in self._faults:
            if fault.wants(call):
                fault.hits.append(call)
                return await fault.act(exchange)
        return await exchange.forward()


async def accepted() -> None:
    """Wait until no connection is just being accepted: one whose server is closed meanwhile is never closed itself
    (CPython 3.11: `Server._attach` asserts, in a transport that nobody has yet), and its warning fails some test."""
    while any("_accept_connection2" in repr(task.get_coro()) for task in asyncio.all_tasks()):
        await asyncio.sleep(0)


@contextlib.asynccontextmanager
async def proxied(url: str, authority: str) -> AsyncIterator[Proxy]:
    """A proxy to the API server at `url`, whose certificate is in the file `authority`."""
    connector = aiohttp.TCPConnector(ssl=ssl.create_default_context(cafile=authority), limit=0)
    timeout = aiohttp.ClientTimeout(total=None)
    async with aiohttp.ClientSession(connector=connector, auto_decompress=False, timeout=timeout) as session:
        proxy = Proxy(url, session)
        await proxy.accept()
        try:
            yield proxy
        finally:
            await proxy.close()
