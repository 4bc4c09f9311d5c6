"""What the leader does: the watches, the queue, its workers and the poller, joined."""

import asyncio
import logging
import random
import time
from collections.abc import Coroutine, Iterator
from functools import partial
from typing import Any

import aiohttp
from kubernetes.aio.client import Configuration

from flower_operator.config import ControllerConfig
from flower_operator.exceptions import KubeError, LeadershipLost
from flower_operator.kinds import FLOWER_MONITOR, Kind
from flower_operator.kube import KubeApi
from flower_operator.logs import Keyed
from flower_operator.spec import Key

from . import preflight
from .children import CHILDREN, ChildWatch
from .costs import DeletionCosts
from .inventory import Inventory
from .metrics import Metrics
from .poll import HttpAsk, Poller
from .queue import WorkQueue
from .reconcile import Reconciler
from .signs import Signs
from .watch import Watcher

logger = logging.getLogger(__name__)


class Controller:
    """Everything that runs only while we lead."""

    def __init__(
        self,
        api: KubeApi,
        watch_api: KubeApi,
        session: aiohttp.ClientSession,
        configuration: Configuration,
        config: ControllerConfig,
        fleet_key: bytes,
        metrics: Metrics,
    ) -> None:
        """`watch_api`: another client, as each watch keeps a connection for itself."""
        rng = random.Random()  # noqa: S311 - jitter, no secret
        self.queue: WorkQueue[Key] = WorkQueue(time.monotonic, rng)
        polls: WorkQueue[Key] = WorkQueue(time.monotonic, rng)
        self._poller = Poller(HttpAsk(session), polls, config.poll_interval, self.queue.add)
        self._inventory = Inventory(api, config.namespaces)
        costs = DeletionCosts(api, time.monotonic, metrics.count_cost)
        self.reconciler = Reconciler(
            api, config, fleet_key, self._poller, self._inventory, costs, metrics.status_writes.inc
        )
        spaces = config.namespaces or (None,)
        sources = [(kind, namespace) for kind in CHILDREN for namespace in spaces]
        self.signs = Signs([*sources, *((FLOWER_MONITOR, namespace) for namespace in spaces)], time.monotonic)
        self.watcher = Watcher(
            configuration,
            config.namespaces,
            self._cross,
            partial(preflight.check_crd, api),
            self._watch_failed,
            self.signs,
        )
        self._children = [
            ChildWatch(watch_api, one, self._inventory, self._heard, self._watch_failed, self.signs) for one in sources
        ]
        self._metrics = metrics
        self._age = config.age
        self._workers = config.workers
        self._loop = asyncio.get_running_loop()

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop`, then finish what is under way. Raises when something that must live has died."""
        async with asyncio.TaskGroup() as group:
            watches = [group.create_task(run, name="watch") for run in self._watches()]
            group.create_task(self._poller.run(), name="poll")
            for number in range(self._workers):
                group.create_task(self._work(), name=f"reconcile-{number}")
            await stop.wait()
            for watch in watches:
                watch.cancel()
            self._poller.close()
            self.queue.close()

    def _watches(self) -> Iterator[Coroutine[Any, Any, None]]:
        """Everything that hears of changes, or looks for what nobody hears of."""
        yield self.watcher.run()
        yield from (child.run() for child in self._children)
        yield self._inventory.run(lambda: len(self.reconciler.conditions()), self._age)

    def _cross(self, *heard: *tuple[Key, float | None, Kind, str, str | None]) -> None:
        """Cross from kopf's thread to ours: this line alone does."""
        self._loop.call_soon_threadsafe(self._heard, *heard)

    def _heard(self, key: Key, delay: float | None, kind: Kind, name: str, version: str | None) -> None:
        self._inventory.listed.tell(key, (kind, name), version)
        if delay is not None:
            self._metrics.events.labels(kind.kind).inc()
            self.queue.add(key, delay)

    def _watch_failed(self) -> None:
        """Count it; what was listed may have changed unheard."""
        self._metrics.watch_failures.inc()
        self._inventory.listed.distrust()

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
