"""Looks for a task or a worker at all monitors at once, until a deadline."""

import asyncio
import re
import time
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import quote, urlencode

import msgspec

from flower_operator.fleet.fetch import Fetch, FetchError, Target
from flower_operator.fleet.found import FoundAt, FoundTask, FoundWorker, SearchResult, Unanswered
from flower_operator.fleet.identity import Identity
from flower_operator.fleet.monitors import Monitor
from flower_operator.fleet.rights import Role
from flower_operator.fleet.sight import Sight
from flower_operator.fleet.vouch import HEADER, Voucher
from flower_operator.untrusted import decode

MAX_FOUND = 10
"""Tasks, and workers, of one monitor that are shown; who wants more searches in that monitor."""
CONCURRENCY = 50
"""Monitors asked at a time, over all searches: each may scan its store for some tenths of a second."""
MAX_SECONDS = 10.0
"""Longest deadline. What the monitors are told of who asks holds for a minute."""

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""As Celery writes ids. One in capitals, as some logs have it, is searched for as a text, whose case does not count."""

T = TypeVar("T")


class _Tasks(msgspec.Struct):
    items: list[FoundTask]
    next_cursor: str | None = None


class _Workers(msgspec.Struct):
    items: list[FoundWorker]


class Searcher:
    """Asks the monitors of one cluster in the name of the one who looks, who need not be more than a viewer.

    Args:
        sight: Which monitors somebody sees.
        voucher: Says to a monitor who asks.
        address_of: Where a monitor is.
        fetch: Asks, and has more patience than any search.
    """

    def __init__(self, sight: Sight, voucher: Voucher, address_of: Callable[[Monitor], str], fetch: Fetch) -> None:
        self._sight = sight
        self._voucher = voucher
        self._address_of = address_of
        self._fetch = fetch
        self._slots = asyncio.Semaphore(CONCURRENCY)

    async def search(self, who: Identity, text: str, seconds: float) -> SearchResult:
        """What is found within so many seconds, and who did not answer."""
        started = time.monotonic()
        places = [(FoundAt(*e.monitor.key, cluster=e.cluster), e.monitor) for e in await self._sight.seen(who)]
        asked = [
            (found, asyncio.create_task(self._look(who, found, monitor, text), name=f"search {monitor.key}"))
            for found, monitor in places
            if not monitor.suspended
        ]
        await _until([task for _, task in asked], seconds)
        silent = [_unanswered(found, "It is suspended.") for found, monitor in places if monitor.suspended]
        for found, task in asked:
            reason = f"It has not answered within {seconds:g} s." if task.cancelled() else task.result()
            if reason is not None:
                found.more = True
                silent.append(_unanswered(found, reason))
        return SearchResult(
            query=text,
            items=[found for found, _ in asked if found.tasks or found.workers],
            unanswered=sorted(silent, key=lambda one: (one.namespace, one.name)),
            asked=len(asked),
            seconds=round(time.monotonic() - started, 3),
        )

    async def _look(self, who: Identity, found: FoundAt, monitor: Monitor, text: str) -> str | None:
        """Fill in what one monitor has; why it has not answered, None when it has."""
        address = self._address_of(monitor)
        try:
            async with self._slots:
                headers = {HEADER: await self._voucher.header(who, Role.VIEWER, monitor.key)}
                if _UUID.fullmatch(text):
                    await self._by_id(found, address, headers, text)
                else:
                    await self._by_text(found, address, headers, text)
        except FetchError as error:
            return str(error)
        except msgspec.MsgspecError as error:
            return f"{address} answered what can't be read: {error}."
        return None

    async def _by_id(self, found: FoundAt, address: str, headers: dict[str, str], uuid: str) -> None:
        """One look-up instead of a search."""
        try:
            found.tasks = [await self._get(f"{address}/api/v1/tasks/{quote(uuid)}", headers, FoundTask)]
        except FetchError as error:
            if error.status != 404:
                raise

    async def _by_text(self, found: FoundAt, address: str, headers: dict[str, str], text: str) -> None:
        workers = await self._get(f"{address}/api/v1/workers", headers, _Workers)
        fitting = [worker for worker in workers.items if text.lower() in worker.hostname.lower()]
        found.workers, found.more = fitting[:MAX_FOUND], len(fitting) > MAX_FOUND
        # A page is short where the monitor's own time for a search is over; it goes on after the cursor.
        wanted: dict[str, str | int] = {"search": text, "limit": MAX_FOUND}
        while len(found.tasks) < MAX_FOUND:
            page = await self._get(f"{address}/api/v1/tasks?{urlencode(wanted)}", headers, _Tasks)
            found.tasks = [*found.tasks, *page.items]
            if page.next_cursor is None:
                return
            wanted["cursor"] = page.next_cursor
        found.tasks, found.more = found.tasks[:MAX_FOUND], True

    async def _get(self, url: str, headers: dict[str, str], kind: type[T]) -> T:
        return decode(await self._fetch(Target(url, headers)), kind)


def _unanswered(found: FoundAt, reason: str) -> Unanswered:
    return Unanswered(found.namespace, found.name, reason, found.cluster)


async def _until(tasks: list[asyncio.Task[str | None]], seconds: float) -> None:
    """Wait for tasks until a deadline, and cancel those that are not done."""
    try:
        if tasks:
            await asyncio.wait(tasks, timeout=seconds)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
