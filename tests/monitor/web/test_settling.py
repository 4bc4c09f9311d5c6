"""Which unfinished tasks are looked into, who is asked, and what is made of the answers."""

from datetime import UTC, datetime
from typing import Any

import pytest

from flower_monitor.results import Answers
from flower_monitor.store.records import GapRow, Unsettled, WorkerRow
from flower_monitor.truth.pods import AWAITED, Fate
from flower_monitor.unacknowledged import Held, task_of
from flower_monitor.web import due
from flower_monitor.web.settling import MOST_WORKERS, Answered, Situation, judge, whom
from tests.monitor.web.test_events_switch import worker as made

NOW = 1_000_000.0


def task(**fields: Any) -> Unsettled:
    known: dict[str, Any] = {
        "id": 1, "uuid": "u", "name": "t", "state": "STARTED", "worker": "w1@h", "received": NOW - 100,
        "started": NOW - 100, "ts": NOW - 100, "eta": None, "judged_at": None, "verdict": None,
    }  # fmt: skip
    return Unsettled(**(known | fields))


def worker(**fields: Any) -> WorkerRow:
    known: dict[str, Any] = {"hostname": "w1@h", "state": "online", "last_heartbeat": NOW - 1}
    return made(**(known | fields))


def gap(**fields: Any) -> GapRow:
    known: dict[str, Any] = {
        "id": 1, "why": "disconnected", "start": NOW - 90, "end": NOW - 80, "detail": None, "missed": None,
        "events": None, "workers": {}, "more": 0,
    }  # fmt: skip
    return GapRow(**(known | fields))


@pytest.mark.parametrize(
    ("fields", "its_worker", "expected"),
    [
        ({}, {}, True),
        ({"ts": NOW - 10}, {}, False),
        ({"ts": NOW - 10}, {"state": "lost"}, True),
        ({"ts": NOW - 10}, {"state": "offline"}, True),
        ({"ts": NOW - 10}, {"since": NOW - 5}, True),
        ({"ts": NOW - 10 + 3600}, {"clock_offset": 3600.0}, False),
        ({"ts": NOW - 100 - 3600}, {"clock_offset": -3600.0}, True),
        ({"state": "RECEIVED", "eta": "2100-01-01T00:00:00+00:00"}, {}, False),
        ({"state": "RECEIVED", "eta": "2100-01-01T00:00:00+00:00"}, {"state": "lost"}, True),
        ({"state": "RECEIVED", "eta": "nonsense"}, {}, True),
        ({"verdict": "lost", "judged_at": NOW - 9999}, {"state": "lost"}, False),
        ({"verdict": "running", "judged_at": NOW - 30}, {}, False),
        ({"verdict": "running", "judged_at": NOW - 61}, {}, True),
        ({"verdict": "running", "judged_at": NOW - 500, "ts": NOW - 9999}, {}, False),
    ],
)
def test_a_task_is_looked_into_when_it_is_quiet_or_its_worker_gone(
    fields: dict[str, Any], its_worker: dict[str, Any], expected: bool
) -> None:
    assert due.due(task(**fields), worker(**its_worker), NOW) is expected


def test_those_never_looked_into_come_first() -> None:
    tasks = [task(id=1, judged_at=NOW - 700), task(id=2), task(id=3, judged_at=NOW - 800), task(id=4, ts=NOW)]
    chosen = due.choose(tasks, {"w1@h": worker()}, NOW, 2)

    assert [one.id for one in chosen] == [2, 3]


@pytest.mark.parametrize(
    ("its_gap", "its_worker", "expected"),
    [
        ({}, {}, True),
        ({"end": None}, {}, True),
        ({"start": NOW - 200, "end": NOW - 150}, {}, False),
        ({"why": "unknown"}, {}, False),
        ({"why": "unknown", "workers": {"w1@h": 1}}, {}, True),
        ({"why": "unknown", "more": 3}, {}, True),
        ({"start": NOW - 50, "end": NOW - 40}, {"state": "lost", "last_heartbeat": NOW - 70}, False),
    ],
)
def test_a_gap_counts_while_the_worker_may_have_lived(
    its_gap: dict[str, Any], its_worker: dict[str, Any], expected: bool
) -> None:
    assert (due.missed(task(), worker(**its_worker), [gap(**its_gap)], NOW) is not None) is expected


def situation(workers: list[WorkerRow]) -> Situation:
    return Situation([task()], {one.hostname: one for one in workers}, [], NOW)


def test_all_workers_are_asked_while_they_are_few_and_else_those_concerned() -> None:
    few = [worker(), worker(hostname="w2@h"), worker(hostname="w3@h", state="lost")]
    many = [*few, *(worker(hostname=f"x{n}@h") for n in range(MOST_WORKERS))]

    assert whom(situation(few)) == ["w1@h", "w2@h"]
    assert whom(situation(many)) == ["w1@h"]


def test_all_that_was_looked_at_is_evidence() -> None:
    answered = Answered({}, frozenset(["w1@h"]), frozenset(["w1@h"]), Answers({"u": "PENDING"}, None), None)
    verdict = judge(task(), situation([worker()]), answered)

    assert (verdict.verdict, verdict.task, verdict.ts) == ("unknown", 1, NOW - 100)
    assert verdict.evidence[1:] == ("w1@h was asked and does not have it", "the result backend has no result of it")


@pytest.mark.parametrize("state", ["lost", "offline"])
def test_what_a_worker_let_go_while_it_lived_is_not_lost_with_it(state: str) -> None:
    """A task that raised Ignore, of which Celery tells nothing."""
    asked = Answered({}, frozenset(["w1@h"]), frozenset(["w1@h"]), Answers({}, None), None)
    before = judge(task(), situation([worker()]), asked)
    unasked = Answered({}, frozenset(), frozenset(), Answers({}, None), None)

    after = judge(task(why=before.why), situation([worker(state=state)]), unasked)

    assert (after.verdict, after.why) == ("unknown", before.why)
    assert "when it was asked before, it lived and no longer had it" in after.evidence


def test_what_could_not_be_looked_through_is_said() -> None:
    answered = Answered({}, frozenset(), frozenset(), Answers({}, "down"), Held(frozenset(), False))
    verdict = judge(task(), situation([worker(state="lost")]), answered, {"h": Fate("OOMKilled")})

    assert verdict.verdict == "lost"
    assert verdict.why.endswith("(OOMKilled)")
    assert "Redis holds more unacknowledged messages than are looked through" in verdict.evidence
    assert "down" in verdict.evidence


def test_a_message_that_is_none_of_celery_is_no_task() -> None:
    assert task_of(b'[{"headers": {"id": "u"}}, "", "q"]') == "u"
    assert task_of(b'[{"body": "x"}, "", "q"]') is None
    assert task_of(b"hello") is None


KILLED = {"h": Fate("OOMKilled", datetime.fromtimestamp(NOW - 50, UTC), 137)}


@pytest.mark.parametrize(
    ("heard", "fates", "expected"),
    [
        (NOW - 50, None, ("lost", False)),
        (NOW - 50, {}, ("unknown", False)),
        (NOW - 50, KILLED, ("lost", True)),
        (NOW - AWAITED - 1, {}, ("lost", False)),
    ],
)
def test_the_verdict_on_a_killed_workers_task_names_the_fate_of_its_pod(
    heard: float, fates: dict[str, Fate] | None, expected: tuple[str, bool]
) -> None:
    lost = worker(state="lost", last_heartbeat=heard)
    situation = Situation([task()], {"w1@h": lost}, [], NOW)
    answered = Answered({}, frozenset(), frozenset(), Answers({}, None), None)

    found = judge(task(), situation, answered, fates)

    assert (found.verdict, "OOMKilled, exit code 137" in found.why) == expected
