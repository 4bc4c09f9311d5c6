"""Heartbeats and departures of an open stream, without a socket."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from starlette.types import Message

from flower_monitor.web.feed import Feed
from flower_monitor.web.look import Observer
from flower_monitor.web.sse import EventStream
from flower_monitor.web.store import StoreAccess
from flower_monitor.web.summary import Identity
from tests.monitor.web.stores import StoreFile
from tests.support.patience import PATIENCE

pytestmark = pytest.mark.anyio


@pytest.fixture
async def feed(store: StoreFile) -> AsyncIterator[Feed]:
    access = StoreAccess(store.path, 1, "test")
    yield Feed(access, Observer(Identity("m", None, 0.0), tuple))
    access.close()


class Wire:
    """Stands where the server would."""

    def __init__(self) -> None:
        self.sent: asyncio.Queue[Message] = asyncio.Queue()
        self.left = asyncio.Event()

    async def receive(self) -> Message:
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        self.sent.put_nowait(message)

    async def body(self) -> bytes:
        async with asyncio.timeout(PATIENCE):
            message = await self.sent.get()
        return bytes(message.get("body", b""))


async def test_silence_is_filled_with_comments(feed: Feed) -> None:
    wire = Wire()
    stream = asyncio.create_task(EventStream(feed, ["tasks"], None, heartbeat=0.05)({}, wire.receive, wire.send))
    start, first, second = await wire.body(), await wire.body(), await wire.body()
    wire.left.set()
    await stream

    assert start == b""
    assert first.startswith(b"retry: 2000\n\nid: 0\nevent: tasks\n")
    assert second == b": heartbeat\n\n"


async def test_a_client_that_leaves_is_forgotten_at_once(feed: Feed) -> None:
    wire = Wire()
    stream = asyncio.create_task(EventStream(feed, ["tasks"], None)({}, wire.receive, wire.send))
    await wire.body()
    assert feed.listeners == 1
    wire.left.set()
    await stream

    assert feed.listeners == 0


async def test_closing_the_feed_ends_the_stream(feed: Feed) -> None:
    wire = Wire()
    stream = asyncio.create_task(EventStream(feed, ["tasks"], None)({}, wire.receive, wire.send))
    await wire.body()
    feed.close()
    async with asyncio.timeout(PATIENCE):
        await stream

    assert [message.get("more_body") for message in wire.sent._queue][-1] is None  # type: ignore[attr-defined]
