"""From findings to conditions, kstatus-shaped. Pure."""

from collections.abc import Mapping, Sequence

from flower_operator import constants
from flower_operator.kinds import Manifest
from flower_operator.spec import Monitor

from .findings import Finding, State

LONGEST = 2048
"""Characters of a message at most, as the CRD has it."""

API_REFUSED = "ApiRefused"
"""Reason of Stalled when the API server does not let us do what a reconcile needs, such as read a Secret."""

API_FAILING = "ApiFailing"
"""Reason of Reconciling when the API server has failed several times in a row."""

SUSPENDED = "Suspended"
"""Reason of Ready and Suspended while spec.suspend is true."""

_ALLOW = "Give the operator that right (the chart's roles have it), or change what forbids it."


def fold(monitor: Monitor, findings: Sequence[Finding], now: str) -> list[Manifest]:
    """Make all conditions: Ready, Reconciling and Stalled of all findings, one each, then Suspended and Paused."""
    made = [
        _ready(monitor, findings),
        _any("Reconciling", findings, State.STARTING, "Settled", "Nothing is under way."),
        _any("Stalled", findings, State.REFUSED, "NotStalled", "Nothing waits for a person."),
        *(_condition(found.aspect, found.state.status, found.reason, found.message) for found in findings),
        _suspended(monitor),
        _paused(monitor),
    ]
    if made[2]["status"] == "True":
        # kstatus reads Reconciling first: what waits for a person must not look as if it went on by itself.
        made[1] = _condition("Reconciling", "False", "Stalled", "Nothing goes on until Stalled is dealt with.")
    before = {condition["type"]: condition for condition in monitor.status.get("conditions", [])}
    return [_dated(condition, before, monitor.generation, now) for condition in made]


def keep(monitor: Monitor, now: str) -> list[Manifest]:
    """Leave the conditions of a paused FlowerMonitor as they are, but Paused; a new one gets Ready too.

    Each goes on saying of which generation it speaks: what is not looked at is not told.
    """
    before = {condition["type"]: condition for condition in monitor.status.get("conditions", [])}
    paused = _paused(monitor)
    ready = before.get("Ready") or _dated({**paused, "type": "Ready", "status": "False"}, {}, monitor.generation, now)
    kept = [condition for kind, condition in before.items() if kind not in ("Ready", "Paused")]
    return [ready, *kept, _dated(paused, before, monitor.generation, now)]


def hinder(monitor: Monitor, lasting: bool, words: str, now: str) -> list[Manifest]:
    """Say why a reconcile could not be done, and leave every other condition as it is; a new FlowerMonitor gets Ready.

    Args:
        monitor: As it was read.
        lasting: Whether it goes on only when a person changes something.
        words: The API server's.
        now: For conditions that turn.
    """
    reason, fix = (API_REFUSED, _ALLOW) if lasting else (API_FAILING, "It is tried again until that has passed.")
    message = f"The Kubernetes API server stands in the way: {words}. {fix}"
    stalled = _condition("Stalled", str(lasting), reason if lasting else "NotStalled", message)
    reconciling = _condition("Reconciling", str(not lasting), "Stalled" if lasting else reason, message)
    before = {condition["type"]: condition for condition in monitor.status.get("conditions", [])}
    ready = before.get("Ready") or _dated(
        _condition("Ready", "False", reason, message), before, monitor.generation, now
    )
    kept = [condition for kind, condition in before.items() if kind not in ("Ready", "Reconciling", "Stalled")]
    return [ready, *(_dated(one, before, monitor.generation, now) for one in (reconciling, stalled)), *kept]


def _condition(kind: str, status: str, reason: str, message: str) -> Manifest:
    return {"type": str(kind), "status": status, "reason": reason, "message": message[:LONGEST]}


def _ready(monitor: Monitor, findings: Sequence[Finding]) -> Manifest:
    """Ready unless something is known to be wrong. What a person must act on comes first, then what we wait for.

    Unknown does not count against it: where a NetworkPolicy keeps the operator from the monitor, the monitor
    serves all the same. Neither does a suspension: it is what was asked for, and by kstatus what is not ready is in
    progress, for which `helm --wait` and Flux would wait until they give up.
    """
    if monitor.spec.suspend:
        message = "spec.suspend is true: no pod runs, as asked for. Set it to false to go on."
        return _condition("Ready", "True", SUSPENDED, message)
    for state in (State.REFUSED, State.FAILING, State.STARTING, State.IDLE):
        for found in findings:
            if found.state is state:
                return _condition("Ready", "False", found.reason, found.message)
    return _condition("Ready", "True", "Running", "The monitor serves.")


def _any(kind: str, findings: Sequence[Finding], state: State, reason: str, message: str) -> Manifest:
    for found in findings:
        if found.state is state:
            return _condition(kind, "True", found.reason, found.message)
    return _condition(kind, "False", reason, message)


def _suspended(monitor: Monitor) -> Manifest:
    if monitor.spec.suspend:
        return _condition("Suspended", "True", SUSPENDED, "spec.suspend is true.")
    return _condition("Suspended", "False", "NotSuspended", "spec.suspend is false.")


def _paused(monitor: Monitor) -> Manifest:
    annotation = f"annotation {constants.ANNOTATION_RECONCILE}"
    if monitor.paused:
        message = (
            f"The {annotation} is {constants.RECONCILE_DISABLED}: everything is left as it is. Remove it to go on."
        )
        return _condition("Paused", "True", "Paused", message)
    return _condition("Paused", "False", "NotPaused", f"There is no {annotation} that says so.")


def _dated(condition: Manifest, before: Mapping[str, Manifest], generation: int, now: str) -> Manifest:
    old = before.get(condition["type"], {})
    same = old.get("status") == condition["status"]
    when = old.get("lastTransitionTime", now) if same else now
    return {**condition, "lastTransitionTime": when, "observedGeneration": generation}
