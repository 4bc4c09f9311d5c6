"""The status of a FlowerMonitor: what to write, and which Events a change of it is worth. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flower_operator import constants
from flower_operator.kinds import Manifest
from flower_operator.resources import metadata, network
from flower_operator.spec import Monitor

from . import conditions
from .checks.broker import CONNECTED
from .checks.credentials import ROTATED
from .findings import Aspect, Finding, State
from .observation import Observation

COSTS = "deletionCostSelector"
"""Field of the status: selector of the pods that have deletion costs of ours. It is there before the first of them."""


@dataclass(frozen=True)
class Notice:
    """An Event to post about a FlowerMonitor."""

    severity: str
    """Normal or Warning, as Kubernetes has it."""
    reason: str
    message: str


def status(
    monitor: Monitor,
    findings: Sequence[Finding],
    broker_kind: str | None,
    observation: Observation | None,
    now: str,
    costs: str | None = None,
) -> Manifest:
    """Make the whole status. What the monitor said last stands while it can't be asked. `costs`: selector of the pods
    that have deletion costs of ours."""
    before = monitor.status
    made: Manifest = {
        "observedGeneration": monitor.generation,
        "conditions": conditions.fold(monitor, findings, now),
        "url": network.url(monitor),
        "credentialsSecret": metadata.credentials_name(monitor),
    }
    told = observation if observation is not None and observation.error is None else None
    broker = {
        "kind": (told and told.broker_kind) or broker_kind,
        "url": told.broker_url if told else (before.get("broker") or {}).get("url"),
    }
    known = {name: value for name, value in broker.items() if value is not None}
    made |= {"broker": known} if known else {}
    version = told.version if told else before.get("version")
    workers = told.workers if told else before.get("workers")
    if version is not None:
        made["version"] = version
    if workers is not None and not monitor.spec.suspend:
        made["workers"] = workers
    if costs is not None:
        made[COSTS] = costs
    return made


def known(monitor: Monitor) -> Observation | None:
    """Tell the answer that the status, as it stands, is of; None where it can't be told."""
    if condition(monitor, Aspect.BROKER).get("reason") != CONNECTED:
        return None
    said, broker = monitor.status, monitor.status.get("broker") or {}
    return Observation(
        version=said.get("version"),
        broker_kind=broker.get("kind"),
        broker_url=broker.get("url"),
        broker_state="connected",
        workers=said.get("workers"),
    )


def keep(monitor: Monitor, now: str) -> Manifest:
    """Make the status of a paused FlowerMonitor: as it stands, with the condition Paused."""
    return {**monitor.status, "conditions": conditions.keep(monitor, now)}


def hinder(monitor: Monitor, lasting: bool, words: str, now: str) -> Manifest:
    """Make the status of a FlowerMonitor whose reconcile could not be done: as it stands, with why."""
    return {**monitor.status, "conditions": conditions.hinder(monitor, lasting, words, now)}


def condition(monitor: Monitor, kind: str) -> Manifest:
    """Find a condition of the status as it stands; empty when there is none."""
    for found in monitor.status.get("conditions", []):
        if found["type"] == kind:
            return dict(found)
    return {}


def body(monitor: Monitor, made: Manifest) -> Manifest:
    """Wrap a status for the API server; the uid keeps it off another FlowerMonitor that took the name."""
    return {
        "apiVersion": constants.API_VERSION,
        "kind": constants.KIND,
        "metadata": {"name": monitor.name, "namespace": monitor.namespace, "uid": monitor.uid},
        "status": made,
    }


def notices(monitor: Monitor, findings: Sequence[Finding], made: Manifest) -> list[Notice]:
    """Say what changed since the last status that a person may want to know: refusals, and what healed."""
    before = {condition["type"]: condition for condition in monitor.status.get("conditions", [])}
    edited = monitor.status.get("observedGeneration") != monitor.generation
    found = [
        Notice("Warning", finding.reason, finding.message)
        for finding in findings
        if finding.state in (State.REFUSED, State.FAILING, State.LACKING)
        and _is_new(finding, before.get(finding.aspect, {}), edited)
    ]
    found += _rotation(findings, before.get(Aspect.CREDENTIALS, {}))
    after = {condition["type"]: condition for condition in made["conditions"]}
    refused = after.get("Stalled", {})
    if refused.get("reason") == conditions.API_REFUSED != before.get("Stalled", {}).get("reason"):
        found.append(Notice("Warning", refused["reason"], refused["message"]))
    for kind in ("Ready", "Suspended", "Paused"):
        if _holds(kind, after) and not _holds(kind, before):
            found.append(Notice("Normal", kind, after[kind]["message"]))
    return found


def _holds(kind: str, said: Mapping[str, Manifest]) -> bool:
    """Whether a condition is true; of Ready: and the monitor serves. That it is suspended is told once."""
    found = said.get(kind, {})
    return found.get("status") == "True" and not (kind == "Ready" and found.get("reason") == conditions.SUSPENDED)


def _rotation(findings: Sequence[Finding], old: Manifest) -> list[Notice]:
    """Say that credentials were rotated, and that those before them let nobody in any longer."""
    for finding in findings:
        if finding.aspect is not Aspect.CREDENTIALS or finding.state is not State.HOLDS:
            continue
        if finding.reason == ROTATED and old.get("message") != finding.message:
            return [Notice("Normal", ROTATED, finding.message)]
        if finding.reason != ROTATED and old.get("reason") == ROTATED:
            return [Notice("Normal", "RotationEnded", "The credentials before the rotation let nobody in any longer.")]
    return []


def _is_new(finding: Finding, old: Manifest, edited: bool) -> bool:
    """Whether a person has not been told: another reason, or another message after the spec was edited."""
    if (old.get("status"), old.get("reason")) != (finding.state.status, finding.reason):
        return True
    return edited and old.get("message") != finding.message[: conditions.LONGEST]
