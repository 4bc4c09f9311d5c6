"""One look at the broker's queues is shared by all who ask, and a broker that is down or hangs costs each little."""

import asyncio
from collections.abc import Mapping, Sequence

import pytest
from starlette.applications import Starlette

from flower_monitor.exceptions import BrokerError
from flower_monitor.queues.records import Depth, Depths, Peeked
from flower_monitor.web import queues as module
from flower_monitor.web.inspection import Inspection
from flower_monitor.web.queues import ASK_WORKERS, FRESH, LEFT_OUT, Look, Queues
from tests.monitor.web.apps import config_for
from tests.monitor.web.stores import StoreFile, task
from tests.monitor.web.test_inspection import FakeControl

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def _nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """No waiting for workers where there are none."""
    monkeypatch.setattr(module, "WORKERS_PATIENCE", 0.01)


class FakeBroker:
    """Counts looks, and answers late, fails or lacks queues at will: what no real broker does on command."""

    def __init__(self) -> None:
        self.looks: list[list[str]] = []
        self.lacks: set[str] = set()
        self.broken = False
        self.gate = asyncio.Event()
        self.gate.set()

    async def look(self, names: Sequence[str], bindings: Mapping[tuple[str, str], str]) -> Depths:
        self.looks.append(list(names))
        await self.gate.wait()
        if self.broken:
            raise BrokerError("it is down")
        return Depths("redis", tuple(Depth(name=name, ready=5) for name in names if name not in self.lacks))

    async def peek(self, name: str, limit: int) -> list[Peeked]:
        await self.look([name], {})
        return []

    def close(self) -> None:
        return None


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def queues(app: Starlette, store: StoreFile, clock: Clock) -> Queues:
    """Those of an app, with the fake in the broker's place."""
    context = app.state.context
    made = Queues(config_for(store.path, queues=("work",)), context.store, context.control, context.inspection, clock)
    made.close()
    made._broker = FakeBroker()  # type: ignore[assignment]  # the part of it that is used
    return made


@pytest.fixture
def broker(queues: Queues) -> FakeBroker:
    assert isinstance(queues._broker, FakeBroker)
    return queues._broker


async def test_all_who_ask_at_once_share_one_look(queues: Queues, broker: FakeBroker, clock: Clock) -> None:
    await asyncio.gather(*(queues.look() for _ in range(20)))
    await queues.look()
    clock.now += FRESH
    await queues.look()

    assert broker.looks == [["work"]] * 2


async def test_a_queue_of_the_last_look_is_not_looked_at_again(queues: Queues, broker: FakeBroker) -> None:
    await queues.look()
    row = await queues.look_at("work")

    assert (row is not None, broker.looks) == (True, [["work"]])


async def test_a_queue_that_is_no_longer_known_is_still_told_when_it_is_there(
    queues: Queues, broker: FakeBroker, clock: Clock
) -> None:
    await queues.look()
    queues._configured = ("other",)
    clock.now += FRESH

    assert await queues.look_at("work") is not None


async def test_one_who_leaves_takes_nothing_from_the_others(queues: Queues, broker: FakeBroker) -> None:
    broker.gate.clear()
    leaving, staying = [asyncio.create_task(queues.look()) for _ in range(2)]
    await _looked(broker)
    leaving.cancel()
    broker.gate.set()
    found = await staying

    assert isinstance(found, Look)
    assert len(broker.looks) == 1


async def _looked(broker: FakeBroker) -> None:
    while not broker.looks:
        await asyncio.sleep(0.001)


async def test_a_broker_that_is_down_is_asked_once_by_all_who_wait(
    queues: Queues, broker: FakeBroker, clock: Clock
) -> None:
    """Otherwise each of them would wait for the time limit, one after the other."""
    broker.broken = True
    names = [f"q{number}" for number in range(10)]
    failed = await asyncio.gather(*(queues.look_at(name) for name in names), return_exceptions=True)
    assert [type(error) for error in failed] == [BrokerError] * 10
    assert len(broker.looks) == 1

    broker.broken = False
    clock.now += FRESH
    assert await queues.look_at("q1") is not None


async def test_a_broker_that_hangs_has_one_look_or_peek_at_a_time(queues: Queues, broker: FakeBroker) -> None:
    """D8: the threads of control are for all."""
    broker.gate.clear()
    asked = [asyncio.create_task(queues.look_at(f"q{number}")) for number in range(5)]
    peeked = [asyncio.create_task(queues.peek("work", 1)) for _ in range(5)]
    await _looked(broker)
    for _ in range(20):
        await asyncio.sleep(0)
    under_way = len(broker.looks)
    broker.gate.set()
    await asyncio.gather(*asked, *peeked)

    assert (under_way, len(broker.looks)) == (1, 10)


async def test_a_queue_that_the_broker_has_not_is_left_out_for_a_while(
    queues: Queues, broker: FakeBroker, clock: Clock, store: StoreFile
) -> None:
    """RabbitMQ writes an error to its log each time."""
    store.add(task(queue="celery"))
    broker.lacks = {"celery"}
    for later in (FRESH, FRESH, LEFT_OUT):
        await queues.look()
        clock.now += later
    await queues.look()

    assert broker.looks == [["work", "celery"], ["work"], ["work"], ["work", "celery"]]


async def test_what_was_looked_at_by_name_is_not_kept_for_long(
    queues: Queues, broker: FakeBroker, clock: Clock
) -> None:
    for number in range(50):
        await queues.look_at(f"q{number}")
        clock.now += FRESH

    assert len(queues._kept) <= 2


async def test_more_queues_than_a_look_takes_are_cut_and_said_to_be(
    queues: Queues, broker: FakeBroker, monkeypatch: pytest.MonkeyPatch, store: StoreFile
) -> None:
    monkeypatch.setattr(module, "MOST_QUEUES", 1)
    store.add(task(queue="celery"))
    look = await queues.look()

    assert ([row.name for row in look.items], look.truncated) == (["work"], True)


async def test_a_trend_tells_growth_and_drain_time(queues: Queues, broker: FakeBroker, clock: Clock) -> None:
    await queues.look()
    clock.now += 10
    broker.look = _five_less  # type: ignore[method-assign]
    (row,) = (await queues.look()).items

    assert row.growth == -0.3
    assert row.drain_time == pytest.approx(2 / 0.3)


async def _five_less(names: Sequence[str], bindings: Mapping[tuple[str, str], str]) -> Depths:
    return Depths("redis", tuple(Depth(name=name, ready=2) for name in names))


async def test_workers_are_asked_again_once_a_minute_while_somebody_looks(
    app: Starlette, store: StoreFile, clock: Clock
) -> None:
    store.worker("w1@host")
    context, control = app.state.context, FakeControl()
    control.replies = {"w1@host": {"active_queues": []}}
    made = Queues(config_for(store.path), context.store, control, Inspection(control, clock), clock)
    made.close()
    made._broker = FakeBroker()  # type: ignore[assignment]  # the part of it that is used
    asked = []
    for later in (FRESH, FRESH, ASK_WORKERS, FRESH):
        await made.look()
        asked.append(len(control.asked))
        clock.now += later

    assert asked == [1, 1, 1, 2]
