"""Fixtures: a real RabbitMQ, one for a whole test run, and a virtual host for each test."""

import base64
import contextlib
import json
import os
import secrets
import signal
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import filelock
import pytest

from . import ci
from .certificates import Certificates
from .patience import PATIENCE
from .processes import ended, until

REPOSITORY = Path(__file__).parents[2]

#: Debian's wrapper in /usr/sbin insists on the user rabbitmq; this script does not.
SCRIPT = "/usr/lib/rabbitmq/bin/rabbitmq-server"

#: From which on it has an alarm: none of our tests comes near it.
MEMORY = "2GB"


class RabbitServer(NamedTuple):
    """Where the run's RabbitMQ is."""

    amqp: int
    http: int
    https: int
    amqps: int
    tls: Certificates

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Ask the management API; None where it has nothing to say."""
        login = base64.b64encode(b"guest:guest").decode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.http}/api/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Basic {login}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 - our own URL
            text = answer.read()
        return json.loads(text) if text else None


class VirtualHost(NamedTuple):
    """A virtual host with nothing in it."""

    server: RabbitServer
    name: str

    @property
    def url(self) -> str:
        """As a broker URL."""
        return f"amqp://guest:guest@127.0.0.1:{self.server.amqp}/{self.name}"

    def queue(self, name: str) -> Any:
        """What the broker says of a queue."""
        return self.server.call("GET", f"queues/{self.name}/{name}")

    def make_queue(self, name: str, arguments: dict[str, Any]) -> None:
        """Make a durable queue."""
        body = {"durable": True, "auto_delete": False, "arguments": arguments}
        self.server.call("PUT", f"queues/{self.name}/{name}", body)

    def bind(self, queue: str) -> None:
        """Have a queue get all events."""
        self.server.call("POST", f"bindings/{self.name}/e/celeryev/q/{queue}", {"routing_key": "#", "arguments": {}})

    def user(self, name: str, **rights: str) -> str:
        """Make a user with some rights here; the URL by which it logs in."""
        unique = f"{name}-{self.name}"
        self.server.call("PUT", f"users/{unique}", {"password": "secret", "tags": ""})
        self.server.call("PUT", f"permissions/{self.name}/{unique}", rights)
        return f"amqp://{unique}:secret@127.0.0.1:{self.server.amqp}/{self.name}"

    def close_connections(self, product: str) -> None:
        """End the connections of a product, as an administrator may."""

        def look() -> list[str]:
            known = self.server.call("GET", f"vhosts/{self.name}/connections")
            return [one["name"] for one in known if one["client_properties"].get("product") == product]

        for name in until(look, "the management API learns of connections with a delay"):
            self.server.call("DELETE", f"connections/{urllib.parse.quote(name)}")

    @property
    def secure_url(self) -> str:
        """As a broker URL with TLS, with the authority and the client's certificate that it takes."""
        tls = self.server.tls
        files = f"ssl_ca_certs={tls.ca}&ssl_certfile={tls.client}&ssl_keyfile={tls.client}"
        return f"amqps://guest:guest@127.0.0.1:{self.server.amqps}/{self.name}?{files}"

    def queues(self) -> list[str]:
        """The names of its queues."""
        return [queue["name"] for queue in self.server.call("GET", f"queues/{self.name}")]


@pytest.fixture(scope="session")
def rabbitmq_server(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[RabbitServer]:
    """The run's RabbitMQ: started by the first process that needs it, ended by the last that leaves."""
    alone = worker_id == "master"
    base = tmp_path_factory.getbasetemp() if alone else tmp_path_factory.getbasetemp().parent
    shared = base / "rabbitmq.json"
    with filelock.FileLock(base / "rabbitmq.lock"):
        state = json.loads(shared.read_text()) if shared.exists() else None
        if state is None:
            state = {
                "users": 0,
                **_start(base / f"rabbitmq-{secrets.token_hex(4)}", os.getpid() if alone else os.getppid()),
            }
        state["users"] += 1
        shared.write_text(json.dumps(state))
    yield _server(state)
    with filelock.FileLock(base / "rabbitmq.lock"):
        state = json.loads(shared.read_text())
        state["users"] -= 1
        shared.write_text(json.dumps(state))
        if state["users"] == 0:
            shared.unlink()
            _stop(state["keeper"])


@contextlib.contextmanager
def virtual_host(server: RabbitServer) -> Iterator[VirtualHost]:
    """A new virtual host for as long as the block lasts."""
    name = f"test-{secrets.token_hex(4)}"
    server.call("PUT", f"vhosts/{name}")
    server.call("PUT", f"permissions/{name}/guest", {"configure": ".*", "write": ".*", "read": ".*"})
    yield VirtualHost(server, name)
    server.call("DELETE", f"vhosts/{name}")


@pytest.fixture
def rabbitmq(rabbitmq_server: RabbitServer) -> Iterator[VirtualHost]:
    """A virtual host of the test's own."""
    with virtual_host(rabbitmq_server) as host:
        yield host


class OwnServer(NamedTuple):
    """A RabbitMQ that nobody else uses, so that it can be restarted."""

    host: VirtualHost
    keeper: int
    folder: Path

    def restart(self) -> None:
        """End it in good order, start it again, and wait until it answers. Once only."""
        os.kill(self.keeper, signal.SIGHUP)
        until((self.folder / "restarted").exists, "RabbitMQ is back", 3 * PATIENCE)


@contextlib.contextmanager
def own_server(folder: Path, memory: str = MEMORY) -> Iterator[OwnServer]:
    """One for as long as the block lasts. Its start takes 5 s of CPU, and its restart more.

    Args:
        folder: Where it keeps its files; it is made.
        memory: From which on it has an alarm.
    """
    state = _start(folder, os.getpid(), memory)
    try:
        with virtual_host(_server(state)) as host:
            yield OwnServer(host, state["keeper"], folder)
    finally:
        _stop(state["keeper"])


def _server(state: dict[str, Any]) -> RabbitServer:
    tls = Certificates(*map(Path, state["tls"]))
    return RabbitServer(state["amqp"], state["http"], state["https"], state["amqps"], tls)


def _start(folder: Path, run: int, memory: str = MEMORY) -> dict[str, Any]:
    program = SCRIPT if os.access(SCRIPT, os.X_OK) else ci.program("rabbitmq-server", "rabbitmq-server")
    folder.mkdir()
    log = folder / "keeper.log"
    command = [sys.executable, "-m", "tests.support.rabbitmq_keeper", program, str(folder), str(run), memory]
    with log.open("wb") as err:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=err, cwd=REPOSITORY, start_new_session=True)
    assert process.stdout is not None
    with process.stdout as out:
        line = out.readline()
    if not line:
        process.wait(PATIENCE)
        raise RuntimeError(f"no RabbitMQ: {log.read_text(errors='replace')[-2000:]}")
    # Another test process ends it, so this one must not complain that it was not waited for.
    process.returncode = 0
    started: dict[str, Any] = json.loads(line)
    return started


def _stop(keeper: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(keeper, signal.SIGTERM)
    assert ended(keeper), f"process {keeper} does not end RabbitMQ"
