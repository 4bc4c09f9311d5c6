"""One leader among the replicas, by a Lease.

The client library has an elector, which writes local times as UTC, never releases, and waits five minutes for a stuck
API server; hence this one. Times of others are never trusted: a Lease has expired when *we* have seen it unchanged for
as long as it lasts, by our monotonic clock.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from flower_operator import constants
from flower_operator.config import ControllerConfig
from flower_operator.exceptions import Conflict, KubeError, LeadershipLost
from flower_operator.kinds import LEASE, Manifest
from flower_operator.kube import KubeApi

logger = logging.getLogger(__name__)

ATTEMPT_SECONDS = 5.0
"""Longest time for one read and write of the Lease: half of what a leader has until it must give up."""


@dataclass(frozen=True)
class Sighting:
    """A state of the Lease, and when we first saw it."""

    version: str
    """resourceVersion: changes with every renewal."""
    at: float


class Elector:
    """Takes, renews and releases the Lease."""

    def __init__(self, api: KubeApi, config: ControllerConfig, clock: Callable[[], float]) -> None:
        self._api = api
        self._config = config
        self._clock = clock
        self._seen: Sighting | None = None
        self._held: Manifest | None = None
        self._renewed = float("-inf")
        self._holder = ""
        self.heard = float("-inf")
        """When (by the clock) the API server last answered; for /readyz."""

    @property
    def leading(self) -> bool:
        """Whether we hold the Lease and nobody else can have taken it. Asked before every write."""
        return self._held is not None and self._clock() < self._renewed + self._config.renew_seconds

    async def acquire(self, stop: asyncio.Event) -> bool:
        """Wait until we lead; False when `stop` came first."""
        while not await self._attempt():
            if await self._pause(stop):
                return False
        logger.info("%s leads now", self._config.identity)
        return True

    async def renew(self, stop: asyncio.Event) -> None:
        """Renew until `stop`; `LeadershipLost` when it could not be renewed in time."""
        while not await self._pause(stop):
            if not self.leading:
                raise LeadershipLost(f"the Lease could not be renewed for {self._config.renew_seconds:.0f} s")
            await self._attempt()
            if self._held is None:
                raise LeadershipLost("another replica holds the Lease")

    async def _pause(self, stop: asyncio.Event) -> bool:
        """Wait between two attempts; True when `stop` was set."""
        try:
            async with asyncio.timeout(self._config.retry_seconds):
                return await stop.wait()
        except TimeoutError:
            return False

    async def release(self) -> None:
        """Give the Lease back, so that another replica need not wait for it to expire. One that has run out is left
        to whoever holds it by now."""
        if self._held is None or not self.leading:
            return
        held, self._held = self._held, None
        body = {**held, "spec": {**held["spec"], "holderIdentity": "", "leaseDurationSeconds": 1}}
        try:
            async with asyncio.timeout(ATTEMPT_SECONDS):
                await self._api.replace(LEASE, self._config.operator_namespace, body)
        except (KubeError, TimeoutError) as error:
            logger.warning("the Lease could not be released, it expires by itself: %s", error)

    async def _attempt(self) -> bool:
        """Take or renew the Lease once; True when we hold it afterwards."""
        started = self._clock()
        try:
            async with asyncio.timeout(ATTEMPT_SECONDS):
                await self._take(started)
        except Conflict:
            logger.info("the Lease changed while it was written; reading it again")
        except (KubeError, TimeoutError) as error:
            logger.warning("the Lease can't be read or written: %s", str(error) or "no answer in time")
        return self.leading

    async def _take(self, started: float) -> None:
        namespace = self._config.operator_namespace
        lease = await self._api.find(LEASE, namespace, constants.LEASE_NAME)
        self.heard = self._clock()
        if lease is None:
            body: Manifest = {
                "apiVersion": LEASE.api_version,
                "kind": LEASE.kind,
                "metadata": {"name": constants.LEASE_NAME, "namespace": namespace},
                "spec": self._spec({}),
            }
            self._held, self._renewed = await self._api.create(LEASE, namespace, body), started
            return
        if not self._may_take(lease):
            self._held = None
            return
        body = {**lease, "spec": self._spec(lease.get("spec") or {})}
        # Counted from before the write: the Lease lasts from then at the latest.
        self._held, self._renewed = await self._api.replace(LEASE, namespace, body), started

    def _may_take(self, lease: Manifest) -> bool:
        """Whether it is ours, nobody's, or expired before our eyes."""
        holder = (lease.get("spec") or {}).get("holderIdentity")
        if not holder or holder == self._config.identity:
            return True
        self._stand_by(holder)
        version = lease["metadata"]["resourceVersion"]
        if self._seen is None or self._seen.version != version:
            self._seen = Sighting(version, self._clock())
        lasts = float(lease["spec"].get("leaseDurationSeconds") or self._config.lease_seconds)
        return self._clock() >= self._seen.at + lasts

    def _stand_by(self, holder: str) -> None:
        """Say on the log for whom we wait, once: of another installation in this namespace it may be for ever."""
        if holder != self._holder:
            lease = f"{self._config.operator_namespace}/{constants.LEASE_NAME}"
            logger.info("%s stands by: %s holds the Lease %s", self._config.identity, holder, lease)
        self._holder = holder

    def _spec(self, old: Manifest) -> Manifest:
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        ours = old.get("holderIdentity") == self._config.identity
        return {
            "holderIdentity": self._config.identity,
            "leaseDurationSeconds": int(self._config.lease_seconds),
            "acquireTime": old.get("acquireTime", now) if ours else now,
            "renewTime": now,
            "leaseTransitions": int(old.get("leaseTransitions") or 0) + (0 if ours else 1),
        }
