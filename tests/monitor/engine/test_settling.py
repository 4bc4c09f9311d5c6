"""Tasks whose end no event told, with real workers: what became of them, and how that is known."""

import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import redis as redis_client

from flower_monitor import control
from flower_monitor.config import Config
from flower_monitor.control import Control
from flower_monitor.letterbox import Letters, Post
from flower_monitor.results import Results
from flower_monitor.truth.verdict import Verdict
from flower_monitor.web.due import SAME
from flower_monitor.web.settling import Settling
from flower_monitor.web.store import StoreAccess
from tests.monitor.program import Monitor, monitor
from tests.support import celery
from tests.support.patience import PATIENCE
from tests.support.processes import until
from tests.support.rabbitmq import VirtualHost
from tests.support.redis import RedisServer

#: Seconds that the clock of a settling is ahead: what it looks for has been quiet for long.
LATER = 3600.0


@asynccontextmanager
async def settling(
    seen: Monitor, broker: str, backend: str | None = None, ahead: float = LATER
) -> AsyncIterator[Callable[[], Any]]:
    """A look into the unfinished tasks of a monitor, as its web process does it, at a later time, and with more
    patience: a worker on a busy machine takes longer to answer."""
    config = Config(broker_url=broker, store=seen.store, result_backend=backend)
    store, asker, results = StoreAccess(config.store, 1, "test"), Control(config), Results(config)
    reading, writing = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    letters, post = Letters(reading.detach()), Post(writing.detach())
    found = Settling(store, asker, results, post, redis=broker.startswith("redis"), clock=lambda: time.time() + ahead)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(control, "PATIENCE", PATIENCE)
            patch.setattr(control, "DEADLINE", PATIENCE)
            yield found.round
        assert letters.read() is not None
    finally:
        asker.close()
        results.close()
        store.close()
        letters.close()
        post.close()


def heard(seen: Monitor) -> Any:
    """The worker, once a heartbeat of it was heard."""

    def look() -> Any:
        found = seen.get("/api/v1/workers")
        return found["items"][0] if found and found["items"] and found["items"][0]["pid"] else None

    return until(look, f"a worker: {seen.log[-1000:]}")


def of(verdicts: list[Verdict], outcome: str) -> Verdict:
    """The one verdict there is."""
    (verdict,) = verdicts
    assert verdict.verdict == outcome, verdict
    return verdict


@pytest.mark.parametrize("kind", ["redis", "rabbitmq"])
@pytest.mark.anyio
async def test_a_task_that_still_runs_is_running(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    broker: RedisServer | VirtualHost = request.getfixturevalue(kind)
    flag = tmp_path / "go"
    with monitor(broker.url, tmp_path) as seen:
        seen.connected()
        with celery.worker(broker.url, tmp_path, pool="threads"):
            heard(seen)
            task = celery.send(broker.url, "hold", str(flag))
            seen.task(task, "STARTED")
            async with settling(seen, broker.url) as look:
                verdict = of(await look(), "running")
            flag.touch()
            seen.task(task, "SUCCESS")

    assert verdict.why == "w1@test runs it"
    assert "w1@test says that it has it (active)" in verdict.evidence


@pytest.mark.anyio
async def test_a_task_that_ended_while_the_monitor_was_away_is_finished(redis: RedisServer, tmp_path: Path) -> None:
    flag, backend = tmp_path / "go", redis.url.replace("/0", "/1")
    with monitor(redis.url, tmp_path) as seen, celery.worker(redis.url, tmp_path, backend=backend, pool="threads"):
        seen.connected()
        heard(seen)
        task = celery.send(redis.url, "hold", str(flag))
        seen.task(task, "STARTED")
        seen.program.stop()
        flag.touch()
        with redis_client.Redis(port=redis.port, db=1) as results:
            until(lambda: results.exists(f"celery-task-meta-{task}"), "it ended")
        seen.restart()
        seen.task(task, "STARTED")
        # The worker is in the store from before; that something was missed is known once the broker is listened to.
        until(lambda: (seen.get("/api/v1/gaps") or {"items": []})["items"], "the gap is told")
        async with settling(seen, redis.url, backend) as look:
            verdict = of(await look(), "finished")
        async with settling(seen, redis.url) as look:
            unknown = of(await look(), "unknown")

    assert verdict.why == "the result backend has its result: SUCCESS"
    assert "no result backend is configured" in unknown.evidence
    assert any("events were missed" in one and "(stopped)" in one for one in unknown.evidence)


@pytest.mark.anyio
async def test_a_task_whose_worker_was_killed_is_lost_and_the_api_says_so(redis: RedisServer, tmp_path: Path) -> None:
    """By the program itself, from the missed heartbeats to the page."""
    with monitor(redis.url, tmp_path) as seen:
        seen.connected()
        with celery.worker(redis.url, tmp_path, pool="threads") as worker:
            heard(seen)
            task = celery.send(redis.url, "hold", str(tmp_path / "never"))
            seen.task(task, "STARTED")
            worker.kill()
            found = until(
                lambda: (seen.get(f"/api/v1/tasks/{task}") or {}).get("verdict"),
                f"a verdict: {seen.get('/api/v1/workers')} {seen.log[-1000:]}",
            )
            task_now = seen.get(f"/api/v1/tasks/{task}")
            flowers = seen.get(f"/api/task/info/{task}")
            (listed,) = seen.get("/api/v1/tasks")["items"]
            metrics = until(
                lambda: text if 'tasks_settled_total{verdict="lost"}' in (text := seen.text("/metrics")) else None,
                "it is counted",
            )

    assert (found["verdict"], found["why"]) == ("lost", "its worker fell silent while it ran")
    assert any("w1@test fell silent without a goodbye" in one for one in found["evidence"])
    assert "its message is not among the unacknowledged ones of Redis" in found["evidence"]
    assert task_now["state"] == flowers["state"] == "STARTED"
    assert "verdict" not in flowers
    assert listed["verdict"] == found
    assert 'flower_monitor_tasks_settled_total{verdict="lost"} 1.0' in metrics


@pytest.mark.anyio
async def test_a_task_whose_worker_was_killed_and_whose_message_is_not_acknowledged_waits(
    redis: RedisServer, tmp_path: Path
) -> None:
    with monitor(redis.url, tmp_path) as seen:
        seen.connected()
        with celery.worker(redis.url, tmp_path, pool="threads") as worker:
            heard(seen)
            task = celery.send(redis.url, "hold_late", str(tmp_path / "never"))
            seen.task(task, "STARTED")
            worker.kill()
            until(lambda: seen.get("/api/v1/workers")["items"][0]["state"] == "lost" or None, "it is lost")
            with redis_client.Redis(port=redis.port) as client:
                before = client.hlen("unacked")
                async with settling(seen, redis.url) as look:
                    verdict = of(await look(), "waiting")
                assert client.hlen("unacked") == before == 1

    assert "Redis holds its message as delivered and not acknowledged" in verdict.evidence


@pytest.mark.anyio
async def test_a_new_process_of_a_worker_that_was_killed_tells_that_the_task_is_lost(
    redis: RedisServer, tmp_path: Path
) -> None:
    # Of one that beats seldom nobody says that it fell silent before the new process is there.
    seldom = ("--heartbeat-interval", "60")
    with monitor(redis.url, tmp_path) as seen:
        seen.connected()
        with celery.worker(redis.url, tmp_path, pool="threads", options=seldom) as worker:
            first = heard(seen)["pid"]
            task = celery.send(redis.url, "hold", str(tmp_path / "never"))
            seen.task(task, "STARTED")
            worker.kill()
        # A process that began sooner after the task's last event may be the one that sent it.
        killed = time.time()
        until(lambda: time.time() > killed + SAME, "the new process is told apart by its time")
        with celery.worker(redis.url, tmp_path, pool="threads"):
            until(lambda: heard(seen)["pid"] != first or None, "the new one is heard")
            restarted = heard(seen)
            # The monitor's own look: it may have been before any of ours, and a task is judged as lost once.
            verdict = until(lambda: (seen.get(f"/api/v1/tasks/{task}") or {}).get("verdict"), "a verdict")

    assert restarted["restarts"] == 1
    assert (verdict["verdict"], verdict["why"]) == ("lost", "its worker was started anew while it ran")


@pytest.mark.anyio
async def test_a_task_that_just_began_is_not_looked_into(redis: RedisServer, tmp_path: Path) -> None:
    flag = tmp_path / "go"
    with monitor(redis.url, tmp_path) as seen:
        seen.connected()
        with celery.worker(redis.url, tmp_path, pool="threads"):
            heard(seen)
            task = celery.send(redis.url, "hold", str(flag))
            seen.task(task, "STARTED")
            async with settling(seen, redis.url, ahead=0.0) as look:
                assert await look() == []
            flag.touch()
            seen.task(task, "SUCCESS")
