"""How long a client may take until there is a request to answer: nobody has logged in by then."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from flower_operator.fleet import connection, serve
from tests.support.patience import PATIENCE

pytestmark = pytest.mark.anyio

LINE = b"GET /livez HTTP/1.1\r\nHost: x\r\n"
POST = b"POST /livez HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n"

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Slow:
    """An application that answers whatever is asked, at once but for `/slow`."""

    def __init__(self) -> None:
        self.asked, self.go_on = asyncio.Event(), asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/slow":
            self.asked.set()
            await self.go_on.wait()
        await PlainTextResponse("ok")(scope, receive, send)


@pytest.fixture
async def app() -> Slow:
    return Slow()


@pytest.fixture
async def fleet(app: Slow, monkeypatch: pytest.MonkeyPatch) -> serve.Server:
    """The fleet's own server with that application."""
    monkeypatch.setattr(serve, "create_app", lambda _fleet: app)
    return serve.Server(None)  # type: ignore[arg-type]  # the parts are the application's


@pytest.fixture
async def port(fleet: serve.Server) -> AsyncIterator[int]:
    with serve.listen("127.0.0.1", 0) as listener:
        running = asyncio.create_task(fleet.serve(sockets=[listener]))
        yield listener.getsockname()[1]
        fleet.should_exit = True
        await running


async def answer(streams: Streams) -> bytes:
    """Everything until the fleet hangs up."""
    said = b""
    # What it had not read yet when it hung up makes a reset of it.
    with suppress(ConnectionResetError):
        async with asyncio.timeout(PATIENCE):
            while piece := await streams[0].read(1 << 16):
                said += piece
    streams[1].close()
    return said


@pytest.mark.parametrize("sent", [b"", LINE], ids=["nothing", "half a request"])
async def test_who_does_not_come_to_an_end_is_told_why_it_is_hung_up_on(
    port: int, sent: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "HEAD_WITHIN", 0.1)
    streams = await asyncio.open_connection("127.0.0.1", port)
    streams[1].write(sent)
    assert (await answer(streams)).startswith(b"HTTP/1.1 408 Request Timeout\r\n")


@pytest.mark.parametrize(
    ("first", "then"),
    [(LINE + b"\r\n", LINE), (POST, b"x")],
    ids=["half of the next one", "a body that an answered request has"],
)
async def test_who_has_been_answered_and_comes_to_no_end_is_hung_up_on(
    port: int, first: bytes, then: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    streams = await asyncio.open_connection("127.0.0.1", port)
    streams[1].write(first)
    async with asyncio.timeout(PATIENCE):
        await streams[0].readuntil(b"ok")
    monkeypatch.setattr(connection, "HEAD_WITHIN", 0.1)
    streams[1].write(then)
    assert await answer(streams) == b""


async def test_an_answer_may_take_as_long_as_it_likes(port: int, app: Slow, fleet: serve.Server) -> None:
    """What is bounded is the client's time, not the fleet's: a live stream lives for minutes."""
    streams = await asyncio.open_connection("127.0.0.1", port)
    streams[1].write(b"GET /slow HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    async with asyncio.timeout(PATIENCE):
        await app.asked.wait()
    assert [opened.overdue for opened in fleet.server_state.connections] == [None]  # type: ignore[union-attr]
    app.go_on.set()
    assert (await answer(streams)).endswith(b"ok")
