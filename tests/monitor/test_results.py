"""The result backend, asked for the states of tasks."""

from pathlib import Path

import pytest
import redis as redis_client

from flower_monitor import result_backend
from flower_monitor import results as module
from flower_monitor.config import CeleryApp, Config
from flower_monitor.results import Answers, Results
from tests.support import ports
from tests.support.patience import PATIENCE
from tests.support.redis import RedisServer


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first question imports Celery, which takes its time on a busy machine."""
    for limits, name in ((module, "DEADLINE"), (module, "BUDGET"), (result_backend, "TIMEOUT")):
        monkeypatch.setattr(limits, name, PATIENCE)


async def asked(backend: str | None, *uuids: str, app: CeleryApp = CeleryApp()) -> Answers:  # noqa: B008 - frozen
    results = Results(Config(broker_url="redis://", store=Path("unused"), result_backend=backend, app=app))
    try:
        return await results.states(uuids)
    finally:
        results.close()


@pytest.mark.anyio
async def test_states_are_read_and_nothing_is_written(redis: RedisServer) -> None:
    with redis_client.Redis(port=redis.port) as client:
        client.set("celery-task-meta-a", '{"status": "SUCCESS", "result": 5, "traceback": null, "task_id": "a"}')
        states, problem = await asked(redis.url, "a", "b")

        assert (states, problem) == ({"a": "SUCCESS", "b": "PENDING"}, None)
        assert client.dbsize() == 1


@pytest.mark.anyio
async def test_results_are_read_as_the_app_writes_them(redis: RedisServer) -> None:
    settings = {"result_backend_transport_options": {"global_keyprefix": "shop:"}}
    with redis_client.Redis(port=redis.port) as client:
        client.set("shop:celery-task-meta-a", '{"status": "SUCCESS", "result": 5, "traceback": null, "task_id": "a"}')

    assert (await asked(redis.url, "a", app=CeleryApp(settings=settings))).states == {"a": "SUCCESS"}


@pytest.mark.parametrize(("serializer", "told"), [("ours", "results are in 'ours'"), ("pickle", "results are pickled")])
@pytest.mark.anyio
async def test_results_that_can_not_be_read_are_said_to_be(redis: RedisServer, serializer: str, told: str) -> None:
    found = await asked(redis.url, "a", app=CeleryApp(settings={"result_serializer": serializer}))

    assert found.states == {}
    assert f"{told} (the app's result_serializer)" in (found.problem or "")


@pytest.mark.anyio
async def test_a_backend_that_is_down_is_said_without_its_password() -> None:
    states, problem = await asked(f"redis://:se%2Fcret@127.0.0.1:{ports.free()}/0", "a")

    assert states == {}
    assert problem is not None
    assert problem.startswith("the result backend can't be read: ")
    assert "cret" not in problem


@pytest.mark.parametrize("backend", [None, "rpc://", "amqp://guest@localhost//"])
@pytest.mark.anyio
async def test_where_nobody_can_be_asked_it_is_said_why(backend: str | None) -> None:
    assert (await asked(backend, "a")).problem in (
        "no result backend is configured",
        "results by rpc:// are for the client that sent the task alone",
    )


@pytest.mark.anyio
async def test_a_backend_that_does_not_exist_is_said() -> None:
    assert "can't be read" in ((await asked("nonsense://localhost", "a")).problem or "")
