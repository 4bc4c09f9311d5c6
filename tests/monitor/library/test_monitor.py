"""A monitor that a script starts: it works, and nothing of it outlives the script."""

import os
import signal
import sys
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from flower_monitor import Monitor, MonitorError, serve
from flower_monitor.library.monitor import arguments
from tests.support import ports
from tests.support.events import sender
from tests.support.patience import PATIENCE
from tests.support.processes import command_of, running, until
from tests.support.redis import RedisServer

LOGIN = ("admin", "secret-word")


def options(redis: RedisServer, folder: Path) -> dict[str, Any]:
    return {
        "broker": redis.url,
        "store": folder / "flower.sqlite3",
        "address": "127.0.0.1",
        "port": ports.free(),
        "basic_auth": ":".join(LOGIN),
    }


def summary(port: int) -> Any:
    """What the monitor says of itself; None while it does not answer."""
    try:
        answer = httpx.get(f"http://127.0.0.1:{port}/api/v1/summary", auth=LOGIN, timeout=PATIENCE)
    except httpx.TransportError:
        return None
    return answer.json() if answer.is_success else None


def connected(port: int) -> bool:
    found = summary(port)
    return bool(found) and found["broker"]["state"] == "connected"


def ours() -> dict[psutil.Process, str]:
    """Processes of a monitor below this one, and their command lines."""
    found = {process: command_of(process) for process in psutil.Process().children(recursive=True)}
    return {process: command for process, command in found.items() if "flower_monitor" in command}


def test_it_watches_its_broker_for_as_long_as_the_block_lasts(redis: RedisServer, tmp_path: Path) -> None:
    given = options(redis, tmp_path)
    with Monitor(**given) as monitor:
        until(lambda: connected(given["port"]), "it is connected")
        with sender(redis.url) as worker:
            worker.task()
        until(lambda: (summary(given["port"]) or {"tasks": {}})["tasks"].get("kept") == 1, "the task is kept")
        below = ours()
        assert monitor.running

    assert not monitor.running
    assert [command for command in below.values() if "flower_monitor.child" in command]
    assert not any(process.is_running() for process in below)
    assert "secret-word" not in " ".join(below.values())


def test_what_is_wrong_with_an_option_is_told(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(MonitorError, match="exit code 2"):
        serve(broker="redis://127.0.0.1:1/0", nothing=1)

    assert "--nothing" in capfd.readouterr().err


def test_it_has_not_ended_yet(redis: RedisServer, tmp_path: Path) -> None:
    with Monitor(**options(redis, tmp_path)) as monitor, pytest.raises(TimeoutError):
        monitor.wait(0.1)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 0), (signal.SIGTERM, -15), (signal.SIGKILL, -9)])
def test_nothing_is_left_of_it_however_the_script_ends(
    number: signal.Signals, code: int, redis: RedisServer, tmp_path: Path
) -> None:
    given = options(redis, tmp_path)
    script = f"from flower_monitor import serve; serve(**{ {name: str(value) for name, value in given.items()} })"
    # What a shell starts in the background ignores SIGINT, and hands that on.
    command = ["env", "--default-signal=INT", sys.executable, "-c", script]
    with running(command, tmp_path / "script.log") as program:
        until(lambda: connected(given["port"]), "it is connected")
        below = program.children()
        os.kill(program.pid, number)

        assert program.wait() == code
        until(lambda: not any(map(runs, below)) or None, "all of it is gone")


def runs(process: psutil.Process) -> bool:
    """Whether a process runs; whoever has to wait for one, once its parent is gone, may be slow."""
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def test_options_are_those_of_the_command_line() -> None:
    given: dict[str, Any] = {
        "max_tasks": 5,
        "store": Path("/tmp/x"),  # noqa: S108 - nothing is written there
        "enable_events": False,
        "quiet": True,
        "broker_transport_options": {"global_keyprefix": "a:"},
        "redact": [{"argument": "password"}],
        "namespace": None,
    }

    assert arguments(given) == [
        "--max-tasks=5",
        "--store=/tmp/x",
        "--no-enable-events",
        "--quiet",
        '--broker-transport-options={"global_keyprefix":"a:"}',
        '--redact=[{"argument":"password"}]',
    ]
