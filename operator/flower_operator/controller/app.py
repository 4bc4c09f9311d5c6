"""The composition root of the controller: builds everything, runs it, and takes it down in order."""

import asyncio
import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Coroutine, Iterable, Mapping
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
from kubernetes.aio.client import Configuration

from flower_operator import constants, fleetkey
from flower_operator.config import ControllerConfig
from flower_operator.exceptions import KubeError, LeadershipLost, StartError
from flower_operator.kinds import Kind
from flower_operator.kube import KubeApi, connect
from flower_operator.spec import Key

from . import preflight, rights, schema
from .bucket import Bucket
from .controller import Controller
from .election import Elector
from .metrics import Gauges, Metrics
from .serve import serve

logger = logging.getLogger(__name__)

SILENT_SECONDS = 60.0
"""An API server that was not heard for so long makes us unready, and kopf's loop that stood still so long, dead."""

DEAF_SECONDS = 600.0
"""A kopf that has asked the API server for nothing for so long is dead: each watch begins anew after five minutes."""

EXIT_SECONDS = 5.0
"""A process that lost the Lease is gone after so long, whatever still holds it."""


class App:
    """One replica."""

    def __init__(
        self, config: ControllerConfig, configuration: Configuration, on_lost: Callable[[], None] = lambda: None
    ) -> None:
        self._config = config
        self._on_lost = on_lost
        self._configuration = configuration
        self.metrics = Metrics()
        self._controller: Controller | None = None
        self._bucket = Bucket(config.api_rate, time.monotonic)

    async def run(self, stop: asyncio.Event) -> None:
        """Run until `stop`; raises what made us end otherwise."""
        async with AsyncExitStack() as stack:
            # Two clients, so that a burst of reconciles never makes the Lease wait for a connection.
            observe = self.metrics.observe_call
            lease_api = await stack.enter_async_context(connect(self._configuration, observe))
            self._elector = Elector(lease_api, self._config, time.monotonic)
            api = await stack.enter_async_context(connect(self._configuration, observe, self._before_write))
            watch_api = await stack.enter_async_context(connect(self._configuration, observe, connections=0))
            session = await stack.enter_async_context(aiohttp.ClientSession())
            await preflight.check_crd(lease_api)
            await rights.report_missing(lease_api, self._config)
            self.metrics.crd_fields_missing.set(len(await schema.report_missing(lease_api)))
            key = await self._fleet_key(lease_api)
            self.metrics.registry.register(self._gauges())
            serving = serve(self._config.address, self._config.port, self.metrics.registry, self._dead, self._unready)
            port = await stack.enter_async_context(serving)
            logger.info("%s serves probes and metrics on port %d", self._config.identity, port)
            stack.push_async_callback(self._elector.release)
            await self._bounded(stop, self._lead(stop, api, watch_api, session, key))

    async def _bounded(self, stop: asyncio.Event, work: Coroutine[Any, Any, None]) -> None:
        """Do the work, which ends soon after `stop`; cancel it when it does not."""
        working = asyncio.create_task(work, name="lead")
        stopping = asyncio.create_task(stop.wait(), name="stop")
        try:
            await asyncio.wait([working, stopping], return_when=asyncio.FIRST_COMPLETED)
            async with asyncio.timeout(EXIT_SECONDS):
                await working
        except TimeoutError:
            logger.warning("what was under way did not end in %.0f s", EXIT_SECONDS)
        finally:
            stopping.cancel()
            working.cancel()
            await asyncio.gather(working, stopping, return_exceptions=True)

    async def _lead(
        self, stop: asyncio.Event, api: KubeApi, watch_api: KubeApi, session: aiohttp.ClientSession, key: bytes
    ) -> None:
        """Wait for the Lease, then work for as long as we hold it."""
        if not await self._elector.acquire(stop):
            return
        self._controller = Controller(api, watch_api, session, self._configuration, self._config, key, self.metrics)
        done = asyncio.Event()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._renew(done), name="lease")
                await self._controller.run(stop)
                done.set()
        except BaseExceptionGroup as errors:
            raise _first(errors) from errors

    async def _renew(self, done: asyncio.Event) -> None:
        try:
            await self._elector.renew(done)
        except LeadershipLost as error:
            logger.error("not the leader any more: %s", error)
            self._on_lost()
            raise

    async def _before_write(self) -> None:
        """Wait for our share of writes, then make sure that nobody else leads by now."""
        await self._bucket.take()
        if not self._elector.leading:
            raise LeadershipLost("not the leader any more")

    async def _fleet_key(self, api: KubeApi) -> bytes:
        try:
            return (await fleetkey.get_or_create(api, self._config.operator_namespace)).key
        except KubeError as error:
            raise StartError(
                f"Secret {constants.FLEET_SECRET} in namespace {self._config.operator_namespace} can't be "
                f"read or made: {error}"
            ) from error

    def _gauges(self) -> Gauges:
        """Look into the controller where there is one; a standby has nothing to show."""

        def depth() -> int:
            return self._controller.queue.depth() if self._controller else 0

        def working() -> int:
            return self._controller.queue.working() if self._controller else 0

        def conditions() -> Mapping[Key, Iterable[tuple[str, str]]]:
            return self._controller.reconciler.conditions() if self._controller else {}

        def watches() -> Mapping[Kind, float]:
            return self._controller.signs.ages() if self._controller else {}

        return Gauges(lambda: self._elector.leading, depth, working, conditions, watches)

    def _dead(self) -> str | None:
        """Say why a restart would help; None when all is well."""
        if self._controller is None:
            return None
        still = time.monotonic() - self._controller.watcher.beat
        if still > SILENT_SECONDS:
            return f"kopf's event loop has stood still for {still:.0f} s"
        deaf = time.monotonic() - self._controller.watcher.tried
        return f"kopf has had no answer of the API server for {deaf:.0f} s" if deaf > DEAF_SECONDS else None

    def _unready(self) -> str | None:
        """Say why we can't do our work; leading is no part of it."""
        silent = time.monotonic() - self._elector.heard
        return None if silent < SILENT_SECONDS else "the API server does not answer"


def _first(errors: BaseExceptionGroup[BaseException]) -> BaseException:
    """Take the error that matters out of a group; groups may be nested."""
    error: BaseException = errors
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _exit_soon() -> None:
    """See that this process is gone in a moment, whatever hangs on its way down: it may not outlive its Lease."""
    timer = threading.Timer(EXIT_SECONDS, os._exit, args=(1,))
    timer.daemon = True
    timer.start()


async def run(config: ControllerConfig, configuration: Configuration) -> None:
    """Run one replica until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await App(config, configuration, _exit_soon).run(stop)
