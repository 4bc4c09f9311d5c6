"""An open server-sent event stream, as an ASGI response of its own.

Starlette's `StreamingResponse` can't tell a reader that is slow from one that is gone. Here the writer
waits for the socket and for nothing else: meanwhile the subscriber merges what comes.
"""

import asyncio
from collections.abc import Collection, Coroutine, Iterable
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from typing_extensions import override

from flower_monitor.web.deltas import Delta
from flower_monitor.web.feed import Feed
from flower_monitor.web.gate import HEAD_REQUEST
from flower_monitor.web.subscriber import Subscriber

HEARTBEAT = 15.0
"""Seconds of silence after which a comment is sent: proxies cut connections that are silent for 30 to 60."""

OPENING = b"retry: 2000\n\n"
"""Tells a browser to connect again after 2 s, instead of its default of 3 to 5."""

HEADERS = {
    "Cache-Control": "no-store",
    # nginx would collect 4 kB before it passes anything on.
    "X-Accel-Buffering": "no",
}


class EventStream(Response):
    """Sends what is there now, then what changes, until either side ends it.

    Args:
        feed: Where changes come from.
        topics: What was asked for.
        since: The commit after which to go on; None: from now.
        heartbeat: Seconds of silence before a comment.
    """

    media_type = "text/event-stream"

    def __init__(self, feed: Feed, topics: Collection[str], since: int | None, heartbeat: float = HEARTBEAT) -> None:
        super().__init__(headers=HEADERS)
        del self.headers["content-length"]
        self._feed = feed
        self._topics = topics
        self._since = since
        self._heartbeat = heartbeat

    @override
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Subscribed before the snapshot is read, so nothing falls in between; read before the answer is
        # begun, so that a store that can't be read is an honest 503.
        with self._feed.subscribe(self._topics) as subscriber:
            batch, deltas = await self._feed.snapshot(self._topics, self._since)
            subscriber.forget_until(batch)
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            if not scope.get(HEAD_REQUEST):
                await _until_either_ends(self._write(send, deltas, subscriber), receive)
            await send({"type": "http.response.body", "body": b""})

    async def _write(self, send: Send, deltas: list[Delta], subscriber: Subscriber) -> None:
        """Write what is there, then what comes, until the feed is closed."""
        await _send(send, OPENING + _frames(deltas))
        while (news := await subscriber.take(self._heartbeat)) is not None:
            await _send(send, _frames(news) or b": heartbeat\n\n")


def _frames(deltas: Iterable[Delta]) -> bytes:
    return b"".join(delta.frame for delta in deltas)


async def _send(send: Send, data: bytes) -> None:
    await send({"type": "http.response.body", "body": data, "more_body": True})


async def _until_either_ends(write: Coroutine[Any, Any, None], receive: Receive) -> None:
    """Wait for the end of the writing, or for the client to leave."""
    writing = asyncio.ensure_future(write)
    leaving = asyncio.ensure_future(_wait_for_disconnect(receive))
    try:
        await asyncio.wait({writing, leaving}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        leaving.cancel()
        writing.cancel()
        results = await asyncio.gather(writing, leaving, return_exceptions=True)
    if isinstance(results[0], Exception):
        raise results[0]


async def _wait_for_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
