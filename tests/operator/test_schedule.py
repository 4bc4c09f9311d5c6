"""The work queue."""

import asyncio
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from flower_operator.controller.queue import WorkQueue
from flower_operator.controller.schedule import BACKOFF_FIRST, BACKOFF_LAST, FIRST, Schedule, backoff
from tests.support.patience import PATIENCE

KEYS = st.integers(0, 4)
DELAYS = st.floats(0, 10)


class ScheduleMachine(RuleBasedStateMachine):
    """Against the simplest model: for each key the earliest time that somebody asked for since it was last taken."""

    def __init__(self) -> None:
        super().__init__()
        self.schedule: Schedule[int] = Schedule(random.Random(0))
        self.now = 0.0
        self.wanted: dict[int, float] = {}
        self.working: set[int] = set()

    @rule(key=KEYS, delay=DELAYS)
    def add(self, key: int, delay: float) -> None:
        due = self.now + delay
        self.schedule.add(key, due)
        self.wanted[key] = min(due, self.wanted.get(key, due))

    @rule(delay=DELAYS)
    def wait(self, delay: float) -> None:
        self.now += delay

    @rule()
    def pop(self) -> None:
        free = {key: due for key, due in self.wanted.items() if key not in self.working and due <= self.now}
        key = self.schedule.pop(self.now)
        if not free:
            assert key is None
            return
        assert key is not None
        assert key not in self.working
        assert self.wanted.pop(key) == min(free.values())
        self.working.add(key)

    @precondition(lambda self: self.working)
    @rule(data=st.data())
    def done(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.working)))
        self.schedule.done(key)
        self.working.remove(key)

    @invariant()
    def next_due_is_the_earliest_free_key(self) -> None:
        free = [due for key, due in self.wanted.items() if key not in self.working]
        assert self.schedule.next_due() == (min(free) if free else None)

    @invariant()
    def counts_are_right(self) -> None:
        free = [due for key, due in self.wanted.items() if key not in self.working]
        assert self.schedule.waiting(self.now) == sum(due <= self.now for due in free)
        assert self.schedule.working() == len(self.working)


TestSchedule = ScheduleMachine.TestCase
TestSchedule.settings = settings(max_examples=200, stateful_step_count=40, deadline=None)


@given(st.integers(0, 10_000), st.integers())
def test_backoff_stays_between_its_bounds(failures: int, seed: int) -> None:
    assert BACKOFF_FIRST <= backoff(failures, random.Random(seed)) <= BACKOFF_LAST


def test_backoff_grows_to_its_cap() -> None:
    rng = random.Random(1)
    assert backoff(0, rng) <= 2.0
    assert backoff(5, rng) >= 16.0
    assert backoff(100, rng) >= BACKOFF_LAST / 2


def test_a_success_starts_the_backoff_anew() -> None:
    schedule: Schedule[str] = Schedule(random.Random(1))
    for _ in range(8):
        schedule.failed("a")
    schedule.succeeded("a")
    assert schedule.failed("a") <= 2.0


def test_what_comes_first_goes_before_all_that_wait_in_its_own_order() -> None:
    schedule: Schedule[str] = Schedule(random.Random(1))
    for key, due in (("old", 1.0), ("one", FIRST), ("two", FIRST), ("new", 2.0)):
        schedule.add(key, due)

    assert [schedule.pop(3.0) for _ in range(4)] == ["one", "two", "old", "new"]


def test_a_key_that_waits_can_be_put_first() -> None:
    schedule: Schedule[str] = Schedule(random.Random(1))
    for key, due in (("old", 1.0), ("changed", 2.0), ("changed", FIRST)):
        schedule.add(key, due)

    assert [schedule.pop(3.0) for _ in range(3)] == ["changed", "old", None]


@pytest.mark.anyio
async def test_a_delay_can_be_none_at_all() -> None:
    queue: WorkQueue[str] = WorkQueue(asyncio.get_running_loop().time, random.Random(1))
    queue.add("looked at")
    queue.add("changed", FIRST)

    assert await queue.take() == "changed"


@pytest.mark.anyio
async def test_no_two_workers_have_one_key() -> None:
    loop = asyncio.get_running_loop()
    queue: WorkQueue[int] = WorkQueue(loop.time, random.Random(1))
    busy: set[int] = set()
    taken: list[int] = []

    async def work() -> None:
        while (key := await queue.take()) is not None:
            assert key not in busy
            busy.add(key)
            await asyncio.sleep(0.001)
            busy.remove(key)
            taken.append(key)
            queue.done(key)

    workers = [asyncio.create_task(work()) for _ in range(5)]
    for number in range(300):
        queue.add(number % 3)
        if number % 20 == 0:
            await asyncio.sleep(0.001)
    async with asyncio.timeout(PATIENCE):
        while queue.depth() or queue.working():
            await asyncio.sleep(0.005)
    queue.close()
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*workers)
    assert set(taken) == {0, 1, 2}
    assert len(taken) < 300, "keys that were added together were not taken together"


@pytest.mark.anyio
async def test_a_waiting_worker_is_woken_by_an_earlier_key() -> None:
    queue: WorkQueue[str] = WorkQueue(asyncio.get_running_loop().time, random.Random(1))
    queue.add("later", 3600)
    taker = asyncio.create_task(queue.take())
    await asyncio.sleep(0)
    queue.add("now")
    async with asyncio.timeout(PATIENCE):
        assert await taker == "now"
