"""The whole program from the outside, with real workers: what only web's parts together can show."""

import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.monitor.program import LOGIN, Monitor, monitor
from tests.monitor.queues.sending import send as send_untold
from tests.support.celery import send, worker
from tests.support.patience import PATIENCE
from tests.support.processes import until
from tests.support.rabbitmq import VirtualHost
from tests.support.redis import RedisServer

GOLDEN: dict[str, Any] = {
    "name": "tests.support.celery_app.add", "state": "SUCCESS", "rejected": None, "failed": None, "retried": None,
    "revoked": None, "args": "(3, 4)", "kwargs": "{}", "eta": None, "expires": None, "retries": 0, "worker": "w1@test",
    "result": "7", "exception": None, "traceback": None, "exchange": "", "routing_key": "tests", "parent": None,
    "parent_id": None, "children": [],
}  # fmt: skip


@pytest.fixture(params=["redis", "rabbitmq"])
def broker(request: pytest.FixtureRequest) -> str:
    server: RedisServer | VirtualHost = request.getfixturevalue(request.param)
    return server.url


def noticed(seen: Monitor, code: str) -> Any:
    """The notice of a kind, once it is there; beside it may be one of what was missed, before or after it."""
    found = seen.get("/api/v1/summary")
    return next((one for one in found["notices"] if one["code"] == code), None) if found else None


def test_a_worker_without_events_is_made_to_send_them(broker: str, tmp_path: Path) -> None:
    with monitor(broker, tmp_path) as started:
        started.connected()
        with worker(broker, tmp_path, events=False) as silent:
            until(lambda: "enabled by remote" in silent.log, "it is made to")
            until(lambda: "asked for task events, since none were seen: w1@test" in started.log, "the log says so")
            uuid = send(broker, "add", 3, 4)
            started.task(uuid, "SUCCESS", sent=True)
            notice = until(lambda: noticed(started, "events-enabled"), "a notice says so")

    assert notice["severity"] == "info"
    assert "w1@test" in notice["message"]


def test_with_events_switched_off_the_worker_is_left_alone_and_reported(redis: RedisServer, tmp_path: Path) -> None:
    with monitor(redis.url, tmp_path, "--no-enable-events") as started:
        started.connected()
        with worker(redis.url, tmp_path, events=False):
            send(redis.url, "add", 3, 4)
            notice = until(lambda: noticed(started, "events-disabled"), "a notice says so")
            kept = started.get("/api/tasks", state="SUCCESS")

    assert "w1@test" in notice["message"]
    assert kept == {}


def test_flowers_bodies_of_a_real_task(redis: RedisServer, tmp_path: Path) -> None:
    with monitor(redis.url, tmp_path) as started:
        started.connected()
        with worker(redis.url, tmp_path):
            began = time.time()
            uuid = send(redis.url, "add", 3, 4)
            started.task(uuid, "SUCCESS", sent=True)
            info = started.get(f"/api/task/info/{uuid}")
            listed = started.get("/api/tasks")
            types = started.get("/api/task/types")

    assert {key: info[key] for key in GOLDEN} == GOLDEN
    assert info["uuid"] == info["root"] == info["root_id"] == uuid
    # The client tells of it once it has sent it, so a worker may be faster.
    assert began < info["sent"] < time.time()
    assert began < info["received"] <= info["started"] <= info["succeeded"]
    assert listed == {uuid: info}
    assert types == {"task-types": ["tests.support.celery_app.add"]}


def while_online(started: Monitor) -> str | None:
    text = started.text("/metrics")
    return text if 'flower_worker_online{worker="w1@test"} 1.0' in text else None


def test_metrics_of_a_real_task(redis: RedisServer, tmp_path: Path) -> None:
    name = "tests.support.celery_app.add"
    with monitor(redis.url, tmp_path) as started:
        started.connected()
        with worker(redis.url, tmp_path):
            started.task(send(redis.url, "add", 3, 4), "SUCCESS", sent=True)
            # One that a busy machine keeps from its heartbeats is lost for a while.
            text = until(lambda: while_online(started), "the worker is online")

    assert f'flower_events_total{{task="{name}",type="task-succeeded",worker="w1@test"}} 1.0' in text
    assert f'flower_task_runtime_seconds_count{{task="{name}",worker="w1@test"}} 1.0' in text
    assert "flower_monitor_broker_connected 1.0" in text
    assert 'type="task-sent",worker="gen@' in text


def test_a_real_worker_is_counted_by_its_only_queue_though_no_client_tells(redis: RedisServer, tmp_path: Path) -> None:
    name = "tests.support.celery_app.add"
    counted = f'celery_task_succeeded_total{{hostname="test",name="{name}",queue_name="tests"}}'
    options = ("--metrics=exporter", "--inspect-timeout=10000")
    with monitor(redis.url, tmp_path, *options) as started, worker(redis.url, tmp_path):
        started.connected()

        def scrape() -> bool | None:
            send_untold(redis.url, "tests", task=name, args=(3, 4))
            return counted in httpx.get(f"http://127.0.0.1:{started.port}/metrics", timeout=PATIENCE).text or None

        until(scrape, "the worker has told what it consumes")


def test_a_change_of_a_real_task_is_streamed(redis: RedisServer, tmp_path: Path) -> None:
    with monitor(redis.url, tmp_path) as started, worker(redis.url, tmp_path):
        started.connected()
        url = f"http://127.0.0.1:{started.port}/api/v1/stream?topics=tasks"
        with httpx.stream("GET", url, auth=LOGIN, timeout=PATIENCE) as response:
            lines = response.iter_lines()
            uuid = send(redis.url, "add", 3, 4)
            found = next(line for line in lines if uuid in line and '"state":"SUCCESS"' in line)

    assert found.startswith("data: ")


def test_no_password_is_in_the_log(redis: RedisServer, tmp_path: Path) -> None:
    with monitor(redis.url, tmp_path) as started:
        started.connected()
        url = f"http://127.0.0.1:{started.port}/api/v1/tasks"
        assert httpx.get(url, auth=("admin", "wrong-hunter2"), timeout=PATIENCE).status_code == 401
        assert httpx.get(url, auth=LOGIN, timeout=PATIENCE).status_code == 200

    assert "hunter2" not in started.log
    assert LOGIN[1] not in started.log
