"""Workers: online, offline or lost, by our clock."""

from typing import Any

from flower_monitor.fold.events import Event
from flower_monitor.fold.worker import FORGET_AFTER, Worker
from flower_monitor.fold.workers import Workers

NOW = 1_000_000.0


def said(kind: str, *, at: float = NOW, **fields: Any) -> Event:
    return Event(type=f"worker-{kind}", hostname="w1", timestamp=at, **{"freq": 2.0, "pid": 7, **fields})


def seen(*events: Event, now: float = NOW) -> tuple[Workers, Worker]:
    workers = Workers([])
    for event in events:
        workers.fold(event, now)
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

    assert workers.check(NOW + 14, listening_since=NOW) == []
    assert workers.check(NOW + 16, listening_since=NOW) == [worker]
    assert worker.state == "lost"


def test_an_hour_of_clock_offset_loses_nobody() -> None:
    for offset in (-3600, 3600):
        workers, _ = seen(said("heartbeat", at=NOW + offset))

        assert workers.check(NOW + 5, listening_since=NOW) == []


def test_while_we_hear_nobody_nobody_is_lost() -> None:
    workers, _ = seen(said("heartbeat"))

    assert workers.check(NOW + 1000, listening_since=None) == []
    assert workers.check(NOW + 1001, listening_since=NOW + 999) == []


def test_a_heartbeat_brings_a_lost_worker_back() -> None:
    workers, worker = seen(said("heartbeat"))
    workers.check(NOW + 100, listening_since=NOW)

    workers.fold(said("heartbeat", at=NOW + 101), NOW + 101)

    assert worker.state == "online"


def test_a_late_heartbeat_does_not_bring_an_offline_worker_back() -> None:
    _, worker = seen(said("offline", at=NOW + 5), said("heartbeat", at=NOW + 4))

    assert worker.state == "offline"


def test_task_events_say_that_a_worker_sends_them_until_it_starts_again() -> None:
    workers, worker = seen(said("heartbeat"))
    workers.worked({("w1", "task-started"): 3}, NOW)
    assert worker.task_events
    assert worker.counters["task-started"] == 3

    workers.fold(said("heartbeat", at=NOW + 2, pid=8), NOW + 2)

    assert not worker.task_events


def test_a_worker_gone_for_a_day_is_forgotten() -> None:
    workers, _ = seen(said("online"), said("offline", at=NOW + 1))
    workers.settle()

    workers.check(NOW + FORGET_AFTER + 2, listening_since=NOW)

    assert workers.gone == ["w1"]
