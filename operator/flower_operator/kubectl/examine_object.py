"""The FlowerMonitor, as the controller sees it. Pure."""

from collections.abc import Iterator

from flower_operator.kubectl.findings import Finding, State, well, wrong
from flower_operator.spec import Monitor

_CONTROLLER = (
    "Look whether `flower-operator controller` runs and sees this namespace: kubectl get deployments -A -l"
    " app.kubernetes.io/name=flower-operator"
)


def examine(monitor: Monitor) -> Iterator[Finding]:
    """What its status says."""
    conditions = monitor.status.get("conditions") or []
    if not conditions:
        yield wrong("FlowerMonitor", "no controller has spoken of it yet", _CONTROLLER)
        return
    if monitor.status.get("observedGeneration", 0) < monitor.generation:
        yield wrong("FlowerMonitor", "the controller has not seen its latest change", _CONTROLLER)
    if monitor.spec.suspend:
        yield Finding("FlowerMonitor", State.WARNING, "it is suspended", "Set spec.suspend to false to start it.")
    for condition in conditions:
        if condition["type"] == "Ready":
            yield _ready(condition)


def _ready(condition: dict[str, str]) -> Finding:
    reason, message = condition.get("reason", ""), condition.get("message", "")
    if condition["status"] == "True":
        return well("FlowerMonitor", f"ready ({reason})")
    return wrong("FlowerMonitor", f"not ready: {reason}", message)
