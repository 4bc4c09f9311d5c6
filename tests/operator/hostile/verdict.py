"""Is a FlowerMonitor as it says, or does a condition say why not?"""

from typing import Any

from flower_operator import constants, kinds, spec
from flower_operator.controller import drift
from flower_operator.controller.apply import ASPECT
from flower_operator.controller.findings import Aspect
from flower_operator.controller.observe import Observed, observe
from flower_operator.exceptions import KubeError
from flower_operator.kinds import CLAIM, SECRET, Kind, Manifest
from flower_operator.kube import KubeApi
from flower_operator.resources import integrations, metadata
from flower_operator.resources.render import Child, Context, render
from flower_operator.spec import Monitor


async def verdict(api: KubeApi, body: Manifest, context: dict[str, Any]) -> list[str]:
    """List what is neither as specified nor explained; `context`: what the controller renders with."""
    monitor = spec.parse(body)
    seen = await observe(api, monitor)
    children = render(monitor, _context(monitor, seen, context))
    conditions = {one["type"]: one for one in monitor.status.get("conditions", [])}
    if monitor.status.get("observedGeneration") != monitor.generation and not _stalled(conditions):
        return ["its status is of another generation"]
    wrong = [child for child in children if not await _as_specified(api, child, seen)]
    unexplained = [f"{child.kind.kind} is not as specified" for child in wrong if not _explained(child, conditions)]
    return unexplained + await _unwanted(api, monitor, _kept(children, seen))


def _context(monitor: Monitor, seen: Observed, given: dict[str, Any]) -> Context:
    claim = seen.find(CLAIM, metadata.claim_name(monitor))
    asked = monitor.spec.access.admin_secret_ref
    login = seen.admin_secret if asked else seen.find(SECRET, metadata.generated_credentials(monitor))
    return Context(
        broker_secret=_data(seen.broker_secret),
        credentials=_data(login),
        secrets=seen.secrets,
        claim_size=claim["spec"]["resources"]["requests"]["storage"] if claim else None,
        **given,
    )


def _data(secret: Manifest | None) -> dict[str, str] | None:
    return None if secret is None else secret.get("data") or {}


async def _as_specified(api: KubeApi, child: Child, seen: Observed) -> bool:
    """Whether to apply it would change nothing. Where a value is spelled in another way than ours (`1000m`) only the
    API server can tell."""
    live = seen.find(child.kind, child.name)
    if live is None or "deletionTimestamp" in live["metadata"]:
        return False
    wanted = drift.stamp(child.manifest)
    if not drift.needs_apply(wanted, live, None):
        return True
    try:
        return drift.fingerprint(await _tried(api, child.kind, wanted)) == drift.fingerprint(live)
    except KubeError:
        return False


async def _tried(api: KubeApi, kind: Kind, body: Manifest) -> Manifest:
    """What an apply would make of it; nothing is kept."""
    meta = body["metadata"]
    return await api._call(
        "apply",
        kind,
        kind.path(meta["namespace"], meta["name"]),
        body=body,
        content_type="application/apply-patch+yaml",
        query={"fieldManager": constants.FIELD_MANAGER, "force": "true", "dryRun": "All"},
    )


def _stalled(conditions: dict[str, Manifest]) -> bool:
    return conditions.get("Stalled", {}).get("status") == "True"


def _explained(child: Child, conditions: dict[str, Manifest]) -> bool:
    """Whether a condition is False that this child may fail by; what needs a person stops the others too."""
    aspect = ASPECT.get(child.kind, Aspect.WORKLOAD)
    told = conditions.get(aspect, {}).get("status") == "False"
    return told and (aspect is Aspect.INTEGRATIONS or aspect is Aspect.STORAGE or _stalled(conditions))


def _kept(children: list[Child], seen: Observed) -> set[tuple[Kind, str]]:
    """Children that there have to be: those of the spec, and the account that a held Deployment still names."""
    accounts = {
        (kinds.SERVICE_ACCOUNT, live["spec"]["template"]["spec"].get("serviceAccountName", ""))
        for (kind, _), live in seen.live.items()
        if kind is kinds.DEPLOYMENT
    }
    return {(child.kind, child.name) for child in children} | accounts


async def _unwanted(api: KubeApi, monitor: Monitor, keep: set[tuple[Kind, str]]) -> list[str]:
    """List children that there are though they are not kept."""
    found = []
    for kind in (*integrations.KINDS, kinds.DEPLOYMENT, kinds.SERVICE, kinds.SERVICE_ACCOUNT):
        for meta in [live["metadata"] for live in await _list(api, kind, monitor)]:
            owned = any(owner["uid"] == monitor.uid for owner in meta.get("ownerReferences", []))
            if owned and (kind, meta["name"]) not in keep:
                found.append(f"{kind.kind} {meta['name']} is no longer wanted")
    return found


async def _list(api: KubeApi, kind: Kind, monitor: Monitor) -> list[Manifest]:
    try:
        return await api.list(kind, monitor.namespace, metadata.children_selector(monitor.key))
    except KubeError as error:
        if error.status != 404:  # an optional API that is not here
            raise
        return []
