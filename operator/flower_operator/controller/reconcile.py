"""One FlowerMonitor, from what it says to what there is. Level-triggered: it never asks what woke it."""

import logging
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from flower_operator import constants, fleetkey, spec
from flower_operator.config import ControllerConfig
from flower_operator.exceptions import KubeError, NotFound
from flower_operator.kinds import CLAIM, DEPLOYMENT, FLOWER_MONITOR, SECRET, Kind, Manifest
from flower_operator.kube import KubeApi
from flower_operator.logs import Keyed
from flower_operator.resources import deletion_cost, metadata, rotation
from flower_operator.resources.fates import Fate
from flower_operator.resources.integrations import OPTIONAL
from flower_operator.resources.render import Child, Context, render
from flower_operator.spec import Key, Monitor

from . import notices, status
from .apis import Apis
from .apply import Applier
from .checks import broker, configuration, credentials, integrations, refusal, storage, workload
from .costs import DeletionCosts
from .findings import Aspect, Finding, State
from .inventory import Inventory
from .listed import Place
from .observe import Observed, observe, pods_of, storage_class_missing, workers_of
from .poll import Poller, Target
from .shared import Shared
from .upgrades import Upgrades

logger = logging.getLogger(__name__)

TELL_AFTER = 3
"""Failures in a row of one FlowerMonitor after which its status tells of an API server that fails. Sooner, a server
that stumbles would get a write for each object instead of peace."""


@dataclass(frozen=True, repr=False)
class Outcome:
    """What a reconcile found."""

    findings: tuple[Finding, ...]
    broker_kind: str | None
    costs: str | None
    """Selector of the pods that have deletion costs of ours."""


class Reconciler:
    """Reconciles one key at a time; its caller sees that no two run on one key."""

    def __init__(
        self,
        api: KubeApi,
        config: ControllerConfig,
        fleet_key: bytes,
        poller: Poller,
        inventory: Inventory,
        costs: DeletionCosts,
        wrote_status: Callable[[], None],
    ) -> None:
        self._api = api
        self._config = config
        self._fleet_key = fleet_key
        self._poller = poller
        self._costs = costs
        self._wrote_status = wrote_status
        self._inventory = inventory
        self._applier = Applier(api, inventory)
        self._shared = Shared(api)
        self._apis = Apis(api, config.verify_after)
        self._upgrades = Upgrades(config.monitor_max_unavailable, time.monotonic)
        self._conditions: dict[Key, tuple[tuple[str, str], ...]] = {}
        self._unsettled: set[Key] = set()
        self._failures: dict[Key, int] = {}

    def conditions(self) -> Mapping[Key, Iterable[tuple[str, str]]]:
        """Type and status of the conditions of every FlowerMonitor, as last made."""
        return self._conditions

    async def reconcile(self, key: Key) -> float | None:
        """Do all that is to be done now and return the seconds until to look again; None: it is gone."""
        log = Keyed(logger, key)
        listed = await self._inventory.take(key)
        at = FLOWER_MONITOR, key.name
        body = listed[at] if at in listed else await self._api.find(FLOWER_MONITOR, *key)
        if body is None or "deletionTimestamp" in body["metadata"]:
            self._forget(key)
            return None
        try:
            monitor = spec.parse(body)
        except msgspec.ValidationError as error:
            log.error("can't read this FlowerMonitor: %s. Update the operator together with its CRD.", error)
            return self._config.verify_after
        if monitor.paused:
            await self._write(monitor, status.keep(monitor, notices.timestamp()), (), log)
            return self._again(key, ())
        try:
            outcome = await self._converge(monitor, listed, log)
        except KubeError as error:
            await self._tell(monitor, error, log)
            raise
        self._failures.pop(key, None)
        await self._report(monitor, outcome, log)
        return self._again(key, outcome.findings)

    def _forget(self, key: Key) -> None:
        self._applier.forget(key)
        self._upgrades.forget(key)
        self._poller.drop(key)
        self._costs.forget(key)
        self._conditions.pop(key, None)
        self._unsettled.discard(key)
        self._failures.pop(key, None)

    async def _converge(self, monitor: Monitor, listed: Mapping[Place, Manifest], log: Keyed) -> Outcome:
        """Apply the children and check every aspect."""
        seen = await observe(self._api, monitor, listed, self._shared.find if listed else self._api.find)
        url = broker.check_url(monitor, _data(seen.broker_secret))
        secret, login = await self._credentials(monitor, seen)
        config = configuration.check_configuration(monitor, seen.secrets)
        workers = await workers_of(self._api, monitor, seen)
        rendered = render(monitor, self._context(monitor, seen, secret, workers.fates))
        lacking = [
            child.kind for child in rendered if child.kind in OPTIONAL and not await self._apis.serves(child.kind)
        ]
        children = [child for child in rendered if child.kind not in lacking]
        # What a pod that runs was started with stays as it is while what the spec names now can't be used.
        held = {SECRET, DEPLOYMENT} if config.state is State.REFUSED else set()
        if isinstance(url, Finding) or login.state is State.REFUSED:
            held.add(DEPLOYMENT)
        waits = self._upgrades.waits(monitor, rendered, seen.find(DEPLOYMENT, metadata.workload_name(monitor)))
        if waits:
            held.add(DEPLOYMENT)
        live, refusals = await self._apply(monitor, seen, children, held)
        claim = live.get(metadata.claim_name(monitor), seen.existing_claim)
        missing = await storage_class_missing(self._shared.find, claim)
        deployment = live.get(metadata.workload_name(monitor))
        self._upgrades.saw(monitor, deployment)
        await self._applier.prune(monitor, rendered, deployment, log.info)
        pods = await pods_of(self._api, monitor, deployment)
        running = deployment is not None and not monitor.spec.suspend and workload.available(deployment)
        self._follow(monitor, running)
        costs = await self._costs.settle(monitor, workers.pods, self._poller.answer(monitor.key))
        for untold in (workers.unread, costs.finding):
            if untold is not None:
                refusals.setdefault(untold.aspect, untold)
        findings = {
            Aspect.BROKER: url
            if isinstance(url, Finding)
            else broker.check_reachable(
                running, self._poller.answer(monitor.key), status.condition(monitor, Aspect.BROKER)
            ),
            Aspect.STORAGE: storage.check_claim(monitor, claim, missing),
            Aspect.CREDENTIALS: login,
            Aspect.CONFIG: config,
            Aspect.WORKLOAD: workload.check_workload(monitor, deployment, pods, waits),
            Aspect.INTEGRATIONS: integrations.check_integrations(monitor, lacking),
        }
        kind = None if isinstance(url, Finding) else broker.kind(url)
        return Outcome(tuple((findings | refusals).values()), kind, costs.selector)

    def _context(self, monitor: Monitor, seen: Observed, secret: Manifest | None, fates: Mapping[str, Fate]) -> Context:
        claim = seen.find(CLAIM, metadata.claim_name(monitor))
        return Context(
            monitor_image=self._config.monitor_image,
            pull_secrets=self._config.monitor_pull_secrets,
            group=self._config.monitor_fs_group or None,
            fleet_key=self._fleet_key,
            broker_secret=_data(seen.broker_secret),
            credentials=_data(secret),
            secrets=seen.secrets,
            operator_namespace=self._config.operator_namespace,
            fates=fates,
            claim_size=claim["spec"]["resources"]["requests"]["storage"] if claim else None,
        )

    async def _credentials(self, monitor: Monitor, seen: Observed) -> tuple[Manifest | None, Finding]:
        """Find the credentials, or make them."""
        if monitor.spec.access.admin_secret_ref is not None:
            return seen.admin_secret, credentials.check_credentials(monitor, _data(seen.admin_secret))
        live = seen.find(SECRET, metadata.generated_credentials(monitor))
        secret, refusal = await self._applier.ensure_credentials(monitor, live)
        return secret, refusal or credentials.check_credentials(monitor, _data(secret), rotation.overlap_ends(secret))

    async def _apply(
        self, monitor: Monitor, seen: Observed, children: list[Child], held: Collection[Kind]
    ) -> tuple[dict[str, Manifest], dict[Aspect, Finding]]:
        """Apply each child but those of kinds that are held: a Deployment that could not start is left as it is,
        running or not there yet. To stop a pod nothing is needed."""
        live: dict[str, Manifest] = {}
        refusals: dict[Aspect, Finding] = {}
        for child in children:
            before = seen.find(child.kind, child.name)
            stopped = any(found.state is not State.LACKING for found in refusals.values())
            hold = child.kind in held or (child.kind is DEPLOYMENT and stopped)
            if hold and not monitor.spec.suspend:
                after, refusal = before, None
            else:
                after, refusal = await self._applier.apply(monitor, child, before)
            if after is not None and child.kind in (CLAIM, DEPLOYMENT):
                live[child.name] = after
            if refusal is not None:
                refusals.setdefault(refusal.aspect, refusal)
        return live, refusals

    def _follow(self, monitor: Monitor, running: bool) -> None:
        """Have the monitor asked while it runs."""
        if not running:
            self._poller.drop(monitor.key)
            return
        url = self._config.monitor_address.format(
            service=metadata.workload_name(monitor), namespace=monitor.namespace, port=monitor.spec.service.port
        )
        token = fleetkey.derive(self._fleet_key, monitor.namespace, monitor.name)
        costs = deletion_cost.wanted(monitor) is not None
        target = Target(f"{url}{monitor.spec.options.prefix}", token, workers=costs)
        self._poller.follow(monitor.key, target, status.known(monitor))

    async def _report(self, monitor: Monitor, outcome: Outcome, log: Keyed) -> None:
        answer = self._poller.answer(monitor.key)
        made = status.status(monitor, outcome.findings, outcome.broker_kind, answer, notices.timestamp(), outcome.costs)
        await self._write(monitor, made, outcome.findings, log)

    async def _tell(self, monitor: Monitor, error: KubeError, log: Keyed) -> None:
        """Say in the status what kept us from a reconcile, where it is worth a write and can be written."""
        failures = self._failures[monitor.key] = self._failures.get(monitor.key, 0) + 1
        # What is gone by the time that we delete it is a race, and nothing for a person.
        lasting = not error.transient and not isinstance(error, NotFound)
        if not (lasting or (error.status >= 500 and failures >= TELL_AFTER)):
            return
        words = error.message[: refusal.LONGEST] or error.reason
        try:
            await self._write(monitor, status.hinder(monitor, lasting, words, notices.timestamp()), (), log)
        except KubeError as other:
            log.warning("what went wrong can't be said in the status: %s", other)

    async def _write(self, monitor: Monitor, made: Manifest, findings: Sequence[Finding], log: Keyed) -> None:
        """Write the status if it changed, then say on the log and by Events what a person may want to know."""
        self._conditions[monitor.key] = tuple((one["type"], one["status"]) for one in made["conditions"])
        if made == monitor.status:
            return
        body = status.body(monitor, made)
        await self._api.apply(FLOWER_MONITOR, monitor.namespace, body, constants.STATUS_MANAGER, sub="status")
        self._wrote_status()
        for notice in status.notices(monitor, findings, made):
            log.log(
                logging.WARNING if notice.severity == "Warning" else logging.INFO,
                "%s: %s",
                notice.reason,
                notice.message,
            )
            await notices.post(self._api, monitor, notice, self._config.identity, log)

    def _again(self, key: Key, findings: Iterable[Finding]) -> float:
        """Seconds until to look again: soon while something is missing, but never too many monitors a second."""
        if any(finding.state in (State.STARTING, State.REFUSED, State.FAILING) for finding in findings):
            self._unsettled.add(key)
            return max(self._config.secret_wait, len(self._unsettled) / self._config.verify_rate)
        self._unsettled.discard(key)
        return self._config.age(len(self._conditions))


def _data(secret: Manifest | None) -> dict[str, str] | None:
    return None if secret is None else secret.get("data") or {}
