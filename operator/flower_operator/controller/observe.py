"""Reads what a reconcile needs to know. Always from the API server, or as it was listed there: an event may be old."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from flower_operator.exceptions import Forbidden
from flower_operator.kinds import (
    CLAIM,
    CONFIG_MAP,
    DEPLOYMENT,
    POD,
    SECRET,
    SERVICE,
    SERVICE_ACCOUNT,
    STORAGE_CLASS,
    Kind,
    Manifest,
    Manifests,
)
from flower_operator.kube import KubeApi
from flower_operator.resources import fates, integrations, metadata, references
from flower_operator.resources.fates import Fate
from flower_operator.spec import Monitor, SecretKey, SecretName

from .checks import refusal
from .checks.workload import available
from .findings import Finding
from .listed import Place

Find: TypeAlias = Callable[[Kind, str | None, str], Awaitable[Manifest | None]]
"""Reads one object; None when there is none (`KubeApi.find`, `Shared.find`)."""


@dataclass(frozen=True, repr=False)
class Observed:
    """The world around one FlowerMonitor. Without a repr: it holds Secrets."""

    live: Mapping[tuple[Kind, str], Manifest]
    """Every object that has the name of one of our children, whosever it is."""
    broker_secret: Manifest | None
    admin_secret: Manifest | None
    """The Secret that `spec.access.adminSecretRef` names; None when it names none or there is none."""
    secrets: Mapping[str, Mapping[str, str]]
    """`data` of every other Secret that the spec names, by name; without those that are not there."""
    existing_claim: Manifest | None
    """The claim that `spec.storage.existingClaim` names; None as above."""

    def find(self, kind: Kind, name: str) -> Manifest | None:
        """Return the object of that name."""
        return self.live.get((kind, name))


@dataclass(frozen=True)
class Workers:
    """Pods of workers."""

    fates: Mapping[str, Fate] = field(default_factory=dict)
    """What became of them, also of those that are gone."""
    pods: Manifests = field(default_factory=list)
    """Those that there are."""
    unread: Finding | None = None
    """Why they could not be listed."""


def names(monitor: Monitor) -> list[Place]:
    """List what our children are called, of which we must know before we write. Credentials are made and not applied:
    whether a new FlowerMonitor has some, left by another one, is found when that fails."""
    workload = metadata.workload_name(monitor)
    made = monitor.spec.access.admin_secret_ref is None and monitor.status
    return [
        (SERVICE_ACCOUNT, workload),
        (SECRET, metadata.config_name(monitor)),
        *([(SECRET, metadata.generated_credentials(monitor))] if made else []),
        (CLAIM, metadata.claim_name(monitor)),
        (SERVICE, workload),
        (DEPLOYMENT, workload),
        *integrations.names(monitor),
    ]


_NOTHING: Mapping[Place, Manifest] = {}


async def observe(
    api: KubeApi, monitor: Monitor, listed: Mapping[Place, Manifest] = _NOTHING, find: Find | None = None
) -> Observed:
    """Read all of it at the same time.

    Args:
        api: For the children.
        monitor: Whose they are.
        listed: Children as they were listed; the others are read, since one without our labels is not listed.
        find: For what others may name too; None: `api`.
    """
    find = find or api.find
    wanted = [one for one in names(monitor) if one not in listed]
    secrets, (*found, broker, admin, claim) = await asyncio.gather(
        _secrets(find, monitor), _objects(api, monitor, wanted, find)
    )
    live = dict(listed) | {at: body for at, body in zip(wanted, found, strict=True) if body is not None}
    return Observed(live, broker, admin, secrets, claim)


async def _objects(api: KubeApi, monitor: Monitor, wanted: list[Place], find: Find) -> list[Manifest | None]:
    """Read what has the name of a child, then the broker's Secret, the credentials' and the existing claim."""
    spec, namespace = monitor.spec, monitor.namespace
    return await asyncio.gather(
        *(api.find(kind, namespace, name) for kind, name in wanted),
        _find(find, SECRET, namespace, _name(spec.broker.url_secret_ref)),
        _find(find, SECRET, namespace, _name(spec.access.admin_secret_ref)),
        _find(find, CLAIM, namespace, spec.storage.existing_claim),
    )


async def _secrets(find: Find, monitor: Monitor) -> dict[str, dict[str, str]]:
    named = sorted({reference.secret for reference in references.references(monitor)})
    found = await asyncio.gather(*(find(SECRET, monitor.namespace, name) for name in named))
    return {name: body.get("data") or {} for name, body in zip(named, found, strict=True) if body is not None}


def _name(reference: SecretKey | SecretName | None) -> str | None:
    return None if reference is None else reference.name


async def _find(find: Find, kind: Kind, namespace: str, name: str | None) -> Manifest | None:
    return None if name is None else await find(kind, namespace, name)


async def pods_of(api: KubeApi, monitor: Monitor, deployment: Manifest | None) -> list[Manifest]:
    """Read the pods when something may be wrong with them; one that Kubernetes has not looked at yet has none."""
    if deployment is None or monitor.spec.suspend or available(deployment):
        return []
    if "observedGeneration" not in (deployment.get("status") or {}):
        return []
    return await api.list(POD, monitor.namespace, metadata.children_selector(monitor.key))


async def workers_of(api: KubeApi, monitor: Monitor, seen: Observed) -> Workers:
    """List workers' pods; what was known before of how they ended stays known."""
    wanted, known = monitor.spec.worker_pods, seen.find(CONFIG_MAP, metadata.pods_name(monitor))
    if wanted is None:
        return Workers()
    try:
        pods = await api.list(POD, monitor.namespace, fates.selector(wanted.match_labels))
    except Forbidden as error:
        return Workers(fates.merged(known, []), unread=refusal.pods_unreadable(monitor, error))
    return Workers(fates.merged(known, pods), pods)


async def storage_class_missing(find: Find, claim: Manifest | None) -> bool:
    """Look for the storage class of a claim that is not bound; who may not look (an installation without ClusterRoles)
    can't tell, and says of the claim only that it is pending."""
    name = claim and claim["spec"].get("storageClassName")
    if not claim or not name or (claim.get("status") or {}).get("phase") != "Pending":
        return False
    try:
        return await find(STORAGE_CLASS, None, name) is None
    except Forbidden:
        return False
