"""Does the monitor's pod run, and if not, why not?"""

from collections.abc import Sequence

from flower_operator.controller.findings import Aspect, Finding, State
from flower_operator.kinds import Manifest
from flower_operator.spec import Monitor

from . import pod


def check_workload(
    monitor: Monitor, deployment: Manifest | None, pods: Sequence[Manifest], waits: bool = False
) -> Finding:
    """Say whether the Deployment is available, else what its pods suffer from.

    `waits`: it is to have the operator's new image when monitors that got it before are back.
    """
    if monitor.spec.suspend:
        message = "spec.suspend is true: no pod runs. Everything else is kept."
        return Finding(Aspect.WORKLOAD, State.IDLE, "Suspended", message)
    if deployment is None:
        message = "The monitor is not started until BrokerReachable, StorageReady and CredentialsReady allow it."
        return Finding(Aspect.WORKLOAD, State.IDLE, "Waiting", message)
    if waits:
        message = "The monitor's pod is ready. It gets the operator's new image when others that got it are ready."
        return Finding(Aspect.WORKLOAD, State.HOLDS, "UpgradeWaiting", message)
    if available(deployment):
        return Finding(Aspect.WORKLOAD, State.HOLDS, "Available", "The monitor's pod is ready.")
    return _refused_pod(deployment) or pod.diagnose(monitor, pods) or _starting()


def available(deployment: Manifest) -> bool:
    """Whether the pod of the present generation is ready."""
    status = deployment.get("status") or {}
    current = status.get("observedGeneration", 0) >= deployment["metadata"].get("generation", 0)
    wanted = deployment["spec"].get("replicas", 1)
    ready = min(status.get("availableReplicas", 0), status.get("updatedReplicas", 0))
    return bool(current and wanted > 0 and ready >= wanted)


def _refused_pod(deployment: Manifest) -> Finding | None:
    for condition in (deployment.get("status") or {}).get("conditions", []):
        if condition["type"] == "ReplicaFailure" and condition["status"] == "True":
            message = f"Kubernetes does not take the monitor's pod: {condition.get('message', '')[: pod.LONGEST]}"
            return Finding(Aspect.WORKLOAD, State.REFUSED, "PodRefused", message)
    return None


def _starting() -> Finding:
    return Finding(Aspect.WORKLOAD, State.STARTING, "Progressing", "The monitor's pod is starting.")
