"""Missing events and what happened to the monitor, joined into entries."""

from flower_monitor.truth.account import Judged
from flower_monitor.truth.gaps import NAMED, OPEN_FOR, TOGETHER, Gaps
from flower_monitor.truth.incidents import Incident


def judged(start: float, end: float, missed: int, silent: bool = False) -> Judged:
    return Judged(start, end, missed + 1, missed, silent)


def test_what_is_missing_while_the_connection_was_lost_is_of_that_gap() -> None:
    gaps = Gaps()
    gaps.happened(Incident("disconnected", 100, 105, "refused"))
    gaps.found("w1", judged(99, 106, 3))
    gaps.found("w2", judged(98, 107, 4))

    (gap,) = gaps.dirty.values()
    assert (gap.why, gap.start, gap.end, gap.detail) == ("disconnected", 100, 105, "refused")
    assert (gap.missed, gap.workers) == (7, {"w1": 3, "w2": 4})


def test_a_gap_says_that_nothing_was_missed_only_when_a_worker_has_told() -> None:
    gaps = Gaps()
    gaps.happened(Incident("disconnected", 100, 105))
    (gap,) = gaps.dirty.values()
    assert gap.missed is None

    gaps.found("w1", judged(99, 106, 0))
    assert gap.missed == 0


def test_a_break_in_which_the_broker_kept_everything_is_no_gap_by_itself() -> None:
    gaps = Gaps()
    gaps.happened(Incident("disconnected", 100, 105, kept=True))
    assert gaps.dirty == {}

    gaps.found("w1", judged(99, 106, 1))
    assert [gap.why for gap in gaps.dirty.values()] == ["disconnected"]


def test_the_incident_that_fills_most_of_an_interval_is_the_reason() -> None:
    gaps = Gaps()
    gaps.happened(Incident("dropped", 100, 100.5, events=9))
    gaps.happened(Incident("stopped", 101, 160))
    gaps.found("w1", judged(99, 161, 5))

    assert {gap.why: gap.missed for gap in gaps.dirty.values()} == {"dropped": None, "stopped": 5}


def test_one_in_which_the_broker_kept_everything_is_the_reason_only_where_there_is_no_other() -> None:
    gaps = Gaps()
    gaps.happened(Incident("stopped", 100, 130, kept=True))
    gaps.happened(Incident("disconnected", 131, 132, "the queue was deleted"))
    gaps.found("w1", judged(99, 133, 5))

    assert {gap.why: gap.missed for gap in gaps.dirty.values()} == {"disconnected": 5}


def test_findings_without_a_reason_that_follow_each_other_are_one_gap() -> None:
    gaps = Gaps()
    gaps.found("w1", judged(100, 102, 1))
    gaps.found("w2", judged(101, 103, 2))
    gaps.found("w1", judged(103 + TOGETHER, 105 + TOGETHER, 4))
    gaps.found("w1", judged(200 + 2 * TOGETHER, 202 + 2 * TOGETHER, 8))

    assert [(gap.why, gap.missed) for gap in gaps.dirty.values()] == [("unknown", 7), ("unknown", 8)]


def test_a_gap_names_some_workers_and_counts_the_others() -> None:
    gaps = Gaps()
    for number in range(NAMED + 5):
        gaps.found(f"w{number}", judged(100, 102, 1))
        gaps.found(f"w{number}", judged(102, 104, 1))

    (gap,) = gaps.dirty.values()
    assert (len(gap.workers), len(gap.others), gap.missed) == (NAMED, 5, 2 * (NAMED + 5))


def test_old_gaps_leave_memory() -> None:
    gaps = Gaps()
    gaps.found("w1", judged(100, 102, 1))
    gaps.settle(102 + OPEN_FOR + 1)
    gaps.found("w1", judged(102, 104, 1))

    assert [gap.id for gap in gaps.dirty.values()] == [2]


def test_the_end_of_a_break_is_written_into_the_gap_that_it_opened() -> None:
    gaps = Gaps()
    incident = Incident("disconnected", 100, None)
    gaps.happened(incident)
    gaps.settle(101)
    incident.end = 110
    gaps.happened(incident)

    assert [(gap.id, gap.end) for gap in gaps.dirty.values()] == [(1, 110)]
