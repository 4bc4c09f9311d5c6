"""Writes children: what differs, in order, and nothing that is not ours."""

import logging
import secrets as random_secrets
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime

from flower_operator import constants
from flower_operator.exceptions import Conflict, KubeError, NotFound
from flower_operator.kinds import CLAIM, SECRET, SERVICE_ACCOUNT, Kind, Manifest
from flower_operator.kube import KubeApi
from flower_operator.logs import Keyed
from flower_operator.resources import integrations, metadata, rotation, secrets
from flower_operator.resources.render import Child
from flower_operator.spec import Key, Monitor

from . import drift
from .checks import refusal
from .findings import Aspect, Finding
from .inventory import KINDS, Inventory
from .ownership import Ownership, ownership

logger = logging.getLogger(__name__)

ASPECT = {CLAIM: Aspect.STORAGE, **dict.fromkeys(integrations.KINDS, Aspect.INTEGRATIONS)}
"""Aspect that a child which can't be applied spoils, where it is not the workload."""


class Applier:
    """Applies children and remembers what each looked like afterwards."""

    def __init__(self, api: KubeApi, inventory: Inventory) -> None:
        self._api = api
        self._inventory = inventory
        self._seen: dict[Key, dict[tuple[Kind, str], str]] = {}

    def forget(self, key: Key) -> None:
        """Drop what is remembered of a FlowerMonitor that is gone."""
        self._seen.pop(key, None)
        self._inventory.forget(key)

    async def apply(
        self, monitor: Monitor, child: Child, live: Manifest | None
    ) -> tuple[Manifest | None, Finding | None]:
        """Bring one child to what is rendered; return it as it is now, and what stands in the way."""
        aspect = ASPECT.get(child.kind, Aspect.WORKLOAD)
        if live is not None:
            whose = ownership(live, monitor)
            if whose is not Ownership.OURS:
                return None, refusal.not_ours(aspect, child.kind, child.name, whose, monitor)
            if "deletionTimestamp" in live["metadata"]:
                return live, None
        if child.kind in KINDS:
            # Not only when it was made: the API server may make it and its answer be lost.
            self._inventory.add(monitor.key, (child.kind, child.name))
        seen = self._seen.setdefault(monitor.key, {})
        stamped = drift.stamp(child.manifest)
        if not drift.needs_apply(stamped, live, seen.get((child.kind, child.name))):
            return live, None
        try:
            after = await self._api.apply(child.kind, monitor.namespace, _this(stamped, live), constants.FIELD_MANAGER)
        except KubeError as error:
            if error.transient and not _only_this(aspect, error):
                raise
            if child.kind is CLAIM and live is not None:
                return live, refusal.not_grown(child.name, error)
            return live, refusal.not_taken(aspect, child.kind, child.name, error)
        seen[child.kind, child.name] = drift.fingerprint(after)
        _tell(monitor, child, live, after)
        self._inventory.listed.tell(monitor.key, (child.kind, child.name), after["metadata"]["resourceVersion"])
        return after, None

    async def ensure_credentials(
        self, monitor: Monitor, live: Manifest | None
    ) -> tuple[Manifest | None, Finding | None]:
        """Make the credentials once; `live` None: there are none, or nobody has looked. Nothing overwrites them but a
        rotation that somebody asked for; who owns them follows the retention policy.
        """
        name = metadata.generated_credentials(monitor)
        if live is None:
            return await self._create_credentials(monitor, name)
        whose = ownership(live, monitor)
        if whose is not Ownership.OURS:
            return None, refusal.not_ours(Aspect.CREDENTIALS, SECRET, name, whose, monitor)
        wanted = metadata.data_meta(monitor, name)
        kept = {part: wanted[part] for part in ("ownerReferences", "annotations")}
        same = live["metadata"].get("ownerReferences", []) == kept["ownerReferences"]
        if not (same and drift.covers(live["metadata"], {"annotations": kept["annotations"]})):
            patch = {"metadata": {**kept, "resourceVersion": live["metadata"]["resourceVersion"]}}
            live = await self._api.merge(SECRET, monitor.namespace, name, patch)
        return await self._rotate(monitor, live)

    async def _rotate(self, monitor: Monitor, live: Manifest) -> tuple[Manifest | None, Finding | None]:
        """Do what the annotation asks for, or end an overlap that is over."""
        patch = rotation.step(monitor, live, _fresh(), datetime.now(UTC))
        if patch is None:
            return live, None
        name = metadata.generated_credentials(monitor)
        try:
            return await self._api.merge(SECRET, monitor.namespace, name, patch), None
        except KubeError as error:
            # Transient is also 409, somebody changed the Secret: the retry sees whether this is still to be done.
            if error.transient:
                raise
            return live, refusal.not_taken(Aspect.CREDENTIALS, SECRET, name, error)

    async def _create_credentials(self, monitor: Monitor, name: str) -> tuple[Manifest | None, Finding | None]:
        fresh = _fresh()
        body = secrets.credentials(monitor, fresh.password, fresh.token)
        try:
            made = await self._api.create(SECRET, monitor.namespace, body)
            Keyed(logger, monitor.key).info("made Secret %s", name)
            return made, None
        except Conflict:
            # There already: left by a deleted FlowerMonitor of this name, somebody else's, or made just now.
            live = await self._api.find(SECRET, monitor.namespace, name)
            if live is None:
                raise
            return await self.ensure_credentials(monitor, live)
        except KubeError as error:
            if error.transient:
                raise
            return None, refusal.not_taken(Aspect.CREDENTIALS, SECRET, name, error)

    async def prune(
        self, monitor: Monitor, rendered: Iterable[Child], deployment: Manifest | None, log: Callable[..., None]
    ) -> None:
        """Delete children of this FlowerMonitor that are no longer rendered, such as those of an older version.

        `deployment`: as it is now. One that is held, since what the spec names can't be used, still makes its pods with
        the ServiceAccount that it names.
        """
        keep = {(child.kind, child.name) for child in rendered} | _account(deployment)
        for kind, name in await self._inventory.of(monitor.key) - keep:
            live = await self._api.find(kind, monitor.namespace, name)
            if live is not None and _owned(live, monitor) and "deletionTimestamp" not in live["metadata"]:
                log("deleting %s %s, which is no longer wanted", kind.kind, name)
                await self._delete(kind, live)
            self._seen.get(monitor.key, {}).pop((kind, name), None)
            self._inventory.discard(monitor.key, (kind, name))

    async def _delete(self, kind: Kind, live: Manifest) -> None:
        """Delete this very object; somebody who was faster has done it for us."""
        meta = live["metadata"]
        with suppress(NotFound):
            await self._api.delete(kind, meta["namespace"], meta["name"], meta["uid"])


def _tell(monitor: Monitor, child: Child, before: Manifest | None, after: Manifest) -> None:
    """Say on the log what was done: why a monitor was started anew is asked long after it was."""
    log = Keyed(logger, monitor.key)
    if before is None:
        log.info("made %s %s", child.kind.kind, child.name)
    elif changes := drift.changes(before, after):
        log.info("changed %s %s: %s", child.kind.kind, child.name, ", ".join(changes))


def _this(stamped: Manifest, live: Manifest | None) -> Manifest:
    """Let an apply be of the very object that was judged to be ours: with its uid one that took its name meanwhile is
    a conflict, and the retry looks at it."""
    if live is None:
        return stamped
    return {**stamped, "metadata": {**stamped["metadata"], "uid": live["metadata"]["uid"]}}


def _fresh() -> rotation.Fresh:
    """144 and 256 random bits."""
    return rotation.Fresh(random_secrets.token_urlsafe(18), random_secrets.token_urlsafe(32))


def _account(deployment: Manifest | None) -> set[tuple[Kind, str]]:
    if deployment is None:
        return set()
    return {(SERVICE_ACCOUNT, deployment["spec"]["template"]["spec"].get("serviceAccountName", ""))}


def _owned(live: Manifest, monitor: Monitor) -> bool:
    return any(owner.get("uid") == monitor.uid for owner in live["metadata"].get("ownerReferences", []))


def _only_this(aspect: Aspect, error: KubeError) -> bool:
    """Whether this object alone is not taken, as when the webhook of an ingress controller is down: it answers 500."""
    return aspect is Aspect.INTEGRATIONS and error.status >= 500
