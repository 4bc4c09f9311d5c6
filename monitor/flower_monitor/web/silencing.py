"""Silences on their way into the store: web asks for them, ingest stores them a moment later, and then they hold."""

import asyncio
import time
from collections.abc import Callable
from http import HTTPStatus

from flower_monitor.letterbox import Post
from flower_monitor.silence import Change, Lifted, Silence, Silenced
from flower_monitor.store.reader import Reader
from flower_monitor.web.problems import Problem
from flower_monitor.web.store import RETRY_AFTER, StoreAccess

MOST = 200
"""Silences at a time: a person still reads them."""

PATIENCE = 5.0
"""Seconds that a request waits for ingest, which commits four times a second."""

LOOK_EVERY = 0.1
"""Seconds between two looks at the store meanwhile."""


class Silencing:
    """Makes and lifts silences.

    Args:
        store: Where they are read.
        post: The way to ingest, which alone writes them.
    """

    def __init__(self, store: StoreAccess, post: Post) -> None:
        self._store = store
        self._post = post

    async def current(self) -> list[Silence]:
        """Those that hold now."""
        return await self._store.read(Reader.silences)

    async def silence(self, wanted: Silence) -> bool:
        """Make one, or change it; whether it is stored by now.

        Raises:
            Problem: 409, there are too many; 503, ingest takes none.
        """
        others = [one for one in await self.current() if one.id != wanted.id]
        if len(others) >= MOST:
            detail = f"There are {MOST} silences already: lift one, or wait until one ends"
            raise Problem(HTTPStatus.CONFLICT, "too-many", detail)
        self._send(Silenced(wanted))
        return await self._until(lambda found: wanted in found)

    async def lift(self, group: str, at: float) -> bool:
        """End one before its time; whether that is stored by now.

        Raises:
            Problem: 503, ingest takes none.
        """
        self._send(Lifted(group, at))
        return await self._until(lambda found: all(one.id != group for one in found))

    def _send(self, change: Change) -> None:
        if not self._post.send([change]):
            detail = "It can't be stored: the ingest process takes no more. See the monitor's log, and try again"
            headers = {"Retry-After": str(RETRY_AFTER)}
            raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "store", detail, headers=headers)

    async def _until(self, holds: Callable[[list[Silence]], bool]) -> bool:
        """Wait for what the store should say; False: it does not say so in time."""
        deadline = time.monotonic() + PATIENCE
        while not holds(await self.current()):
            if time.monotonic() > deadline:
                return False
            await asyncio.sleep(LOOK_EVERY)
        return True
