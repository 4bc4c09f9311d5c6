"""Workers' own counts against the events seen: what is missing is found, to the task, and nothing else."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.monitor.truth.simulated import FREQ, HOST, Life, Monitor, Process

randoms = st.builds(Random, st.integers(0, 2**32))
rates = st.floats(0.5, 40)


def life(random: Random, offset: float = 0.0) -> Life:
    made = Life(random, Process(7, offset=offset), Monitor())
    made.begin()
    return made


@given(randoms, rates)
def test_when_every_event_comes_nothing_is_missing(random: Random, rate: float) -> None:
    """Though heaps of events stand behind the heartbeat that counts them."""
    seen = life(random)
    seen.run(20, rate)
    seen.rest()

    assert (seen.monitor.missed, seen.monitor.gaps) == (0, {})
    assert seen.monitor.due == seen.process.processed


@given(randoms, rates, st.floats(0, 1))
def test_events_dropped_at_random_are_counted_to_the_task(random: Random, rate: float, loss: float) -> None:
    seen = life(random)
    seen.run(20, rate, loss=loss)
    seen.rest()

    assert seen.monitor.missed == seen.lost == seen.monitor.reported


@given(randoms, rates, st.floats(1, 300))
def test_heartbeats_that_are_lost_with_the_events_change_nothing(random: Random, rate: float, outage: float) -> None:
    seen = life(random)
    seen.run(6, rate)
    seen.rest()
    seen.run(outage, rate, loss=1.0, beats=False)
    seen.rest()

    assert seen.monitor.missed == seen.lost == seen.monitor.reported


@given(randoms, rates, st.floats(-1e6, 1e6))
def test_a_clock_that_is_off_changes_nothing(random: Random, rate: float, offset: float) -> None:
    seen = life(random, offset)
    seen.run(20, rate, loss=0.3)
    seen.rest()

    assert seen.monitor.missed == seen.lost


@given(randoms, rates, st.floats(1, 1e5))
def test_a_clock_that_jumps_ahead_changes_nothing(random: Random, rate: float, jump: float) -> None:
    seen = life(random)
    seen.run(10, rate, loss=0.3)
    seen.process.offset += jump
    seen.run(10, rate, loss=0.3)
    seen.rest()

    assert seen.monitor.missed == seen.lost


@given(randoms, rates, st.floats(1, 1e5))
def test_a_clock_that_is_set_back_makes_nothing_up(random: Random, rate: float, jump: float) -> None:
    """Around the jump nothing can be told apart by times: what is lost there stays unknown."""
    seen = life(random)
    seen.run(10, rate)
    seen.process.offset -= jump
    seen.run(10, rate)
    seen.rest()
    assert seen.monitor.missed == 0

    seen.run(10, rate, loss=0.5)
    seen.rest()
    assert seen.monitor.missed == seen.lost


@settings(max_examples=50)
@given(randoms, rates, st.booleans())
def test_a_new_process_in_its_place_counts_from_zero(random: Random, rate: float, same_pid: bool) -> None:
    """Heard first after its start, as when the monitor was cut off meanwhile: all it did is missing.

    With the same pid it may look like the same process, when it did more than that: then at least a part is found.
    """
    seen = life(random)
    seen.run(10, rate)
    seen.rest()
    seen.process = Process(7 if same_pid else 8)
    seen.run(3 * FREQ, rate, loss=1.0, beats=False)
    seen.run(10, rate)
    seen.rest()

    worker = seen.monitor.workers.dirty[HOST]
    if worker.restarts:
        assert seen.monitor.missed == seen.lost
    else:
        assert same_pid
        assert seen.monitor.missed <= seen.lost


@given(randoms, rates)
def test_heartbeats_that_come_twice_change_nothing(random: Random, rate: float) -> None:
    seen = life(random)
    hear, twice = seen.monitor.hear, seen.monitor.hear

    def repeated(events: list, now: float) -> None:  # type: ignore[type-arg]  # of events
        hear(events, now)
        twice([event for event in events if event.type.startswith("worker-")], now)

    seen.monitor.hear = repeated  # type: ignore[method-assign]
    seen.run(20, rate, loss=0.2)
    seen.rest()

    assert seen.monitor.missed == seen.lost


@given(randoms, rates)
def test_two_processes_of_one_name_each_have_their_own_count(random: Random, rate: float) -> None:
    monitor = Monitor()
    one, two = Life(random, Process(7), monitor), Life(random, Process(8), monitor)
    for each in (one, two):
        each.begin()
    for _ in range(5):
        for each in (one, two):
            each.now = max(one.now, two.now)
            each.run(3, rate, loss=0.2)
    for each in (one, two, one, two):
        each.now = max(one.now, two.now)
        each.rest()

    assert monitor.missed == one.lost + two.lost
    assert monitor.workers.dirty[HOST].shared
    assert monitor.workers.dirty[HOST].restarts == 0


def test_what_a_worker_did_before_it_was_first_heard_is_not_missing() -> None:
    seen = Life(Random(1), Process(7, processed=5000), Monitor())
    seen.rest()
    seen.run(10, 5)
    seen.rest()

    assert seen.monitor.missed == 0


def test_a_worker_that_sends_no_task_events_is_said_to_send_none() -> None:
    seen = life(Random(1))
    seen.run(60, 5, loss=1.0)
    seen.rest()

    (gap,) = seen.monitor.gaps.values()
    assert (gap.why, gap.missed, gap.workers) == ("not-sent", seen.lost, {HOST: seen.lost})
