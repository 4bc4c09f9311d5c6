"""Decisions are a pure function, and keep their promises whatever is seen."""

import math
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flower_monitor.autoscale.decide import (
    LEAST_KEPT,
    Decision,
    Memory,
    Sample,
    Worker,
    blind,
    decide,
    recommend,
    undone,
)
from flower_monitor.autoscale.policy import Policy
from tests.monitor.autoscale.made import policy


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    low = draw(st.integers(1, 20))
    return policy(
        min=low,
        max=low + draw(st.integers(0, 50)),
        metric=draw(st.sampled_from(["load", "ready", "oldest_age"])),
        target=draw(st.floats(0.1, 100)),
        scaleUpStep=draw(st.none() | st.integers(1, 20)),
        scaleDownStep=draw(st.integers(1, 20)),
        stabilizationSeconds={"up": draw(st.integers(0, 120)), "down": draw(st.integers(0, 600))},
        cooldown=draw(st.integers(0, 120)),
    )


WORKERS = st.dictionaries(
    st.sampled_from(["w1", "w2", "w3"]), st.builds(Worker, st.integers(1, 80), st.integers(0, 80)), max_size=3
)
SAMPLES = st.lists(
    st.tuples(st.integers(1, 90), st.none() | st.floats(0, 5000), WORKERS, st.integers(0, 40)), min_size=1, max_size=40
)


def played(chosen: Policy, samples: list[Any]) -> list[tuple[Sample, Decision]]:
    """The decisions on samples that follow each other; pools get what is decided."""
    found, memory, now = [], Memory(), 0.0
    for seconds, measure, workers, others in samples:
        now += seconds
        sample = Sample(now, measure, workers, others)
        decision = decide(chosen, sample, memory)
        found.append((sample, decision))
        memory = decision.memory
    return found


@given(policies(), SAMPLES)
def test_a_level_stays_within_its_bounds(chosen: Policy, samples: list[Any]) -> None:
    levels = [decision.level for _, decision in played(chosen, samples) if decision.level is not None]

    assert all(chosen.min <= level <= chosen.max for level in levels)


@given(policies(), SAMPLES)
def test_a_level_moves_by_no_more_than_a_step(chosen: Policy, samples: list[Any]) -> None:
    levels = [decision.level for _, decision in played(chosen, samples) if decision.level is not None]

    for before, after in pairwise(levels):
        assert after - before <= (chosen.scale_up_step or chosen.max)
        assert before - after <= chosen.scale_down_step


@given(policies(), SAMPLES)
def test_no_worker_loses_a_process_that_has_a_task(chosen: Policy, samples: list[Any]) -> None:
    for sample, decision in played(chosen, samples):
        for name, size in decision.sizes.items():
            worker = sample.workers[name]
            assert size > worker.size or size >= min(worker.active, worker.size)


@given(policies(), SAMPLES)
def test_what_is_not_known_changes_nothing(chosen: Policy, samples: list[Any]) -> None:
    for sample, decision in played(chosen, samples):
        if sample.measure is None and decision.before is not None:
            assert decision.level == decision.before


@given(policies(), SAMPLES)
def test_two_changes_are_a_cooldown_apart(chosen: Policy, samples: list[Any]) -> None:
    changes = [
        sample.now
        for sample, decision in played(chosen, samples)
        if decision.before is not None and decision.level != decision.before
    ]

    assert all(after - before >= chosen.cooldown for before, after in pairwise(changes))


@given(policies(), SAMPLES)
def test_a_change_is_what_the_whole_window_recommended(chosen: Policy, samples: list[Any]) -> None:
    windows = chosen.stabilization_seconds
    history: list[tuple[float, int]] = []
    for sample, decision in played(chosen, samples):
        if decision.level is None or not sample.workers:
            continue
        if decision.before is None:
            history.append((sample.now, decision.level))
            continue
        known = decision.recommendation
        history.append((sample.now, decision.before if known is None else known))
        if decision.level > decision.before:
            assert all(size >= decision.level for at, size in history if at >= sample.now - windows.up)
        if decision.level < decision.before:
            assert all(size <= decision.level for at, size in history if at >= sample.now - windows.down)


@given(policies(), st.floats(0, 5000), st.floats(0, 5000), st.integers(1, 70))
def test_more_to_do_never_recommends_less(chosen: Policy, one: float, other: float, level: int) -> None:
    workers = {"w1": Worker(4, 0), "w2": Worker(4, 0)}
    low, high = [recommend(chosen, Sample(0, measure, workers), level) for measure in sorted((one, other))]

    assert low is not None
    assert high is not None
    # About its target an age recommends what there is, which may be more than just beside it.
    assert low <= high or chosen.metric == "oldest_age"


@given(policies(), st.floats(0, 5000))
def test_what_stays_the_same_comes_to_rest(chosen: Policy, measure: float) -> None:
    """A backlog, not an age: that depends on the size."""
    samples = [(60, measure, {"w1": Worker(4, 0), "w2": Worker(4, 0)}, 0)] * 200
    levels = [decision.level for _, decision in played(chosen, samples)]
    enough = recommend(chosen, Sample(0, measure, {"w1": Worker(4, 0), "w2": Worker(4, 0)}), 4)

    if chosen.metric != "oldest_age":
        assert set(levels[150:]) == {enough}


@given(policies(), SAMPLES, st.integers(0, 600))
def test_a_history_is_no_longer_than_its_windows(chosen: Policy, samples: list[Any], more: int) -> None:
    window = max(chosen.stabilization_seconds.up, chosen.stabilization_seconds.down, LEAST_KEPT)
    (*_, (sample, decision)) = played(chosen, samples)
    later = blind(chosen, decision.memory, sample.now + more)

    for memory, now in ((decision.memory, sample.now), (later, sample.now + more)):
        assert all(at >= now - window or not sample.workers for at, _ in memory.recommended)


def step(chosen: Policy, memory: Memory, now: float, measure: float | None, **workers: Worker) -> Decision:
    return decide(chosen, Sample(now, measure, workers), memory)


def test_a_backlog_asks_for_a_process_for_each_of_what_a_process_should_have() -> None:
    workers = {"w1": Worker(2, 2), "w2": Worker(2, 2)}

    assert recommend(policy(target=0.8, max=50), Sample(0, 16, workers), 2) == 10
    assert recommend(policy(target=10, metric="ready", max=50), Sample(0, 45, workers), 2) == 3


def test_what_others_can_do_is_not_asked_for_again() -> None:
    assert recommend(policy(target=1), Sample(0, 10, {"w1": Worker(2, 0)}, others=4), 2) == 6


def test_an_age_near_its_target_is_right() -> None:
    chosen = policy(metric="oldest_age", target=60)
    workers = {"w1": Worker(4, 0)}

    assert [recommend(chosen, Sample(0, age, workers), 4) for age in (65, 120, 0)] == [4, 8, 1]


def test_a_worker_that_comes_back_gets_what_the_others_have() -> None:
    chosen = policy(stabilizationSeconds={"up": 0, "down": 300}, cooldown=300)
    first = step(chosen, Memory(), 0, 0, w1=Worker(2, 0))
    grown = step(chosen, first.memory, 10, 8, w1=Worker(2, 0))
    back = step(chosen, grown.memory, 20, 8, w1=Worker(10, 0), w2=Worker(2, 0))

    assert (grown.level, dict(grown.sizes)) == (10, {"w1": 10})
    assert dict(back.sizes) == {"w2": 10}


def test_a_busy_pool_gives_up_what_is_idle_only() -> None:
    chosen = policy(stabilizationSeconds={"up": 0, "down": 0}, scaleDownStep=9, cooldown=0)
    first = step(chosen, Memory(), 0, 8, w1=Worker(10, 6))
    shrunk = step(chosen, first.memory, 10, 1, w1=Worker(10, 6))

    assert (shrunk.level, dict(shrunk.sizes)) == (2, {"w1": 6})


def test_after_an_outage_nothing_shrinks_for_a_whole_window() -> None:
    chosen = policy(stabilizationSeconds={"up": 0, "down": 300}, cooldown=0)
    memory = step(chosen, Memory(), 0, 8, w1=Worker(10, 0)).memory
    memory = blind(chosen, memory, 1000)
    levels = []
    for now in (1010, 1290, 1301):
        decision = step(chosen, memory, now, 0, w1=Worker(10, 0))
        memory = decision.memory
        levels.append(decision.level)

    assert levels == [10, 10, 9]


def test_workers_that_were_away_are_seen_for_a_whole_window_before_they_shrink() -> None:
    chosen = policy(stabilizationSeconds={"up": 0, "down": 300}, cooldown=0)
    memory = step(chosen, Memory(), 0, 8, w1=Worker(10, 0)).memory
    levels = []
    for now in (1010, *range(1020, 1311, 10), 1311):
        decision = step(chosen, memory, now, 0, w1=Worker(10, 0))
        memory = decision.memory
        levels.append(decision.level)

    assert (set(levels[:-1]), levels[-1]) == ({10}, 9)


def test_a_decision_that_was_vetoed_is_made_again_after_the_cooldown() -> None:
    chosen = policy(stabilizationSeconds={"up": 0, "down": 300}, cooldown=60)
    first = step(chosen, Memory(), 0, 0, w1=Worker(2, 0))
    grown = step(chosen, first.memory, 10, 8, w1=Worker(2, 0))
    memory = undone(grown, 10)
    levels = [step(chosen, memory, now, 8, w1=Worker(2, 0)).level for now in (20, 69, 70)]

    assert (grown.level, levels) == (10, [2, 2, 10])


def test_without_workers_nothing_is_decided() -> None:
    found = decide(policy(), Sample(0, 100, {}), Memory())

    assert (found.level, found.sizes, found.memory) == (None, {}, Memory())


@pytest.mark.parametrize("measure", [0.1 + 0.2, 3 * 0.8])
def test_a_fraction_of_floating_point_asks_for_no_process(measure: float) -> None:
    target = measure / 3
    chosen = policy(target=target)

    assert recommend(chosen, Sample(0, measure, {"w1": Worker(1, 0)}), 1) == 3
    assert math.ceil(measure / target) in (3, 4)
