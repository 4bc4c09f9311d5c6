"""What there is to say of events that were not seen. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from flower_monitor.store.records import GapRow, Notice, Seen, Summary
from flower_monitor.truth.incidents import Why

#: Names that a notice shows.
NAMED = 5

_REASONS: dict[Why, str] = {
    "stopped": "the monitor was not running",
    "disconnected": "the broker could not be reached",
    "cut-off": "Redis cut the monitor off",
    "dropped": "events came faster than they could be stored",
    "not-sent": "workers sent none",
    "unknown": "unknown",
}

_WAITING = "on RabbitMQ events wait for the monitor (with --queue-type quorum over its restarts too), Redis keeps none"

_FIXES: dict[Why, str] = {
    "stopped": _WAITING,
    "disconnected": _WAITING,
    "cut-off": "raise Redis's client-output-buffer-limit for pubsub, or give the monitor more CPU",
    "dropped": "give the monitor more CPU",
    "not-sent": "start the workers with -E, or set worker_send_task_events = True in their app",
    "unknown": "a task with send_events = False looks like this; else please report it",
}


def notices(summary: Summary) -> Iterator[Notice]:
    """The notices."""
    yield from _missed(summary.seen, summary.gaps)
    yield from _shared(summary.shared)


def share(seen: Seen) -> float | None:
    """The part of what workers did that was seen; None: they did nothing."""
    return 1 - seen.missed / seen.due if seen.due else None


def _missed(seen: Seen, gaps: Sequence[GapRow]) -> Iterator[Notice]:
    if not seen.missed:
        return
    found = Counter[Why]()
    for gap in gaps:
        found[gap.why] += gap.missed or 0
    reasons = [why for why, missed in found.most_common() if missed] or ["unknown"]
    told = ", ".join(_REASONS[why] for why in reasons)
    yield Notice(
        "events-missed",
        "warning",
        f"Of {seen.due} tasks that workers started in the last hour {seen.missed} were not seen "
        f"({100 * seen.missed / seen.due:.2g} %): {told}. GET /api/v1/gaps says when and of whom.",
        _sentence(dict.fromkeys(_FIXES[why] for why in reasons)),
    )


def _shared(hostnames: Sequence[str]) -> Iterator[Notice]:
    if hostnames:
        more = len(hostnames) - NAMED
        names = ", ".join(hostnames[:NAMED]) + (f" and {more} more" if more > 0 else "")
        yield Notice(
            "worker-name-shared",
            "warning",
            f"Several processes call themselves {names}: they are shown as one worker, and commands reach all of them.",
            "Give each a name of its own, as celery worker -n worker1@%h.",
        )


def _sentence(parts: Iterable[str]) -> str:
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}."
