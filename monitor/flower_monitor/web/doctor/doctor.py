"""The doctor: looks at everything when somebody asks, once for all who ask meanwhile."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

from flower_monitor.config import Config
from flower_monitor.store.records import Notice
from flower_monitor.web import missing
from flower_monitor.web.doctor import access, arriving, asking, storage, waiting, workers
from flower_monitor.web.doctor.asking import Asking
from flower_monitor.web.doctor.check import Check, Report, Subject, dated, report
from flower_monitor.web.doctor.facts import Facts, gather
from flower_monitor.web.login import Login
from flower_monitor.web.problems import Problem
from flower_monitor.web.store import StoreAccess

FRESH = 1.0
"""Seconds for which what was found is good for others who ask."""

NOT_READABLE = "See the monitor's log; a store of another version, or one that can't be read, is named there."

SAID = frozenset({"queue-full", "store-replaced", "store-read-only", "store-disk-full"}).union(
    ("events-disabled", "events-enabled", "events-missed")
)
"""Codes of the notices that are part of a check; each other warning is a check of its own."""

ORDER = [
    subject.id
    for subject in (
        *(arriving.BROKER, arriving.INGEST, arriving.EVENTS, workers.WORKERS, waiting.QUEUES, workers.SENDING),
        *(workers.SEEN, arriving.LAG, workers.CLOCKS, asking.COMMANDS),
        *(arriving.QUEUE, asking.MANAGEMENT, asking.RESULTS),
        *(storage.STORE, storage.VOLUME, storage.RETENTION, access.LOGIN, access.SESSIONS),
    )
]
"""Of checks that are as bad: what keeps most from being seen first. Notices come last."""


class Doctor:
    """Looks at everything between a worker's event and a page.

    Args:
        config: The monitor's settings.
        store: Knows what events told.
        asker: Asks those who are not in the store.
        login: Knows who may come in.
        notices: What this process has to say of workers' events.
        clock: Epoch seconds.
        limit: Seconds that one check may take; None: `asking.LIMIT`.
    """

    def __init__(
        self,
        config: Config,
        store: StoreAccess,
        asker: Asking,
        login: Login,
        notices: Callable[[], Sequence[Notice]],
        clock: Callable[[], float] = time.time,
        limit: float | None = None,
    ) -> None:
        self._config = config
        self._store = store
        self._asker = asker
        self._login = login
        self._notices = notices
        self._clock = clock
        # Who lets workers take long to answer wants to know whether they do.
        self._limit = (asking.LIMIT if limit is None else limit) + config.inspect_timeout
        self._before: dict[str, Check] = {}
        self._kept: Report | None = None
        self._running: asyncio.Task[Report] | None = None

    async def report(self) -> Report:
        """What there is to say now; the last one while it is fresh."""
        if self._kept is not None and 0 <= self._clock() - self._kept.at < FRESH:
            return self._kept
        if self._running is None:
            self._running = asyncio.create_task(self._look(), name="doctor")
            self._running.add_done_callback(self._done)
        # One who leaves must not take the answer away from the others.
        return await asyncio.shield(self._running)

    def _done(self, task: asyncio.Task[Report]) -> None:
        self._running = None
        if not task.cancelled():
            task.exception()  # whoever waited has it; all of them may have left

    async def _look(self) -> Report:
        found = await self._checks()
        now = self._clock()
        checks = dated(found, self._before, now)
        self._before = {check.id: check for check in checks}
        self._kept = report(sorted(checks, key=_place), now)
        return self._kept

    async def _checks(self) -> list[Check]:
        """All, at the same time where they wait for others."""
        try:
            async with asyncio.timeout(self._limit):
                facts = await self._store.read(gather(self._config, self._notices(), self._clock))
                volume = await asyncio.to_thread(storage.volume_of, self._config.store)
        except (Problem, TimeoutError, OSError) as error:
            return [_unreadable(error, self._limit), *await self._others(None)]
        return [
            *arriving.checks(facts),
            *await self._others(facts),
            *workers.checks(facts),
            *storage.checks(facts, volume),
            *noticed(facts),
        ]

    async def _others(self, facts: Facts | None) -> list[Check]:
        """Those that ask, and of who gets in."""
        asked = [
            self._limited(asking.COMMANDS, asking.COMMANDS_FIX, self._asker.commands),
            self._limited(asking.RESULTS, asking.RESULTS_FIX, self._asker.results),
        ]
        if facts is not None:
            asked += [
                self._limited(workers.WORKERS, asking.WORKERS_FIX, lambda: self._asker.workers(facts)),
                self._limited(waiting.QUEUES, asking.BROKER_FIX, self._asker.waiting),
                self._limited(asking.MANAGEMENT, asking.MANAGEMENT_FIX, lambda: self._asker.management(facts)),
            ]
        return [*await asyncio.gather(*asked), *access.checks(self._config, self._login.known())]

    def _limited(self, subject: Subject, fix: str, work: Callable[[], Awaitable[Check]]) -> Awaitable[Check]:
        return asking.limited(subject, fix, work, self._limit)


def _place(check: Check) -> int:
    return ORDER.index(check.id) if check.id in ORDER else len(ORDER)


def noticed(facts: Facts) -> list[Check]:
    """What the monitor warns of beside: the summary's other notices."""
    notices = [*facts.summary.notices, *missing.notices(facts.summary), *facts.notices]
    return [
        Subject(notice.code, notice.code.replace("-", " ").capitalize()).warning(notice.message, notice.fix)
        for notice in notices
        if notice.severity == "warning" and notice.code not in SAID
    ]


def _unreadable(error: Exception, limit: float) -> Check:
    match error:
        case Problem():
            return storage.STORE.failed(error.detail, NOT_READABLE)
        case TimeoutError():
            return storage.STORE.failed(f"It was not read within {limit:.0f} s.", "See whether its volume is slow.")
        case _:
            return storage.STORE.failed(f"Its volume can't be looked at: {error}.", NOT_READABLE)
