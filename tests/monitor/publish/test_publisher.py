"""What an app's own settings change of sending and of results, on a real Redis."""

import json
from pathlib import Path
from typing import Any

import pytest
import redis as redis_client

from flower_monitor.exceptions import BackendError
from flower_monitor.publish import outcomes, publisher
from flower_monitor.publish.order import order
from flower_monitor.publish.publisher import Publisher
from tests.monitor.web.apps import config_for
from tests.support.patience import PATIENCE
from tests.support.redis import RedisServer

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loading Celery takes its time on a busy machine."""
    for module in (outcomes, publisher):
        monkeypatch.setattr(module, "DEADLINE", PATIENCE)


def publisher_of(redis: RedisServer, settings: dict[str, Any]) -> Publisher:
    config = config_for(Path("unused"), broker_url=redis.url, result_backend=redis.url)
    return Publisher(config, settings, ["tasks.ours"])


@pytest.mark.parametrize(
    ("settings", "queue"),
    [
        ({}, "celery"),
        ({"task_default_queue": "mine"}, "mine"),
        ({"task_routes": {"tasks.*": {"queue": "routed"}}}, "routed"),
        ({"task_always_eager": True, "result_backend": "nonsense://"}, "celery"),
    ],
)
async def test_a_task_goes_where_the_app_says(redis: RedisServer, settings: dict[str, Any], queue: str) -> None:
    sending = publisher_of(redis, settings)

    await sending.send(order("tasks.ours", {}), as_registered=True)
    sending.close()

    with redis_client.Redis.from_url(redis.url) as broker:
        assert broker.llen(queue) == 1


async def test_results_are_looked_for_where_the_app_has_them(redis: RedisServer) -> None:
    sending = publisher_of(redis, {"result_backend_transport_options": {"global_keyprefix": "team:"}})
    meta = {"status": "SUCCESS", "result": 5, "traceback": None, "task_id": "a"}
    with redis_client.Redis.from_url(redis.url) as backend:
        backend.set("team:celery-task-meta-a", json.dumps(meta))

    outcome = await sending.outcomes.read("a")
    sending.close()

    assert (outcome.state, outcome.result) == ("SUCCESS", 5)


async def test_tasks_of_the_app_and_of_celery_are_known(redis: RedisServer) -> None:
    sending = publisher_of(redis, {})

    known = [await sending.registers(name) for name in ("tasks.ours", "celery.chord", "tasks.other")]
    sending.close()

    assert known == [True, True, False]


async def test_a_worker_pickling_its_results_can_not_make_the_monitor_unpickle_them(redis: RedisServer) -> None:
    sending = publisher_of(redis, {"result_serializer": "pickle", "accept_content": ["pickle", "json"]})
    with redis_client.Redis.from_url(redis.url) as backend:
        backend.set("celery-task-meta-a", b"\x80\x04N.")

    with pytest.raises(BackendError, match="pickle"):
        await sending.outcomes.read("a")
    sending.close()
