"""The demo without a cluster: two brokers, their workers and publishers, and two `flower-monitor` processes.

What was started is listed in a state file, so that `down` ends just these, by their process groups.
"""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ROOT / "examples" / "demo"
VENV = ROOT / ".venv" / "bin"
PATIENCE = 60


@dataclass
class Demo:
    """What runs: process group leaders by their pid, and what to tell the person."""

    folder: Path
    pids: list[int] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def start(self, name: str, command: list[str], **environment: str) -> None:
        """Start a program in a session of its own; it logs to NAME.log in the demo's folder."""
        with (self.folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                command,
                cwd=APPS,
                env={**os.environ, "PATH": f"{VENV}:{os.environ['PATH']}:/usr/sbin", **environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.pids.append(process.pid)
        self.save()

    def save(self) -> None:
        (self.folder / "pids.json").write_text(json.dumps(self.pids))


def state_folder() -> Path:
    cache = os.environ.get("FLOWER_OPERATOR_CACHE") or Path.home() / ".cache" / "flower-operator"
    return Path(cache) / "demo-local"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for_port(port: int, what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise SystemExit(f"demo: {what} did not open port {port} within {PATIENCE} s; its log is in {state_folder()}")


def up() -> str:
    """Start what this machine has the programs for, and return what to tell the person."""
    down()
    subprocess.run([sys.executable, "scripts/prepare.py", "uv", "redis", "rabbitmq"], cwd=ROOT, check=True)
    subprocess.run(
        ["uv", "sync", "--frozen", "--all-extras", "--all-groups", "--no-group", "bench", "--quiet"],
        cwd=ROOT,
        check=True,
    )
    folder = state_folder()
    folder.mkdir(parents=True)
    demo = Demo(folder)
    if shutil.which("redis-server"):
        start_orders(demo)
    if shutil.which("rabbitmq-server", path=os.environ["PATH"] + ":/usr/sbin"):
        start_media(demo)
    if not demo.pids:
        raise SystemExit(
            "demo: neither redis-server nor rabbitmq-server is here; install one (Debian: apt-get install)"
        )
    return "\n".join([*demo.lines, "", f"  Logs: {folder}. It stays up until `make demo-down`."])


def start_orders(demo: Demo) -> None:
    port = free_port()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(demo.folder)]
    demo.start("redis", ["redis-server", *options])
    wait_for_port(port, "Redis")
    url = f"redis://127.0.0.1:{port}/0"
    start_app(demo, "orders", url, [[]])


def start_media(demo: Demo) -> None:
    port = free_port()
    home = demo.folder / "rabbitmq"
    home.mkdir()
    (home / "plugins").write_text("[].")
    settings = {
        "HOME": str(home),
        "RABBITMQ_NODENAME": f"flower-demo-{port}@localhost",
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_DIST_PORT": str(free_port()),
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_MNESIA_BASE": str(home),
        "RABBITMQ_LOG_BASE": str(home),
        "RABBITMQ_PID_FILE": str(home / "pid"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(home / "plugins"),
        "ERL_EPMD_PORT": str(free_port()),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
    }
    demo.start("rabbitmq", ["rabbitmq-server"], **settings)
    wait_for_port(port, "RabbitMQ")
    start_app(demo, "media", f"amqp://guest:guest@127.0.0.1:{port}//", [["--queues=celery"], ["--queues=slow"]])


def start_app(demo: Demo, app: str, url: str, workers: list[list[str]]) -> None:
    """One team's workers, publisher and monitor on its broker."""
    environment = {"CELERY_BROKER_URL": url, "CELERY_RESULT_BACKEND": url}
    for number, options in enumerate(workers):
        worker = [
            str(VENV / "celery"),
            "-A",
            app,
            "worker",
            "--concurrency=2",
            f"--hostname={app}{number}@%h",
        ]
        demo.start(f"{app}-worker{number}", [*worker, "--loglevel=WARNING", *options], **environment)
    demo.start(f"{app}-publisher", [str(VENV / "python"), "publish.py", app, "2"], **environment)
    port, password = free_port(), secrets.token_urlsafe(12)
    store = demo.folder / f"{app}.sqlite3"
    command = [str(VENV / "flower-monitor"), "--name", app, "--store", str(store), "--port", str(port)]
    settings = {**environment, "FLOWER_ADDRESS": "127.0.0.1", "FLOWER_BASIC_AUTH": f"flower:{password}"}
    demo.start(f"{app}-monitor", command, **settings)
    wait_for_port(port, f"the monitor of {app}")
    demo.lines.append(f"  {app:<8} http://127.0.0.1:{port}/   user flower   password {password}")


def down() -> None:
    """End what `up` started, wait for it, and remove its folder."""
    folder = state_folder()
    try:
        pids: list[int] = json.loads((folder / "pids.json").read_text())
    except FileNotFoundError:
        return
    for number in (signal.SIGTERM, signal.SIGKILL):
        pids = [pid for pid in pids if send(pid, number)]
        deadline = time.monotonic() + 15
        while pids and time.monotonic() < deadline:
            time.sleep(0.2)
            pids = [pid for pid in pids if send(pid, 0)]
    shutil.rmtree(folder)


def send(pid: int, number: int) -> bool:
    """Signal a process group of ours; false when it is gone, or the pid is another program's by now."""
    try:
        if os.getsid(pid) != pid:
            return False
        os.killpg(pid, number)
    except ProcessLookupError:
        return False
    return True
