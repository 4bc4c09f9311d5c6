"""Reads what a reconcile needs to know. Always from the API server: what an event said may be old."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

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
)
from flower_operator.kube import KubeApi
from flower_operator.resources import fates, integrations, metadata, references
from flower_operator.resources.fates import Fate
from flower_operator.spec import Monitor, SecretKey, SecretName

from .checks import refusal
from .checks.workload import available
from .findings import Finding


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


def names(monitor: Monitor) -> list[tuple[Kind, str]]:
    """List what our children are called."""
    workload = metadata.workload_name(monitor)
    return [
        (SERVICE_ACCOUNT, workload),
        (SECRET, metadata.config_name(monitor)),
        (SECRET, metadata.generated_credentials(monitor)),
        (CLAIM, metadata.claim_name(monitor)),
        (SERVICE, workload),
        (DEPLOYMENT, workload),
        *integrations.names(monitor),
    ]


async def observe(api: KubeApi, monitor: Monitor) -> Observed:
    """Read all of it at the same time."""
    wanted = names(monitor)
    secrets, (*found, broker, admin, claim) = await asyncio.gather(
        _secrets(api, monitor), _objects(api, monitor, wanted)
    )
    live = {at: body for at, body in zip(wanted, found, strict=True) if body is not None}
    return Observed(live, broker, admin, secrets, claim)


async def _objects(api: KubeApi, monitor: Monitor, wanted: list[tuple[Kind, str]]) -> list[Manifest | None]:
    """Read what has the name of a child, then the broker's Secret, the credentials' and the existing claim."""
    spec, namespace = monitor.spec, monitor.namespace
    return await asyncio.gather(
        *(api.find(kind, namespace, name) for kind, name in wanted),
        _find(api, SECRET, namespace, _name(spec.broker.url_secret_ref)),
        _find(api, SECRET, namespace, _name(spec.access.admin_secret_ref)),
        _find(api, CLAIM, namespace, spec.storage.existing_claim),
    )


async def _secrets(api: KubeApi, monitor: Monitor) -> dict[str, dict[str, str]]:
    named = sorted({reference.secret for reference in references.references(monitor)})
    found = await asyncio.gather(*(api.find(SECRET, monitor.namespace, name) for name in named))
    return {name: body.get("data") or {} for name, body in zip(named, found, strict=True) if body is not None}


def _name(reference: SecretKey | SecretName | None) -> str | None:
    return None if reference is None else reference.name


async def _find(api: KubeApi, kind: Kind, namespace: str, name: str | None) -> Manifest | None:
    return None if name is None else await api.find(kind, namespace, name)


async def pods_of(api: KubeApi, monitor: Monitor, deployment: Manifest | None) -> list[Manifest]:
    """Read the pods when something may be wrong with them."""
    if deployment is None or monitor.spec.suspend or available(deployment):
        return []
    return await api.list(POD, monitor.namespace, metadata.children_selector(monitor.key))


async def fates_of(api: KubeApi, monitor: Monitor, seen: Observed) -> tuple[dict[str, Fate], Finding | None]:
    """What became of workers' pods, or why that can't be told; what was known before stays known."""
    wanted, known = monitor.spec.worker_pods, seen.find(CONFIG_MAP, metadata.pods_name(monitor))
    if wanted is None:
        return {}, None
    try:
        pods = await api.list(POD, monitor.namespace, fates.selector(wanted.match_labels))
    except Forbidden as error:
        return fates.merged(known, []), refusal.pods_unreadable(monitor, error)
    return fates.merged(known, pods), None


async def storage_class_missing(api: KubeApi, claim: Manifest | None) -> bool:
    """Look for the storage class of a claim that is not bound; who may not look (an installation without ClusterRoles)
    can't tell, and says of the claim only that it is pending."""
    name = claim and claim["spec"].get("storageClassName")
    if not claim or not name or (claim.get("status") or {}).get("phase") != "Pending":
        return False
    try:
        return await api.find(STORAGE_CLASS, None, name) is None
    except Forbidden:
        return False
