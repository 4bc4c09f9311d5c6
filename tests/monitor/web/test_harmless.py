"""Nothing of the monitor ever moves a message of somebody else.

On Redis, kombu hands an unacknowledged message back to its queue once it is older than the visibility timeout
of whoever waits for something, an hour by default: a task that is still running elsewhere then runs twice.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import redis as redis_client
from celery import Celery

from flower_monitor.config import Config
from flower_monitor.control import Control
from flower_monitor.unacknowledged import MOST_BYTES, look
from tests.monitor.program import LOGIN, Monitor, monitor
from tests.monitor.web.sites import Site, monitored
from tests.monitor.web.stores import StoreFile
from tests.support.celery import environment
from tests.support.patience import PATIENCE
from tests.support.processes import running, until
from tests.support.redis import RedisServer, sentinel

AGE = 30 * 86400
"""Seconds: older than any default, and than any timeout that somebody would set."""


class Unacknowledged:
    """A message that a worker took long ago and still works on."""

    def __init__(self, url: str) -> None:
        self.client = redis_client.Redis.from_url(url)
        message = {"body": "e30=", "headers": {}, "properties": {"delivery_info": {}, "priority": 0}}
        self.client.hset("unacked", "tag-1", json.dumps([message, "", "celery"]))
        self.client.zadd("unacked_index", {"tag-1": time.time() - AGE})
        self.client.sadd("_kombu.binding.celery", "celery\x06\x16\x06\x16celery")

    def is_where_it_was(self) -> bool:
        return bool(self.client.hexists("unacked", "tag-1")) and self.client.llen("celery") == 0


@contextmanager
def patient_worker(broker: str, folder: Path) -> Iterator[None]:
    """A worker without events; a stock one would hand the message back itself."""
    command = [
        *(sys.executable, "-m", "celery", "-A", "tests.monitor.web.patient_app", "worker"),
        *("--pool", "solo", "--hostname", "p1@test"),
    ]
    with running(command, folder / "p1.log", environment(broker)):
        yield


@pytest.fixture
def message(redis: RedisServer) -> Iterator[Unacknowledged]:
    made = Unacknowledged(redis.url)
    yield made
    made.client.close()


def test_a_stock_client_moves_it(redis: RedisServer, message: Unacknowledged) -> None:
    """What this file is about is real, and the tests below would see it."""
    with Celery(broker=redis.url, set_as_current=False) as app:
        until(lambda: app.control.inspect(timeout=1).ping() or not message.is_where_it_was(), "it is moved")


def asked(started: Monitor, **parameters: str) -> Any:
    """What the worker said when it was asked just now."""
    return (started.get("/api/workers", refresh=1, **parameters) or {}).get("p1@test", {})


@contextmanager
def plain(redis: RedisServer, folder: Path) -> Iterator[tuple[str, ...]]:
    """How a monitor is told of a Redis."""
    yield (redis.url,)


@contextmanager
def by_sentinel(redis: RedisServer, folder: Path) -> Iterator[tuple[str, ...]]:
    """The same by way of a Sentinel."""
    # A Redis that is slow to answer is not down: nothing is to be failed over here.
    with sentinel(folder / "sentinel", redis, "sentinel down-after-milliseconds mymaster 600000") as port:
        options = json.dumps({"master_name": "mymaster"})
        yield f"sentinel://127.0.0.1:{port}/0", "--broker-transport-options", options


COMMANDS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("POST", "/api/worker/pool/grow/p1@test", {"n": 1}),
    ("POST", "/api/worker/pool/shrink/p1@test", {"n": 1}),
    ("POST", "/api/worker/pool/restart/p1@test", {}),
    ("POST", "/api/worker/pool/autoscale/p1@test", {"min": 1, "max": 2}),
    ("POST", "/api/worker/queue/add-consumer/p1@test", {"queue": "other"}),
    ("POST", "/api/worker/queue/cancel-consumer/p1@test", {"queue": "other"}),
    ("POST", "/api/task/revoke/some-id", {"terminate": True}),
    ("POST", "/api/task/timeout/no.such", {"workername": "p1@test", "soft": 1}),
    ("POST", "/api/task/rate-limit/no.such", {"workername": "p1@test", "ratelimit": "1/m"}),
    ("PUT", "/api/v1/workers/p1@test/pool", {"concurrency": 2}),
    ("POST", "/api/v1/tasks/some-id/revoke", {}),
    ("POST", "/api/v1/tasks/revoke", {}),
    ("POST", "/api/v1/tasks/revoke", {"dry_run": False, "expect": 0}),
    ("GET", "/api/v1/workers/p1@test", {}),
    ("POST", "/api/v1/workers/p1@test/drain", {"deadline": 0}),
    ("POST", "/api/worker/shutdown/p1@test", {}),
)
"""Every command, those that a worker in one process refuses too, and the last of them last."""


UNANSWERED = (202, 503, 504)
"""Statuses of a command of which the worker, or Redis, has not said in time what came of it."""


def command(started: Monitor, method: str, path: str, body: dict[str, Any]) -> int:
    """The status that a command is answered with, given until those who are asked say something."""
    url = f"http://127.0.0.1:{started.port}{path}"

    def give() -> int | None:
        sent = None if method == "GET" else body
        status = httpx.request(method, url, auth=LOGIN, timeout=PATIENCE, json=sent).status_code
        return None if status in UNANSWERED else status

    return until(give, f"{method} {path} is answered: {started.log[-2000:]}")


@pytest.mark.parametrize("way", [plain, by_sentinel])
def test_no_feature_of_the_monitor_does(
    way: Callable[[RedisServer, Path], AbstractContextManager[tuple[str, ...]]],
    redis: RedisServer,
    message: Unacknowledged,
    tmp_path: Path,
) -> None:
    """Events, asking for events, asking all workers and one, with and without answers, and commands."""
    message.client.config_resetstat()
    with way(redis, tmp_path) as (broker, *options), monitor(broker, tmp_path, *options) as started:
        started.connected()
        # The first question imports kombu, which takes its time on a busy machine.
        until(lambda: started.get("/api/workers", refresh=1) == {}, "nobody answers")
        with patient_worker(redis.url, tmp_path):
            until(lambda: "asked for task events" in started.log, f"the worker is told: {started.log}")
            until(lambda: "stats" in asked(started), "the worker answers all")
            until(lambda: "active" in asked(started, workername="p1@test"), "the worker answers alone")
            assert started.get("/api/workers")
            answers = [command(started, *one) for one in COMMANDS]
        started.get("/api/workers", refresh=1)
        asked_for = {name.removeprefix("cmdstat_") for name in message.client.info("commandstats")}

    assert message.is_where_it_was()
    assert 200 in answers
    assert set(answers) <= {200, 403, 404, 422}, "each was carried out, or refused by the worker"
    assert "psubscribe" in asked_for
    assert not asked_for & {
        "keys",
        "scan",
        "sscan",
        "hscan",
        "zscan",
        "lrange",
        "hgetall",
        "hvals",
        "monitor",
        "flushdb",
    }


@pytest.mark.parametrize("way", [plain, by_sentinel])
def test_looking_into_queues_and_purging_one_does_not(
    way: Callable[[RedisServer, Path], AbstractContextManager[tuple[str, ...]]],
    redis: RedisServer,
    message: Unacknowledged,
    tmp_path: Path,
) -> None:
    """Lengths, messages, a purge: nothing is taken from a queue, and no command walks the keyspace or a whole key."""
    for number in range(3):
        message.client.lpush("work", json.dumps({"body": "", "headers": {"id": f"task-{number}"}, "properties": {}}))
    with way(redis, tmp_path) as (broker, *options), monitor(broker, tmp_path, *options) as started:
        started.connected()
        until(lambda: started.get("/api/queues/length"), "lengths are told")
        # Which asks workers too, and does not wait for long: a poll for their replies must not be counted below.
        until(lambda: started.get("/api/workers", refresh=1) == {}, "nobody answers")
        message.client.config_resetstat()
        assert started.get("/api/v1/queues")
        assert started.get("/api/v1/queues/work")["ready"] == 3
        until(lambda: started.get("/api/v1/autoscale/queues/work"), "the numbers for KEDA are told")
        assert [one["id"] for one in started.get("/api/v1/queues/work/messages")["items"]] == [
            "task-0",
            "task-1",
            "task-2",
        ]
        assert message.client.llen("work") == 3
        assert started.post("/api/v1/queues/work/purge", {"expect": 3}) == {"name": "work", "purged": 3}
        asked_for = {name.removeprefix("cmdstat_") for name in message.client.info("commandstats")}

    assert message.is_where_it_was()
    assert asked_for >= {"llen", "lrange", "hscan", "eval", "unlink"}
    assert not asked_for & {
        "keys",
        "scan",
        "sscan",
        "zscan",
        "hgetall",
        "hvals",
        "rpop",
        "brpop",
        "lpop",
        "zrevrangebyscore",
    }


def test_a_break_of_the_connection_and_a_kill_move_nothing_either(
    redis: RedisServer, message: Unacknowledged, tmp_path: Path
) -> None:
    """Reconnecting, and a monitor that is killed in the middle of it all."""
    with monitor(redis.url, tmp_path) as started:
        since = started.connected()["broker"]["since"]
        message.client.client_kill_filter(_type="pubsub")
        until(lambda: "closed the connection" in started.log, "the break is seen")
        since = started.connected(after=since)["broker"]["since"]
        until(lambda: started.get("/api/workers", refresh=1) == {}, "nobody answers")
        for child in started.program.children():
            child.kill()
        until(lambda: "ended unexpectedly" in started.log, "they are started again")
        started.connected(after=since)

    assert message.is_where_it_was()


@pytest.mark.parametrize("backend", ["rpc://", "redis"])
@pytest.mark.anyio
async def test_sending_tasks_and_waiting_for_results_moves_none(
    backend: str, redis: RedisServer, message: Unacknowledged, store: StoreFile
) -> None:
    """By rpc:// a connection of ours waits for messages all the time, as a worker's does."""
    place = Site(redis.url, redis.url if backend == "redis" else backend)
    async with monitored(place, store.path) as client:
        sent = await client.post("/api/task/send-task/tasks.any", json={"queue": "unread", "countdown": 1})
        waited = await client.get(f"/api/task/result/{sent.json()['task-id']}", params={"timeout": 3})

    assert waited.json()["state"] == "PENDING"
    assert message.client.llen("unread") == 1
    assert message.is_where_it_was()


@pytest.mark.parametrize("prefix", ["", "team-a:"])
@pytest.mark.anyio
async def test_looking_for_unacknowledged_messages_moves_none(
    prefix: str, redis: RedisServer, message: Unacknowledged, tmp_path: Path
) -> None:
    """It finds them, also below a prefix, and asks workers on the way."""
    stored = [{"body": "e30=", "headers": {"id": "task-1"}, "properties": {"delivery_info": {}}}, "", "celery"]
    message.client.hset(f"{prefix}unacked", "tag-2", json.dumps(stored))
    message.client.zadd(f"{prefix}unacked_index", {"tag-2": time.time() - AGE})
    options = {"global_keyprefix": prefix} if prefix else {}
    control = Control(Config(broker_url=redis.url, store=tmp_path / "s", transport_options=options))
    try:
        held = await control.use(lambda connection: look(connection, {"task-1", "task-2"}))
        await control.ask({"query_task": {"ids": ["task-1"]}}, ["w1@test"], ["w1@test"])
    finally:
        control.close()

    assert held == (frozenset({"task-1"}), True)
    assert message.is_where_it_was()
    assert message.client.hexists(f"{prefix}unacked", "tag-2")


@pytest.mark.anyio
async def test_a_flood_of_unacknowledged_messages_is_not_read_to_its_end(
    redis: RedisServer, message: Unacknowledged, tmp_path: Path
) -> None:
    large = json.dumps([{"body": "x" * 100_000, "headers": {"id": "other"}}, "", "celery"])
    for number in range(300):
        message.client.hset("unacked", f"large-{number}", large)
    control = Control(Config(broker_url=redis.url, store=tmp_path / "s"))
    try:
        held = await control.use(lambda connection: look(connection, {"task-1"}))
    finally:
        control.close()

    assert held == (frozenset(), False)
    assert message.client.info("stats")["total_net_output_bytes"] < 3 * MOST_BYTES
