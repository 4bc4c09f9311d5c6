"""Workers: online, offline or lost, by our clock."""

from typing import Any

import pytest

from flower_monitor.fold.events import Event
from flower_monitor.fold.worker import FORGET_AFTER, PROCESSES, Worker
from flower_monitor.fold.workers import Workers
from flower_monitor.truth.gaps import Gaps

NOW = 1_000_000.0


def said(kind: str, *, at: float = NOW, **fields: Any) -> Event:
    return Event(type=f"worker-{kind}", hostname="w1", timestamp=at, **{"freq": 2.0, "pid": 7, **fields})


def seen(*events: Event, now: float = NOW) -> tuple[Workers, Worker]:
    workers = Workers([], Gaps())
    for event in events:
        workers.fold(event, now, now)
    return workers, workers.dirty["w1"]


def test_a_worker_says_what_it_is() -> None:
    _, worker = seen(said("online", sw_ver="5.5"), said("heartbeat", at=NOW + 2, active=3, processed=9))

    assert (worker.state, worker.active, worker.processed, worker.sw_ver) == ("online", 3, 9, "5.5")
    assert worker.counters == {"worker-online": 1, "worker-heartbeat": 1}


def test_a_worker_that_says_goodbye_is_offline() -> None:
    _, worker = seen(said("online"), said("offline", at=NOW + 1))

    assert worker.state == "offline"


def test_two_missed_beats_are_forgiven_and_silence_past_the_tolerance_is_not() -> None:
    workers, worker = seen(said("heartbeat", freq=5.0))

    assert workers.check(NOW + 14, NOW + 14, listening_since=NOW) == []
    assert workers.check(NOW + 16, NOW + 16, listening_since=NOW) == [worker]
    assert worker.state == "lost"


def test_an_hour_of_clock_offset_loses_nobody() -> None:
    for offset in (-3600, 3600):
        workers, _ = seen(said("heartbeat", at=NOW + offset))

        assert workers.check(NOW + 5, NOW + 5, listening_since=NOW) == []


def test_while_we_hear_nobody_nobody_is_lost() -> None:
    workers, _ = seen(said("heartbeat"))

    assert workers.check(NOW + 1000, NOW + 1000, listening_since=None) == []
    assert workers.check(NOW + 1001, NOW + 1001, listening_since=NOW + 999) == []


def test_after_we_stood_still_workers_are_heard_before_they_are_lost() -> None:
    """What they said meanwhile waits, and more than one batch may come before it."""
    workers, worker = seen(said("heartbeat"))
    looks = [workers.check(NOW + at, NOW + at, listening_since=NOW) for at in (1, 61, 63, 65, 67, 69)]

    assert looks == [[]] * len(looks)
    assert workers.check(NOW + 72, NOW + 72, listening_since=NOW) == [worker]


def test_a_heartbeat_brings_a_lost_worker_back() -> None:
    workers, worker = seen(said("heartbeat"))
    workers.check(NOW + 100, NOW + 100, listening_since=NOW)

    workers.fold(said("heartbeat", at=NOW + 101), NOW + 101, NOW + 101)

    assert worker.state == "online"


def test_a_late_heartbeat_does_not_bring_an_offline_worker_back() -> None:
    _, worker = seen(said("offline", at=NOW + 5), said("heartbeat", at=NOW + 4))

    assert worker.state == "offline"


def test_task_events_say_that_a_worker_sends_them_until_it_starts_again() -> None:
    workers, worker = seen(said("heartbeat"))
    workers.worked({("w1", "task-started"): 3}, NOW, NOW)
    assert worker.task_events
    assert worker.counters["task-started"] == 3

    workers.fold(said("heartbeat", at=NOW + 2, pid=8), NOW + 2, NOW + 2)

    assert not worker.task_events


def test_a_worker_gone_for_a_day_is_forgotten() -> None:
    workers, _ = seen(said("online"), said("offline", at=NOW + 1))
    workers.settle(NOW)

    workers.check(NOW + FORGET_AFTER + 2, NOW + FORGET_AFTER + 2, listening_since=NOW)

    assert workers.gone == ["w1"]


def test_how_long_one_is_remembered_may_be_chosen() -> None:
    workers = Workers([], Gaps(), forget_after=300.0)
    for event in (said("online"), said("offline", at=NOW + 1)):
        workers.fold(event, NOW, NOW)

    workers.check(NOW + 299, NOW + 299, listening_since=NOW)
    assert workers.gone == []

    workers.check(NOW + 302, NOW + 302, listening_since=NOW)
    assert workers.gone == ["w1"]


def test_a_monitor_whose_clock_jumps_loses_nobody() -> None:
    workers, worker = seen(said("heartbeat"))
    assert workers.check(NOW + 3600, NOW + 5, listening_since=NOW) == []

    workers.fold(said("heartbeat", at=NOW + 6), NOW - 3600, NOW + 6)
    for second in range(7, 16):
        assert workers.check(NOW - 3600, NOW + second, listening_since=NOW) == []
    assert workers.check(NOW - 3600, NOW + 17, listening_since=NOW) == [worker]


def test_a_worker_whose_clock_is_set_back_is_heard_as_before() -> None:
    workers, worker = seen(said("heartbeat", clock=5, active=1))
    workers.fold(said("heartbeat", at=NOW - 3600, clock=6, active=2), NOW + 20, NOW + 20)

    assert worker.active == 2
    assert workers.check(NOW + 25, NOW + 25, listening_since=NOW) == []


def test_a_worker_that_starts_anew_is_counted_and_says_since_when() -> None:
    for fresh in ({"pid": 8, "processed": 3}, {"pid": 7, "processed": 3}):
        workers, worker = seen(said("heartbeat", processed=9))
        workers.fold(said("heartbeat", at=NOW + 60, **fresh), NOW + 60, NOW + 60)

        assert (worker.restarts, worker.since, worker.shared) == (1, NOW + 60, False)


def test_two_processes_that_take_turns_share_a_name_until_one_is_silent() -> None:
    workers, worker = seen(said("heartbeat", pid=7), said("heartbeat", at=NOW + 1, pid=8))
    assert not worker.shared

    workers.fold(said("heartbeat", at=NOW + 2, pid=7), NOW + 2, NOW + 2)
    assert (worker.shared, worker.restarts, worker.since) == (True, 0, None)

    for second in range(3, 30, 2):
        workers.fold(said("heartbeat", at=NOW + second, pid=7), NOW + second, NOW + second)
    assert not worker.shared


def test_a_name_is_used_by_many_processes_and_few_are_remembered() -> None:
    workers, worker = seen(said("heartbeat"))
    for pid in range(100, 200):
        workers.fold(said("heartbeat", at=NOW + pid, pid=pid), NOW + pid / 1000, NOW)

    assert len(worker.accounts) <= PROCESSES


def test_names_without_end_take_no_memory_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flower_monitor.fold.workers.MOST_WORKERS", 10)
    workers = Workers([], Gaps())
    for number in range(30):
        workers.worked({(f"w{number}", "task-started"): 1}, NOW + number, NOW + number)
    workers.settle(NOW)
    workers.check(NOW + 30, NOW + 30, listening_since=NOW)

    assert workers.gone == [f"w{number}" for number in range(20)]
