"""What the leader does: the watch, the queue, its workers and the poller, joined."""

import asyncio
import logging
import random
import time
from functools import partial

import aiohttp
from kubernetes.aio.client import Configuration

from flower_operator.config import ControllerConfig
from flower_operator.exceptions import KubeError, LeadershipLost
from flower_operator.kube import KubeApi
from flower_operator.logs import Keyed
from flower_operator.spec import Key

from . import preflight
from .metrics import Metrics
from .poll import HttpAsk, Poller
from .queue import WorkQueue
from .reconcile import Reconciler
from .watch import Watcher

logger = logging.getLogger(__name__)


class Controller:
    """Everything that runs only while we lead."""

    def __init__(
        self,
        api: KubeApi,
        session: aiohttp.ClientSession,
        configuration: Configuration,
        config: ControllerConfig,
        fleet_key: bytes,
        metrics: Metrics,
    ) -> None:
        rng = random.Random()  # noqa: S311 - jitter, no secret
        self.queue: WorkQueue[Key] = WorkQueue(time.monotonic, rng)
        polls: WorkQueue[Key] = WorkQueue(time.monotonic, rng)
        self._poller = Poller(HttpAsk(session), polls, config.poll_interval, self.queue.add)
        self.reconciler = Reconciler(api, config, fleet_key, self._poller, metrics.status_writes.inc)
        self.watcher = Watcher(
            configuration, config.namespaces, self._wake, partial(preflight.check_crd, api), metrics.watch_failures.inc
        )
        self._metrics = metrics
        self._workers = config.workers
        self._loop = asyncio.get_running_loop()

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop`, then finish what is under way. Raises when something that must live has died."""
        async with asyncio.TaskGroup() as group:
            watch = group.create_task(self.watcher.run(), name="watch")
            group.create_task(self._poller.run(), name="poll")
            for number in range(self._workers):
                group.create_task(self._work(), name=f"reconcile-{number}")
            await stop.wait()
            watch.cancel()
            self._poller.close()
            self.queue.close()

    def _wake(self, key: Key, delay: float, kind: str) -> None:
        """Cross from kopf's thread to ours: this line alone does."""
        self._loop.call_soon_threadsafe(self._woken, key, delay, kind)

    def _woken(self, key: Key, delay: float, kind: str) -> None:
        self._metrics.events.labels(kind).inc()
        self.queue.add(key, delay)

    async def _work(self) -> None:
        while (key := await self.queue.take()) is not None:
            try:
                with self._metrics.durations.time():
                    result = await self._reconcile(key)
                self._metrics.reconciles.labels(result).inc()
            finally:
                self.queue.done(key)

    async def _reconcile(self, key: Key) -> str:
        """Reconcile, and see that the key comes back."""
        log = Keyed(logger, key)
        try:
            again = await self.reconciler.reconcile(key)
        except LeadershipLost:
            raise
        except KubeError as error:
            log.warning("reconcile failed, again in %.0f s: %s", self.queue.retry(key), error)
            return "retry"
        except Exception:
            # A defect, or an object that nobody thought of: it must not stop the other FlowerMonitors.
            log.exception("reconcile failed, again in %.0f s", self.queue.retry(key))
            return "error"
        self.queue.succeeded(key)
        if again is not None:
            self.queue.add(key, again)
        return "ok"
