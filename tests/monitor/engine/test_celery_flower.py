"""`celery … flower`, as tutorials have it, and the other ways to start the same program."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support import ports
from tests.support.patience import PATIENCE
from tests.support.processes import Program, running, until
from tests.support.redis import RedisServer

LOGIN = ("me", "secret")

CELERY = ("-m", "celery", "-A", "shop")

#: An app with names of its own, which its workers and clients use and a monitor has to learn.
APP = """
from celery import Celery

app = Celery("shop")
app.conf.update(
    broker_url="{broker}",
    broker_transport_options={{"visibility_timeout": 3600, "global_keyprefix": "shop:"}},
    event_exchange="shopevents",
    control_exchange="shopcontrol",
    task_default_queue="shop",
    worker_hijack_root_logger=False,
)


@app.task(name="shop.add")
def add(a, b):
    return a + b
"""


class Started:
    """A monitor that was started somehow, on a port."""

    def __init__(self, program: Program, port: int) -> None:
        self.program = program
        self._url = f"http://127.0.0.1:{port}"

    def get(self, path: str, **parameters: Any) -> Any:
        """JSON; None while it can't be had."""
        try:
            answer = httpx.get(self._url + path, params=parameters, auth=LOGIN, timeout=PATIENCE)
        except httpx.TransportError:
            return None
        return answer.json() if answer.is_success else None

    def post(self, path: str, body: Any) -> Any:
        """What is answered to JSON."""
        answer = httpx.post(self._url + path, json=body, auth=LOGIN, timeout=PATIENCE)
        assert answer.is_success, f"{answer.text}: {self.program.log[-4000:]}"
        return answer.json()

    def connected(self) -> Any:
        """The summary, once events are received."""

        def look() -> Any:
            found = self.get("/api/v1/summary")
            return found if found and found["broker"]["state"] == "connected" else None

        return until(look, f"a connection: {self.program.log[-2000:]}")


@contextlib.contextmanager
def started(folder: Path, *command: str, env: Mapping[str, str] | None = None) -> Iterator[Started]:
    """A command of Python's with the options of a monitor behind it."""
    port = ports.free()
    given = {"FLOWER_STORE": str(folder / "flower.sqlite3"), "FLOWER_BASIC_AUTH": ":".join(LOGIN)}
    whole = [sys.executable, *command, f"--port={port}", "--address=127.0.0.1"]
    surroundings = {**os.environ, **given, **(env or {})}
    with running(["env", "-C", str(folder), *whole], folder / "monitor.log", surroundings) as program:
        yield Started(program, port)


@pytest.fixture
def app(redis: RedisServer, tmp_path: Path) -> Path:
    """A folder with the module `shop` in it."""
    (tmp_path / "shop.py").write_text(APP.format(broker=redis.url))
    return tmp_path


@contextlib.contextmanager
def working(folder: Path) -> Iterator[Program]:
    """A worker of the app, which sends task events only when it is told to."""
    command = [sys.executable, *CELERY, "worker", "--pool=solo", "--hostname=w1@shop", "--loglevel=INFO"]
    with running(["env", "-C", str(folder), *command], folder / "worker.log") as worker:
        until(lambda: " ready." in worker.log, "the worker is ready")
        yield worker


def test_with_an_app_its_own_names_are_followed(app: Path) -> None:
    """Events, control and keys of this app all have names that nobody would guess; its worker is without -E."""
    with started(app, *CELERY, "flower") as monitor, working(app) as worker:
        until(lambda: "Events of group {task} enabled by remote" in worker.log, "a command of ours arrived")
        uuid = sent(app)
        until(lambda: (monitor.get(f"/api/task/info/{uuid}") or {}).get("state") == "SUCCESS", "the task's events")
        asked = until(lambda: answered(monitor), "its answers")

    assert asked["registered"] == ["shop.add"]
    assert [queue["name"] for queue in asked["active_queues"]] == ["shop"]


def answered(monitor: Started) -> Any:
    """What the worker said, once it has said all: on a busy machine an answer may be too late to be with the others."""
    found = (monitor.get("/api/workers", refresh=1) or {}).get("w1@shop", {})
    return found if {"registered", "active_queues"} <= found.keys() else None


def test_a_task_that_is_sent_from_here_goes_where_the_apps_own_go(app: Path) -> None:
    """To its default queue, with its key prefix; no event has told of the task before."""
    with started(app, *CELERY, "flower") as monitor, working(app) as worker:
        monitor.connected()
        uuid = monitor.post("/api/task/async-apply/shop.add", {"args": [1, 2]})["task-id"]

        until(lambda: f"Task shop.add[{uuid}] succeeded" in worker.log, f"the task ran: {worker.log[-500:]}")


def test_an_app_may_have_more_configuration_than_a_pipe_holds(app: Path) -> None:
    with (app / "shop.py").open("a") as module:
        module.write("app.conf.task_routes = {f'task.{n}': {'queue': 'q' * 50} for n in range(5000)}\n")

    with started(app, "-m", "flower_monitor", "-A", "shop") as monitor:
        monitor.connected()


def sent(folder: Path) -> str:
    """Send a task as a client of the app does."""
    code = "from shop import add; print(add.delay(1, 2).id)"
    return subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True, timeout=PATIENCE
    ).stdout.strip()


def test_the_command_of_tutorials_needs_no_app(redis: RedisServer, tmp_path: Path) -> None:
    with started(tmp_path, "-m", "celery", f"--broker={redis.url}", "flower") as monitor:
        assert monitor.connected()["broker"]["url"] == redis.url


def test_options_behind_flower_win_over_celerys(redis: RedisServer, tmp_path: Path) -> None:
    command = ("-m", "celery", "--broker=redis://127.0.0.1:1/0", "flower", f"--broker={redis.url}")
    with started(tmp_path, *command) as monitor:
        monitor.connected()


def test_options_are_understood_as_tutorials_write_them(redis: RedisServer, tmp_path: Path) -> None:
    given = ("--max_tasks=20000", "--basic_auth=user1:password1,me:secret", "--persistent=True", "--db=flower_db")
    more = ("--url_prefix=flower", "--purge_offline_workers=300", "--enable_events=False", "--inspect_timeout=10000")
    command = ("-m", "celery", f"--broker={redis.url}", "flower", *given, *more)
    with started(tmp_path, *command, env={"FLOWER_STORE": ""}) as monitor:
        found = until(lambda: monitor.get("/flower/api/v1/summary"), "an answer under the prefix")

    assert found["store"]["retention"]["tasks"] == 20000
    assert (tmp_path / "flower_db.sqlite3").exists()


def test_the_login_of_tutorials_is_understood(tmp_path: Path) -> None:
    given = ("--auth=me@example.com", "--oauth2_key=id", "--oauth2_secret=hidden")
    code, told = ended(
        tmp_path,
        *("-m", "celery", "--broker=redis://h", "flower", "config", *given),
        *("--auth_provider=flower.views.auth.GithubLoginHandler", "--oauth2_redirect_uri=http://h/login"),
    )

    assert code == 0
    assert "flower.views.auth.GithubLoginHandler" in told
    assert "hidden" not in told


def test_an_app_that_is_not_there_is_told(tmp_path: Path) -> None:
    code, told = ended(tmp_path, "-m", "flower_monitor", "-A", "missing")

    assert code == 2
    assert "-A missing: there is no module missing in" in told
    assert "Traceback" not in told


@pytest.mark.parametrize(
    "command",
    [["celery", "-A", "shop", "flower", "config"], ["flower_monitor", "config", "-A", "shop"]],
    ids=["celery", "flower-monitor"],
)
def test_config_shows_what_counts_and_where_it_is_from(app: Path, command: list[str]) -> None:
    (app / "flowerconfig.py").write_text("max_tasks = 5\nbasic_auth = ['me:hidden']\n")

    code, told = ended(app, "-m", *command, "--port=7")

    lines = {line.split()[0]: " ".join(line.split()[1:]) for line in told.splitlines() if line.strip()}
    assert code == 0
    assert lines["port"] == "7 command line"
    assert lines["max-tasks"] == "5 flowerconfig.py"
    assert lines["basic-auth"] == "me:*** flowerconfig.py"
    assert lines["broker"].endswith("the app's broker_url")
    assert lines["broker-transport-options"] == """{"global_keyprefix": "shop:"} the app's broker_transport_options"""
    assert lines["name"] == "flower default"
    assert (lines["event-exchange"], lines["queues"]) == ("shopevents", "shop")


def ended(folder: Path, *command: str) -> tuple[int, str]:
    """A command of Python's that must end by itself: exit code and what it wrote."""
    done = subprocess.run(
        [sys.executable, *command], cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_celerys_other_commands_load_next_to_nothing_of_ours() -> None:
    """Celery loads the entry of `flower` in every worker."""
    code = (
        "import flower_monitor.celery_command, sys; print(*(n for n in sys.modules if n.startswith('flower_monitor')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=PATIENCE)

    assert done.stdout.split() == ["flower_monitor", "flower_monitor.celery_command"]
