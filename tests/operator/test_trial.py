"""`flower-operator try-task`, which `helm test` runs, on a real broker, worker and monitor."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from click.testing import CliRunner, Result

from flower_monitor import Monitor
from flower_operator.main import main
from tests.support import ports
from tests.support.celery import worker
from tests.support.patience import PATIENCE
from tests.support.processes import until
from tests.support.redis import redis_server

LOGIN = ("admin", "secret-word")


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a monitor that hears a worker."""
    folder, port = tmp_path_factory.mktemp("trial"), ports.free()
    with redis_server(folder / "redis") as server, worker(server.url, folder):
        options: dict[str, Any] = {"address": "127.0.0.1", "port": port, "basic_auth": ":".join(LOGIN)}
        with Monitor(broker=server.url, store=folder / "flower.sqlite3", **options):
            until(lambda: hears(f"http://127.0.0.1:{port}"), "the monitor is connected")
            yield f"http://127.0.0.1:{port}"


def hears(url: str) -> bool:
    try:
        answer = httpx.get(f"{url}/api/v1/summary", auth=LOGIN, timeout=PATIENCE)
    except httpx.TransportError:
        return False
    return bool(answer.is_success and answer.json()["broker"]["state"] == "connected")


def tried(url: str, *options: str, password: str | None = LOGIN[1]) -> Result:
    env = {"MONITOR_USERNAME": LOGIN[0], "MONITOR_PASSWORD": password}
    return CliRunner().invoke(main, ["try-task", f"--url={url}", *options], env=env)


def test_a_task_is_seen_from_sending_to_success(url: str) -> None:
    done = tried(url, "--queue=tests", f"--timeout={PATIENCE}")
    assert (done.exit_code, "SUCCESS on w1@test" in done.output) == (0, True), done.output


def test_a_queue_that_no_worker_consumes_is_named(url: str) -> None:
    done = tried(url, "--queue=nobody", "--timeout=1")
    assert done.exit_code == 1
    assert "was sent to queue nobody, but after 1 s" in done.output
    assert "is a worker online that consumes this queue" in done.output


def test_a_wrong_password_is_told_at_once(url: str) -> None:
    done = tried(url, f"--timeout={PATIENCE}", password="not-the-word")
    assert done.exit_code == 1
    assert "answers 401 to GET /api/v1/summary" in done.output
    assert "not-the-word" not in done.output


def test_a_monitor_that_does_not_answer_is_told() -> None:
    done = tried(f"http://127.0.0.1:{ports.free()}", "--timeout=1")
    assert done.exit_code == 1
    assert "is not ready after 1 s: it does not answer" in done.output


def test_a_missing_password_is_named() -> None:
    done = tried("http://127.0.0.1:1", password=None)
    assert done.exit_code == 2
    assert "MONITOR_PASSWORD is not set in the environment" in done.output
