"""The monitor as a service of systemd, and behind a Unix socket."""

import os
import shutil
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.monitor.program import run
from tests.support import ports
from tests.support.patience import PATIENCE
from tests.support.processes import running, until

#: What systemd does before it becomes the service: its socket is descriptor 3, and only this process is meant.
ACTIVATED = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.set_inheritable(3, True)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1")
os.execv(sys.executable, [sys.executable, "-m", "flower_monitor", *sys.argv[2:]])
"""

#: The test program of systemd.socket(5); it needs no systemd that runs.
ACTIVATE = shutil.which("systemd-socket-activate")


@pytest.fixture
def options(tmp_path: Path) -> list[str]:
    """Those of a monitor without a broker."""
    return ["--broker=redis://127.0.0.1:1/0", f"--store={tmp_path / 'flower.sqlite3'}", "--basic-auth=me:secret"]


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[socket.socket]:
    """Where services say how they are."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
        told.bind(str(tmp_path / "notify"))
        told.settimeout(PATIENCE)
        yield told


def test_systemd_is_told_when_it_is_ready_and_when_it_stops(
    options: list[str], systemd: socket.socket, tmp_path: Path
) -> None:
    env = {**os.environ, "NOTIFY_SOCKET": str(tmp_path / "notify")}
    command = [sys.executable, "-m", "flower_monitor", *options, "--port=0", "--address=127.0.0.1"]
    with running(command, tmp_path / "log", env) as program:
        ready = systemd.recv(100)
        program.stop()

        assert (ready, systemd.recv(100)) == (b"READY=1", b"STOPPING=1")


def test_a_socket_that_systemd_listens_on_is_served(options: list[str], tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        command = [sys.executable, "-c", ACTIVATED, str(listener.fileno()), *options]
        with running(command, tmp_path / "log", keep=[listener.fileno()]):
            # It waits in the socket until the monitor is there.
            assert httpx.get(f"{url}/healthcheck", timeout=PATIENCE).text == "OK"


@pytest.mark.skipif(ACTIVATE is None, reason="it is part of systemd, which not every machine has")
def test_a_socket_is_served_that_systemds_own_program_hands_over(options: list[str], tmp_path: Path) -> None:
    """It starts the monitor by the first connection. Of the environment it hands on what it is told to."""
    port = ports.free()
    command = [str(ACTIVATE), f"--listen=127.0.0.1:{port}", "--setenv=PYTHONPATH"]
    with running([*command, sys.executable, "-m", "flower_monitor", *options], tmp_path / "log"):
        ports.wait(port)

        assert httpx.get(f"http://127.0.0.1:{port}/healthcheck", timeout=PATIENCE).text == "OK"


def test_a_unix_socket_is_served_to_those_who_log_in(options: list[str], tmp_path: Path) -> None:
    path = tmp_path / "flower.sock"
    command = [
        sys.executable,
        "-m",
        "flower_monitor",
        *options,
        f"--unix_socket={path}",
        "--url-prefix=flower",
        "--port=1",
    ]
    with (
        running(command, tmp_path / "log") as program,
        httpx.Client(transport=httpx.HTTPTransport(uds=str(path)), timeout=PATIENCE) as client,
    ):
        until(lambda: f"unix:{path}, path /flower/" in program.log, "it listens")

        assert f"--port has no effect: the monitor listens on {path}" in program.log
        assert client.get("http://h/flower/api/v1/summary").status_code == 401
        # 503 until ingest has made its store.
        until(lambda: client.get("http://h/flower/api/v1/summary", auth=("me", "secret")).is_success, "an answer")


def test_a_certificate_that_is_not_there_ends_the_start(options: list[str]) -> None:
    code, told = run(*options, "--certfile=/no/such.pem", "--keyfile=/no/such.key")

    assert code == 2
    assert "--certfile, --keyfile: /no/such.pem can't be used" in told
