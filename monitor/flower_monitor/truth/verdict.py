"""What became of a task that events leave unfinished: settled from facts, never guessed. Pure."""

from typing import Literal

import msgspec

#: `waiting`: somebody has it and will run it; `redelivered`: it is elsewhere than its events say.
Outcome = Literal["finished", "running", "waiting", "redelivered", "lost", "unknown"]

#: States by which a result backend says that a task has ended (`celery.states.READY_STATES`).
READY = frozenset({"SUCCESS", "FAILURE", "REVOKED"})

#: Verdicts that stay: only an event can change them, and that makes them void.
FINAL = frozenset({"finished", "lost"})

#: Why of a task that its worker let go while it lived, without a word: one that raised `Ignore`, of which Celery tells
#: nothing. What becomes of the worker later is not what became of the task.
LET_GO = "its worker no longer has it, and neither an event nor a result says how it ended"


class Verdict(msgspec.Struct, frozen=True, tag="verdict"):
    """What was found out about a task."""

    task: int
    """Its id in the store."""

    ts: float
    """Time of its newest event: with a newer one the verdict is void."""

    verdict: Outcome
    why: str
    evidence: tuple[str, ...]
    at: float
    """When, our clock."""


class Holder(msgspec.Struct, frozen=True):
    """A worker that says it has the task."""

    hostname: str
    state: str
    """As `inspect query_task` says: active, reserved, scheduled or ready."""


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a task beside its events. None always means: not known."""

    started: bool
    """Its last event says that it runs; else that a worker received it."""

    worker: str | None
    """The worker of its last event."""

    life: Literal["same", "replaced", "lost", "offline"] | None = None
    """That worker: its process is the one that had the task, another took its place, it fell silent or said goodbye."""

    life_evidence: str = ""
    """How that is known."""

    answered: bool | None = None
    """That worker was asked for the task, and whether it answered."""

    let_go: bool = False
    """That worker said so before, while it lived: it no longer had the task (`LET_GO`)."""

    holder: Holder | None = None
    """Who says that it has it."""

    result: str | None = None
    """What the result backend says: a state, PENDING when it has nothing; None: there is none, or it did not answer."""

    result_evidence: str = "no result backend is configured"
    unacknowledged: bool | None = None
    """Whether the broker holds the message as delivered and not acknowledged."""

    unacknowledged_evidence: str = "the broker does not tell which messages are unacknowledged"
    missed: str | None = None
    """Since its last event, events of that worker were missed: how that is known."""

    fate: str | None = None
    """What became of the pod that its worker ran in, such as OOMKilled; the operator says it."""

    fate_awaited: bool = False
    """The operator may say so in a moment: a verdict that stays has to wait for it."""


def settle(facts: Facts) -> tuple[Outcome, str, tuple[str, ...]]:
    """The verdict on a task, why, and the evidence."""
    for rule in (_by_result, _by_holder, _by_message, _by_life):
        if found := rule(facts):
            outcome, why = found
            return outcome, why, evidence(facts)
    return "unknown", _why_unknown(facts), evidence(facts)


def evidence(facts: Facts) -> tuple[str, ...]:
    """Everything that was looked at, in words."""
    asked = {None: "{} was not asked", False: "{} was asked for it and did not answer", True: ""}[facts.answered]
    if facts.answered:
        asked = "{} was asked and does not have it"
    if facts.holder:
        asked = f"{facts.holder.hostname} says that it has it ({facts.holder.state})"
    parts = (
        facts.life_evidence,
        asked.format(facts.worker or "its worker"),
        "when it was asked before, it lived and no longer had it" if facts.let_go else "",
        facts.result_evidence,
        facts.unacknowledged_evidence,
        facts.missed or "",
        f"its pod: {facts.fate}" if facts.fate else "",
    )
    return tuple(part for part in parts if part)


def _by_result(facts: Facts) -> tuple[Outcome, str] | None:
    if facts.result in READY:
        return "finished", f"the result backend has its result: {facts.result}"
    return None


def _by_holder(facts: Facts) -> tuple[Outcome, str] | None:
    """A worker that has it knows best; one that is `ready` with it will have said more in a moment."""
    holder = facts.holder
    if holder is None or holder.state == "ready":
        return None
    doing: Outcome = "running" if holder.state == "active" else "waiting"
    words = "runs it" if doing == "running" else f"has it and has not started it ({holder.state})"
    if holder.hostname == facts.worker and facts.life in ("same", None):
        return doing, f"{holder.hostname} {words}"
    return "redelivered", f"{holder.hostname} {words}; its events were of {facts.worker or 'nobody'}"


def _by_message(facts: Facts) -> tuple[Outcome, str] | None:
    """Its worker is gone, and the broker still has the message: it will be delivered again."""
    if facts.unacknowledged and facts.life in ("lost", "replaced", "offline"):
        return "waiting", "its worker is gone and its message is not acknowledged: the broker will deliver it again"
    return None


def _by_life(facts: Facts) -> tuple[Outcome, str] | None:
    """The process that ran it is gone. That it ended before is ruled out only if no event of it can be missing."""
    if facts.life in (None, "same") or facts.missed or facts.let_go:
        return None
    if not facts.started:
        # A message is acknowledged when its task starts at the earliest.
        if facts.unacknowledged is False:
            return None
        return "redelivered", "its worker was gone before it started the task: the broker gives the message to another"
    reasons = {
        "lost": "its worker fell silent while it ran",
        "replaced": "its worker was started anew while it ran",
        "offline": "its worker stopped while it ran",
    }
    if facts.fate is None and facts.fate_awaited:
        return None
    because = reasons[facts.life or "lost"]
    return "lost", f"{because} ({facts.fate})" if facts.fate else because


def _why_unknown(facts: Facts) -> str:
    if facts.let_go:
        return LET_GO
    if facts.missed:
        return "events that would tell its end may be among those that were missed"
    if facts.life == "same" and facts.answered:
        return LET_GO
    if facts.life == "same":
        return "its worker did not say whether it still has it"
    if facts.life in ("lost", "replaced", "offline") and facts.started and facts.fate_awaited:
        return "its worker is gone while it ran; what became of its pod may be known in a moment"
    if facts.life is None:
        return "nothing is known of the worker that had it"
    return "neither its worker nor the broker has it, and no result says how it ended"
