"""A monitor's answer on its way to the one who asked, piece by piece as it comes."""

import asyncio
import logging
from collections.abc import Awaitable, Mapping

import aiohttp
from fastapi import Response
from starlette.types import Receive, Scope, Send
from typing_extensions import override

log = logging.getLogger(__name__)

STREAM_LIFE = 300.0
"""Seconds that a live stream lives: the browser connects again by itself, and what it may see is asked anew."""
ANSWER_LIFE = 120.0
"""Seconds that any other answer may take."""
MAX_ANSWER = 64 << 20
"""Bytes of any other answer; the largest of ours, a page of 1,000 tasks, has a few million."""


class Relay(Response):
    """Passes an answer on, unbuffered, until it ends, either side leaves, or the fleet stops.

    One that is cut off is left incomplete, so that nobody takes a half for the whole; a live stream just ends.
    """

    def __init__(self, upstream: aiohttp.ClientResponse, headers: Mapping[str, str], stop: asyncio.Event) -> None:
        super().__init__(None, upstream.status, headers)
        # Response counts the empty body that it was given.
        if "content-length" not in headers:
            del self.headers["content-length"]
        self._upstream = upstream
        self._stop = stop
        self._stream = upstream.content_type == "text/event-stream"

    @override
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            whole = await _first(self._pour(send), _left(receive), self._stopped())
            if whole or self._stream:
                await send({"type": "http.response.body", "body": b""})
        finally:
            self._upstream.close()

    async def _pour(self, send: Send) -> bool:
        """Pass it on; whether all of it was."""
        size = 0
        try:
            async with asyncio.timeout(STREAM_LIFE if self._stream else ANSWER_LIFE):
                async for piece in self._upstream.content.iter_any():
                    size += len(piece)
                    if size > MAX_ANSWER and not self._stream:
                        raise aiohttp.ClientPayloadError(f"more than {MAX_ANSWER} bytes")
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            if not self._stream:
                log.warning("%s: the answer was cut off: %s", self._upstream.url, str(error) or type(error).__name__)
            return False
        return True

    async def _stopped(self) -> bool:
        await self._stop.wait()
        return False


async def _left(receive: Receive) -> bool:
    while (await receive())["type"] != "http.disconnect":
        pass
    return False


async def _first(*work: Awaitable[bool]) -> bool:
    """What the first of some says; the others are cancelled."""
    tasks = [asyncio.ensure_future(one) for one in work]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return all(task.result() for task in done)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
