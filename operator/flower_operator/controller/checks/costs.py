"""What to say when workers' pods can't have the deletion cost that `spec.workerPods.deletionCost` asks for."""

from collections.abc import Sequence

from flower_operator.controller.findings import Aspect, Finding, State
from flower_operator.exceptions import KubeError
from flower_operator.resources.deletion_cost import ANNOTATION
from flower_operator.spec import Monitor

from .refusal import LONGEST

MOST_MANAGERS = 5
"""Field managers that are named."""

RIGHT = "rbac.patchPods=true in its chart"
"""How a person gives the operator the right that it needs."""


def pods_unpatchable(monitor: Monitor) -> Finding:
    """Explain why workers' pods get no deletion cost."""
    return _lacking(
        "PodsUnpatchable",
        f"The operator may not patch pods in namespace {monitor.namespace}, so their deletion cost stays as it is. "
        f"Let it (verb patch on pods: {RIGHT}), or remove spec.workerPods.deletionCost.",
    )


def costs_remain(monitor: Monitor, selector: str, verb: str) -> Finding:
    """Explain why pods keep a deletion cost that is not wanted any more."""
    return _lacking(
        "CostsRemain",
        "Pods have a deletion cost that spec.workerPods does not ask for now, and the operator may not "
        f"{verb} pods in namespace {monitor.namespace}. Let it (verb {verb} on pods: {RIGHT}), or take it off: "
        f"kubectl -n {monitor.namespace} annotate pods -l '{selector}' {ANNOTATION}-",
    )


def cost_not_taken(pod: str, error: KubeError) -> Finding:
    """Explain what Kubernetes has against the deletion cost of a pod: an admission policy or a webhook, say."""
    # Without its name: each time it may be another one, and each change of a message is a write.
    words = (error.message or error.reason)[:LONGEST].replace(pod, "POD")
    return _lacking(
        "CostRefused",
        f"Kubernetes does not take the deletion cost of workers' pods: {words}. Change what forbids it, or remove "
        "spec.workerPods.deletionCost.",
    )


def cost_not_ours(managers: Sequence[str]) -> Finding:
    """Explain why pods keep a deletion cost that somebody else has set."""
    return _lacking(
        "CostNotOwned",
        "Pods that spec.workerPods selects have a deletion cost of somebody else (field managers: "
        f"{', '.join(managers[:MOST_MANAGERS])}), which is left alone. Remove their annotation {ANNOTATION} (in the "
        "Deployment's pod template, if it is there), or remove spec.workerPods.deletionCost.",
    )


def workers_unread(why: str) -> Finding:
    """Explain why the deletion cost of pods stays as it is."""
    return _lacking(
        "WorkersUnread",
        f"What workers run can't be read from the monitor's /api/v1/workers: {why}. The deletion cost of their pods "
        "stays as it is until it can: look at spec.image, spec.version and the monitor's log, or remove "
        "spec.workerPods.deletionCost.",
    )


def _lacking(reason: str, message: str) -> Finding:
    """The monitor serves all the same."""
    return Finding(Aspect.INTEGRATIONS, State.LACKING, reason, message)
