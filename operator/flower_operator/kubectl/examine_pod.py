"""The monitor's pod and its volume."""

from collections.abc import AsyncIterator, Awaitable

from flower_operator.controller.checks import pod as checks
from flower_operator.exceptions import KubeError
from flower_operator.kinds import CLAIM, DEPLOYMENT, POD
from flower_operator.kubectl.cluster import Cluster
from flower_operator.kubectl.findings import Finding, unknown, well, wrong
from flower_operator.resources.metadata import children_selector, volume_claim, workload_name
from flower_operator.spec import Monitor

_POD, _STORAGE = "pod", "storage"


async def examine(cluster: Cluster, monitor: Monitor) -> AsyncIterator[Finding]:
    """Whether it runs, and has where to keep its history."""
    yield await _seen(_POD, _pod(cluster, monitor))
    yield await _seen(_STORAGE, _claim(cluster, monitor))


async def _seen(subject: str, look: Awaitable[Finding]) -> Finding:
    try:
        return await look
    except KubeError as error:
        return unknown(subject, f"it can't be read: {error.message}")


async def _pod(cluster: Cluster, monitor: Monitor) -> Finding:
    name = workload_name(monitor)
    deployment = await cluster.api.find(DEPLOYMENT, monitor.namespace, name)
    if deployment is None:
        return wrong(_POD, f"there is no Deployment {name}", "The controller makes it; see the findings above.")
    if monitor.spec.suspend:
        return well(_POD, "none, because the monitor is suspended")
    if (deployment.get("status") or {}).get("availableReplicas"):
        return well(_POD, f"Deployment {name} is available")
    pods = await cluster.api.list(POD, monitor.namespace, children_selector(monitor.key))
    found = checks.diagnose(monitor, pods)
    if found is not None:
        return wrong(_POD, found.reason, found.message)
    fix = f"kubectl -n {monitor.namespace} describe pods -l app.kubernetes.io/instance={monitor.name}"
    return wrong(_POD, f"Deployment {name} has no pod that is ready", f"Look at it: {fix}")


async def _claim(cluster: Cluster, monitor: Monitor) -> Finding:
    name = volume_claim(monitor)
    claim = await cluster.api.find(CLAIM, monitor.namespace, name)
    if claim is None:
        return wrong(_STORAGE, f"there is no claim {name}", "Correct spec.storage, or see the findings above.")
    status = claim.get("status") or {}
    if status.get("phase") == "Bound":
        return well(
            _STORAGE, f"claim {name} is bound, {(status.get('capacity') or {}).get('storage', 'of unknown size')}"
        )
    fix = f"See what its class waits for: kubectl -n {monitor.namespace} describe pvc {name}"
    return wrong(_STORAGE, f"claim {name} is {status.get('phase', 'Pending')}", fix)
