"""kill -9 amid a flood, again and again: the file is sound, and what was committed, or RabbitMQ keeps, is in it."""

import contextlib
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import apsw
import psutil
import pytest

from bench.load.generator import Generator
from bench.load.order import Order
from bench.load.shape import Shape
from flower_monitor.fold import row as r
from flower_monitor.store import connect
from flower_monitor.store.held import Held
from tests.monitor.program import Monitor, monitor
from tests.support.flood import flood
from tests.support.processes import until
from tests.support.rabbitmq import VirtualHost
from tests.support.redis import RedisServer

#: Seconds after a commit within which a kill comes: of two commits more, and of the checkpoint.
WITHIN = 0.5


@contextlib.contextmanager
def opened(seen: Monitor) -> Iterator[apsw.Connection]:
    """The file, as any reader has it."""
    connection = connect.reader(seen.store)
    try:
        yield connection
    finally:
        connection.close()


def committed(seen: Monitor) -> dict[object, int]:
    """Uuid -> number of events, of every task in the file, those that are held back for a moment among them."""
    with opened(seen) as connection, connection:  # in one transaction: a task is held back or in the table
        sizes = dict(connection.execute("select uuid, length(history) from task"))
        sizes |= {row[r.UUID]: len(row[r.HISTORY]) for row in Held(connection).load()}
    return {uuid: size // r.ENTRY.size for uuid, size in sizes.items()}


def grows(seen: Monitor) -> None:
    """Wait until ingest has committed new tasks."""
    with opened(seen) as connection:
        newest = connection.execute("select max(id) from task")
        before = newest.get or 0
        until(lambda: (connection.execute("select max(id) from task").get or 0) > before, "ingest commits")


def sound(seen: Monitor) -> bool:
    """What SQLite says of the whole file."""
    with opened(seen) as connection:
        return bool(connection.execute("pragma integrity_check").get == "ok")


def kill_ingest(seen: Monitor) -> None:
    """kill -9 of ingest alone; the supervisor starts it again half a second later."""
    ingest = psutil.Process(seen.ingest())
    ingest.kill()
    until(lambda: not ingest.is_running() or None, "it is dead")


def survives(seen: Monitor, kill: Callable[[Monitor], None], instant: float) -> bool:
    """A kill an instant after a commit: whether the file is sound, with every event of every task that it had."""
    grows(seen)
    time.sleep(instant)  # any part of a commit has to be hit, so nothing can be waited for
    before = committed(seen)
    kill(seen)
    after = committed(seen)
    whole = sound(seen) and all(after.get(uuid, 0) >= events for uuid, events in before.items())
    if not seen.program.alive():
        seen.restart()
    return whole


# Ten starts of the whole program: a busy machine takes long for these alone.
@pytest.mark.timeout(600)
def test_on_redis_twenty_kills_at_20_000_events_a_second_lose_nothing_committed(
    redis: RedisServer, tmp_path: Path
) -> None:
    """Ten of ingest alone and ten of all three processes, as by a node: the waits of the supervisor get longer."""
    instants = random.Random(1)
    with monitor(redis.url, tmp_path) as seen:
        seen.connected()
        with Generator(redis.url, Shape(), Order(rate=20_000)) as load:
            for kill in (kill_ingest, Monitor.kill) * 10:
                assert survives(seen, kill, instants.uniform(0, WITHIN))
            assert load.running()

        # What it received before the load ended may still be on its way into the file.
        until(lambda: len(committed(seen)) == seen.kept(1)["tasks"]["kept"], "as many are said to be kept as are")


@pytest.mark.timeout(600)
def test_on_rabbitmq_kills_at_3_000_events_a_second_lose_none(rabbitmq: VirtualHost, tmp_path: Path) -> None:
    instants = random.Random(1)
    with monitor(rabbitmq.url, tmp_path) as seen:
        seen.connected()
        with flood(rabbitmq.url, 3_000) as sent:
            for kill in (kill_ingest, kill_ingest, Monitor.kill, kill_ingest, Monitor.kill):
                assert survives(seen, kill, instants.uniform(0, WITHIN))
            seen.task(sent.finish(), "RECEIVED")
        kept = committed(seen)
        states = seen.get("/api/v1/summary")["tasks"]["states"]

    assert (len(kept), sum(kept.values())) == (sent.load.tasks + 1, sent.load.events)
    assert states == {**sent.load.states, "RECEIVED": 1}
