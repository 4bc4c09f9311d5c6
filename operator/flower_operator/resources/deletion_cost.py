"""What workers' pods cost a ReplicaSet that is scaled down, by the tasks that they run. Pure.

A ReplicaSet removes the cheapest of the pods that are ready first, and one without the annotation costs 0
(https://kubernetes.io/docs/concepts/workloads/controllers/replicaset/#pod-deletion-cost). Which cost is ours says the
pod's `managedFields`, so that a value of somebody else is neither changed nor removed.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple, TypeAlias

from flower_operator import constants
from flower_operator.kinds import POD, Manifest, Manifests
from flower_operator.spec import Monitor

from . import fates

ANNOTATION: Final = "controller.kubernetes.io/pod-deletion-cost"

LARGEST: Final = 1 << 30
"""The annotation is a 32-bit integer."""

LONGEST_HOST: Final = 63
"""Characters of a pod's name that are its host name: Kubernetes cuts the others off."""

Active: TypeAlias = Mapping[str, int | None]
"""Tasks that run on a host, by its name; None: some worker there can't be told of."""


class Change(NamedTuple):
    """A cost to write."""

    pod: str
    uid: str
    cost: int
    """0: the annotation is taken off."""


def wanted(monitor: Monitor) -> str | None:
    """Label selector of the pods that are to have costs; None: none are. A monitor that is suspended knows nothing."""
    pods = monitor.spec.worker_pods
    if pods is None or pods.deletion_cost is None or monitor.spec.suspend:
        return None
    return fates.selector(pods.match_labels)


def manager(monitor: Monitor) -> str:
    """Field manager of the costs; one for each FlowerMonitor, or two of them would undo each other's."""
    return f"{constants.FIELD_MANAGER}-cost-{monitor.name}"


def cost(active: int) -> int:
    """The largest power of two that is not more: a pod is written to when what it runs doubles or halves, at most."""
    return 0 if active < 1 else 1 << (min(active, LARGEST).bit_length() - 1)


def changes(pods: Manifests, active: Active, ours: str) -> list[Change]:
    """Costs that differ from what pods have, those that differ most first; nothing of a pod that is not known."""
    pods = [pod for pod in pods if _lives(pod)]
    hosts = Counter(_host(pod) for pod in pods)
    by_name = {host.partition(".")[0]: count for host, count in active.items()} | dict(active)
    found = []
    for pod in pods:
        count, before = by_name.get(_host(pod)), _ours(pod, ours)
        # Pods of one host name (spec.hostname) can't be told apart.
        if count is None or before is None or hosts[_host(pod)] > 1 or cost(count) == before:
            continue
        found.append((abs(cost(count).bit_length() - before.bit_length()), _change(pod, cost(count))))
    return [change for _, change in sorted(found, key=lambda one: (-one[0], one[1]))]


def releases(pods: Manifests, ours: str) -> list[Change]:
    """What takes all of our costs off."""
    return sorted(_change(pod, 0) for pod in pods if _lives(pod) and ours in _owners(pod))


def others(pods: Manifests, ours: str) -> list[str]:
    """Field managers of costs that are not ours alone, sorted; `unknown` where Kubernetes does not say whose it is."""
    foreign = [_owners(pod) - {ours} or {"unknown"} for pod in pods if _lives(pod) and _ours(pod, ours) is None]
    return sorted(set().union(*foreign))


def body(namespace: str, change: Change) -> Manifest:
    """All that we want to own of a pod. The uid keeps it off another pod that took the name."""
    annotations = {"annotations": {ANNOTATION: str(change.cost)}} if change.cost else {}
    return {
        "apiVersion": POD.api_version,
        "kind": POD.kind,
        "metadata": {"name": change.pod, "namespace": namespace, "uid": change.uid, **annotations},
    }


def _change(pod: Manifest, value: int) -> Change:
    return Change(pod["metadata"]["name"], pod["metadata"]["uid"], value)


def _lives(pod: Manifest) -> bool:
    ended = (pod.get("status") or {}).get("phase") in ("Succeeded", "Failed")
    return not ended and "deletionTimestamp" not in pod["metadata"]


def _host(pod: Manifest) -> str:
    """Host name in the pod, which its workers have after the @ of their names."""
    given = (pod.get("spec") or {}).get("hostname")
    return str(given or pod["metadata"]["name"])[:LONGEST_HOST]


def _ours(pod: Manifest, ours: str) -> int | None:
    """The cost that a pod has of us, 0 without one; None: it has one of somebody else."""
    value = (pod["metadata"].get("annotations") or {}).get(ANNOTATION)
    if value is None:
        return 0
    return int(value) if _owners(pod) == {ours} else None


def _owners(pod: Manifest) -> set[str]:
    """Field managers of the annotation."""
    entries: list[dict[str, Any]] = pod["metadata"].get("managedFields") or []
    return {entry["manager"] for entry in entries if f"f:{ANNOTATION}" in _annotations(entry)}


def _annotations(entry: Mapping[str, Any]) -> Iterator[str]:
    """What of annotations a manager owns, as `f:NAME`."""
    metadata = (entry.get("fieldsV1") or {}).get("f:metadata") or {}
    yield from metadata.get("f:annotations") or {}
