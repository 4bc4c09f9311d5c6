"""Hears of changes of FlowerMonitors. kopf watches and logs in; all that a change does here is to wake a key.

kopf runs in an event loop and thread of its own: when it ends it cancels every task of its loop, and a burst of
events must not delay the Lease or the probes. Only `on.event` is used: no finalizer, no annotation, no index (its
start is quadratic), no timer, no daemon, and no `worker_limit` (it counts objects, not work).
"""

import asyncio
import contextlib
import logging
import random
import selectors
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import kopf
from kubernetes.aio.client import Configuration

from flower_operator import constants
from flower_operator.exceptions import OperatorError
from flower_operator.kinds import FLOWER_MONITOR
from flower_operator.spec import Key, is_paused, rotation_of

from . import kopf_run, login
from .children import Heard
from .schedule import FIRST, backoff
from .signs import Signs

logger = logging.getLogger(__name__)

BEAT = 5.0
"""Seconds between two signs of life of kopf's event loop."""

STOP_SECONDS = 5.0
"""Seconds for kopf to end its streams."""

PAUSE_LAST = 30.0
"""Seconds until kopf is started again, at most: as long as a new FlowerMonitor may go unseen after a fault is over."""


class Watcher:
    """Runs kopf, and again when it ends.

    kopf ends for good when a list or watch is answered with what it does not expect: 404 while the CRD is away, 403 for
    half a minute (as long as a watched namespace is gone), a broken line.
    Were the process to end with it, one namespace would stop the work on all others; the reconciles go on meanwhile.
    """

    def __init__(
        self,
        configuration: Configuration,
        namespaces: tuple[str, ...],
        heard: Heard,
        check: Callable[[], Awaitable[None]],
        failed: Callable[[], None],
        signs: Signs,
    ) -> None:
        self._configuration = configuration
        self._namespaces = namespaces
        self._heard = heard
        self._check = check
        self._failed = failed
        self._signs = signs
        self._rng = random.Random()  # noqa: S311 - jitter, no secret
        self._generations: dict[Key, tuple[Any, ...]] = {}
        self.beat = time.monotonic()
        """When kopf's event loop last turned, by the monotonic clock."""
        self.tried = time.monotonic()
        """When the API server last answered kopf, whatever it said, or kopf was started."""

    async def run(self) -> None:
        """Watch until cancelled."""
        failures = 0
        while True:
            started = self.tried = time.monotonic()
            try:
                # kopf looks for its kinds once: started while the CRD is away it would hear nothing for ever.
                await self._check()
                await self._watch()
            except OperatorError as error:
                failures = 0 if time.monotonic() - started > 2 * PAUSE_LAST else failures + 1
                pause = min(PAUSE_LAST, backoff(failures, self._rng))
                logger.error("the watch has ended, it begins anew in %.0f s: %s", pause, error)
                self._failed()
                await asyncio.sleep(pause)

    async def _watch(self) -> None:
        """Run kopf once. What it lists first wakes every key again, so that nothing is missed."""
        self._generations.clear()
        loop = asyncio.get_running_loop()
        ended: asyncio.Future[None] = loop.create_future()
        started: asyncio.Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = loop.create_future()
        thread = threading.Thread(target=self._thread, args=(loop, started, ended), name="kopf", daemon=True)
        thread.start()
        kopf_loop, stop = await started
        try:
            await asyncio.shield(ended)
            raise OperatorError("kopf gives no reason")
        finally:
            if not ended.done():
                kopf_loop.call_soon_threadsafe(stop.set)
                await asyncio.wait([ended], timeout=STOP_SECONDS)

    def _thread(
        self,
        outer: asyncio.AbstractEventLoop,
        started: "asyncio.Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]]",
        ended: "asyncio.Future[None]",
    ) -> None:
        selector = selectors.DefaultSelector()
        logins = login.Logins(self._configuration, self._answered)

        async def main() -> None:
            stop = asyncio.Event()
            outer.call_soon_threadsafe(started.set_result, (asyncio.get_running_loop(), stop))
            self._pulse(asyncio.get_running_loop())
            try:
                await kopf_run.run(self._registry(logins), settings(), self._namespaces, stop)
            finally:
                await logins.close()
                await kopf_run.sockets_closed(selector)

        try:
            with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(selector)) as runner:
                runner.run(main())
        except BaseException as error:
            # Whatever ended this thread, the other loop raises it: it must never wait for a thread that is gone.
            _finish(outer, ended, error)
        else:
            _finish(outer, ended, None)

    def _pulse(self, loop: asyncio.AbstractEventLoop) -> None:
        self.beat = time.monotonic()
        loop.call_later(BEAT, self._pulse, loop)

    def _answered(self, path: str, status: int) -> None:
        """Called in kopf's thread."""
        self.tried = time.monotonic()
        if status < 300:
            self._signs.answered(path)

    def _registry(self, logins: login.Logins) -> kopf.OperatorRegistry:
        """Register the handlers, in a registry of our own: nothing happens at import."""
        registry = kopf.OperatorRegistry()

        async def log_in(**_: Any) -> kopf.AiohttpSession:
            return await logins.log_in()

        kopf.on.login(registry=registry)(log_in)
        kopf.on.event(constants.GROUP, constants.VERSION, constants.PLURAL, registry=registry)(self._monitor_changed)
        return registry

    async def _monitor_changed(self, event: Any, **_: Any) -> None:
        """Wake the key, unless only the status changed: that was us. Called in kopf's thread.

        What a person just did goes before all that is only looked at, as after a start, whose list has no event types.
        """
        meta = event["object"]["metadata"]
        key = Key(meta["namespace"], meta["name"])
        self._signs.heard((FLOWER_MONITOR, key.namespace if self._namespaces else None))
        gone = event["type"] == "DELETED"
        delay: float | None = FIRST if event["type"] else 0.0
        if gone:
            self._generations.pop(key, None)
        elif not self._asks(key, meta, listed=event["type"] != "MODIFIED"):
            delay = None
        self._heard(key, delay, FLOWER_MONITOR, key.name, None if gone else meta["resourceVersion"])

    def _asks(self, key: Key, meta: Any, listed: bool) -> bool:
        """Whether there is anything to do that we have not been asked for before."""
        asked = is_paused(meta), rotation_of(meta)
        seen = (meta["uid"], meta.get("generation"), meta.get("deletionTimestamp"), *asked)
        same = self._generations.get(key) == seen
        self._generations[key] = seen
        return listed or not same


def _finish(outer: asyncio.AbstractEventLoop, ended: "asyncio.Future[None]", error: BaseException | None) -> None:
    def finish() -> None:
        if error is None:
            ended.set_result(None)
        else:
            ended.set_exception(OperatorError(f"{type(error).__name__}: {error.args[0] if error.args else ''}"))

    # A loop that is closed belongs to one who has given up waiting, after STOP_SECONDS.
    with contextlib.suppress(RuntimeError):
        outer.call_soon_threadsafe(finish)


class _Backoffs:
    """Delays between attempts of kopf's API calls, other ones each time, so that replicas do not march in step."""

    def __iter__(self) -> Iterator[float]:
        return iter([step * random.uniform(0.75, 1.25) for step in (1, 1, 2, 3, 5, 8, 13)])  # noqa: S311 - no secret


def settings() -> kopf.OperatorSettings:
    """Settings of kopf, each with the reason where it is not the default."""
    made = kopf.OperatorSettings()
    # Listing and watching all CRDs and namespaces needs rights and memory; we know what we watch.
    made.scanning.disabled = True
    # Peak memory of the first list.
    made.watching.chunk_size = 500
    # Belt and braces beside kopf's own 70 s without a bookmark.
    made.watching.server_timeout = 300
    made.watching.client_timeout = 310
    # A handshake is else unbounded.
    made.watching.connect_timeout = 10
    made.networking.connect_timeout = 10
    # One stuck call would hold up its object for five minutes.
    made.networking.request_timeout = 30
    made.networking.error_backoffs = _Backoffs()
    # An idle worker is only memory.
    made.queueing.idle_timeout = 1
    # Ten minutes of deafness to one object after a fault would be a support ticket.
    made.queueing.error_delays = [1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 60]
    # Never used, as there is nothing that sets a finalizer; if it ever were, not by kopf's shared name.
    made.persistence.finalizer = f"{constants.GROUP}/operator"
    # We post Events ourselves, on change only; kopf would post one for each log line.
    made.posting.enabled = False
    # The process ends by itself; kopf must not kill it.
    made.process.ultimate_exiting_timeout = None
    return made
