"""Queues are looked at while somebody scrapes, never in a scrape, and not for long after the last."""

import asyncio
import logging

import pytest
from typing_extensions import override

from flower_monitor.exceptions import BrokerError
from flower_monitor.web import queue_watch
from flower_monitor.web.queue_watch import EVERY, WANTED, QueueWatch
from flower_monitor.web.queues import Look, Queues
from tests.monitor.queues.sending import send
from tests.monitor.web.apps import client_of, config_for, running
from tests.monitor.web.stores import StoreFile
from tests.support.patience import PATIENCE
from tests.support.redis import RedisServer

pytestmark = pytest.mark.anyio


class Looked(Queues):
    """Counts looks."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.looks = 0
        self.broken = False
        self.seen: Look | None = None

    @override
    def last(self) -> Look | None:
        return self.seen

    @override
    async def look(self) -> Look:
        self.looks += 1
        if self.broken:
            raise BrokerError("it is down")
        self.seen = Look(self.now, "redis", (), False)
        return self.seen


@pytest.fixture
def queues() -> Looked:
    return Looked()


@pytest.fixture
def watch(queues: Looked) -> QueueWatch:
    return QueueWatch(queues, lambda: queues.now)


async def test_nobody_looks_when_nobody_scrapes(watch: QueueWatch, queues: Looked) -> None:
    await watch.round()

    assert queues.looks == 0


async def test_while_somebody_scrapes_there_is_a_look_at_a_time(watch: QueueWatch, queues: Looked) -> None:
    watch.want()
    for _ in range(3):
        await watch.round()
        queues.now += EVERY

    assert queues.looks == 3


async def test_looks_end_after_the_last_scrape(watch: QueueWatch, queues: Looked) -> None:
    watch.want()
    queues.now += WANTED + 1
    await watch.round()

    assert queues.looks == 0


async def test_a_look_of_somebody_else_will_do(watch: QueueWatch, queues: Looked) -> None:
    await queues.look()
    watch.want()
    queues.now += EVERY / 4
    await watch.round()

    assert queues.looks == 1


@pytest.mark.parametrize("jump", [-86400.0, 86400.0])
async def test_a_clock_that_is_set_neither_stops_nor_prolongs_them(
    watch: QueueWatch, queues: Looked, jump: float
) -> None:
    watch.want()
    queues.now += jump
    await watch.round()
    watch.want()
    await watch.round()

    assert queues.looks == 1


async def test_it_runs_by_itself_from_a_scrape_on(
    watch: QueueWatch, queues: Looked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_watch, "EVERY", 0.0)
    task = asyncio.create_task(watch.run())
    async with asyncio.timeout(PATIENCE):
        watch.want()
        while queues.looks < 3:
            await asyncio.sleep(0.01)
        queues.now += WANTED + 1
        while watch._wanted.is_set():
            await asyncio.sleep(0.01)
    looks = queues.looks
    task.cancel()

    assert looks >= 3


async def test_who_only_scrapes_sees_how_long_queues_are(
    redis: RedisServer, store: StoreFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_watch, "EVERY", 0.05)
    send(redis.url, "work", 3)
    config = config_for(store.path, broker_url=redis.url, queues=("work",), metrics=("exporter",))
    async with running(config) as app, client_of(app) as client, asyncio.timeout(PATIENCE):
        while 'celery_queue_length{queue_name="work"} 3.0' not in (await client.get("/metrics")).text:
            await asyncio.sleep(0.05)


async def test_a_scrape_without_these_gauges_has_nobody_look(store: StoreFile) -> None:
    async with running(config_for(store.path, metrics=("flower",))) as app, client_of(app) as client:
        await client.get("/metrics")
        wanted = app.state.context.watch._wanted.is_set()

    assert not wanted


async def test_a_broker_that_is_away_is_said_once(
    watch: QueueWatch, queues: Looked, caplog: pytest.LogCaptureFixture
) -> None:
    queues.broken = True
    watch.want()
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            await watch.round()

    said = [record.message for record in caplog.records if record.name == queue_watch.__name__]
    assert said == ["queues could not be read: it is down"]
