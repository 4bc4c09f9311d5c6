"""What tutorials and runbooks tell people to run with Flower, unchanged but for addresses."""

import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import yaml

from tests.monitor.queues.sending import send as send_waiting
from tests.support import ports
from tests.support.celery import send, worker
from tests.support.patience import PATIENCE
from tests.support.processes import Program, running, until
from tests.support.redis import RedisServer, redis_server

COMPATIBILITY = Path(__file__).parents[3] / "docs" / "flower-compatibility.md"

COMPOSE = """
services:
  redis:
    image: redis
  flower:
    image: mher/flower
    command: ["celery", "--broker=redis://redis:6379/0", "flower", "--port=5555"]
    ports: ["5555:5555"]
"""

LOGIN = ("user1", "password1")


def compose_command(broker: str, port: int) -> list[str]:
    """What the compose file runs, on this machine."""
    program, *arguments = yaml.safe_load(COMPOSE)["services"]["flower"]["command"]
    found = shutil.which(program, path=str(Path(sys.executable).parent))
    assert found is not None
    places = {"redis://redis:6379/0": broker, "5555": str(port)}
    for there, here in places.items():
        arguments = [argument.replace(there, here) for argument in arguments]
    return [found, *arguments]


@contextmanager
def flower(broker: str, folder: Path, *options: str) -> Iterator[tuple[Program, httpx.Client]]:
    """The program of the compose file, with more options, in an empty folder; and a client, not logged in."""
    port = ports.free()
    folder.mkdir(exist_ok=True)
    command = ["env", "-C", str(folder), *compose_command(broker, port), *options]
    with (
        running(command, folder / "flower.log") as program,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE) as client,
    ):
        until(lambda: healthy(client), "/healthcheck answers")
        yield program, client


def healthy(client: httpx.Client) -> bool:
    try:
        return client.get("/healthcheck").text == "OK"
    except httpx.TransportError:
        return False


def online(client: httpx.Client) -> int:
    """How many workers are; 0 while there is no store yet."""
    answer = client.get("/api/workers")
    return sum(1 for worker in answer.json().values() if worker.get("status")) if answer.is_success else 0


class Place:
    """A worker of two processes, and the program that watches it."""

    def __init__(self, broker: str, client: httpx.Client, worker: Program, folder: Path) -> None:
        self.broker = broker
        self.client = client
        self.worker = worker
        self._folder = folder

    def get(self, path: str) -> Any:
        """The JSON of a route, as scripts ask for it."""
        return self.client.get(path).raise_for_status().json()

    def processes(self) -> int:
        """How many the worker's pool has, as it says itself; 0 where it was too slow to say."""
        stats = self.get("/api/workers?refresh=1").get("w1@test", {}).get("stats")
        return len(stats["pool"]["processes"]) if stats else 0

    def held(self) -> str:
        """Id of a task that runs until it is ended."""
        return send(self.broker, "hold", str(self._folder / "never"))

    def in_state(self, uuid: str, state: str) -> dict[str, Any]:
        """A task, once Flower's list has it in a state."""
        found: dict[str, Any] = until(lambda: self.get(f"/api/tasks?state={state}").get(uuid), f"{uuid} in {state}")
        return found


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("tutorials")
    with (
        redis_server(folder / "redis") as redis,
        worker(redis.url, folder, pool="prefork") as program,
        flower(
            *(redis.url, folder / "flower", f"--basic_auth={':'.join(LOGIN)}", "--max_tasks=10000", "--queues=waiting"),
            "--inspect_timeout=10000",  # a worker on a busy machine
        ) as (_, client),
    ):
        client.auth = httpx.BasicAuth(*LOGIN)
        until(lambda: online(client) == 1, "the worker is seen")
        yield Place(redis.url, client, program, folder)


def test_a_compose_file_with_only_the_image_changed(redis: RedisServer, tmp_path: Path) -> None:
    """Flower's pages are open then; here somebody has to read the password in the log (D7)."""
    with flower(redis.url, tmp_path / "app") as (program, client):
        (password,) = re.findall(r"user flower with password (\S+)", program.log)

        assert client.get("/api/workers").status_code == 401
        # 503 until ingest has made its store.
        until(lambda: client.get("/api/workers", auth=("flower", password)).is_success, "an answer")
        assert client.get("/api/workers", auth=("flower", password)).json() == {}


def test_the_login_by_github_as_tutorials_switch_it_on(redis: RedisServer, tmp_path: Path) -> None:
    options = ("--auth_provider=flower.views.auth.GithubLoginHandler", "--auth=me@example.com", "--oauth2_key=id")
    more = ("--oauth2_secret=hidden", "--oauth2_redirect_uri=http://localhost:5555/login")
    with flower(redis.url, tmp_path / "app", *options, *more) as (_, client):
        page = client.get("/")
        login = client.get(page.headers["location"])

    there = urlsplit(login.headers["location"])
    assert (page.status_code, login.status_code) == (302, 302)
    assert (there.netloc, there.path) == ("github.com", "/login/oauth/authorize")
    assert parse_qs(there.query)["client_id"] == ["id"]
    assert parse_qs(there.query)["redirect_uri"] == ["http://localhost:5555/login"]


def test_a_health_check_that_counts_workers(place: Place) -> None:
    assert sum(1 for w in place.get("/api/workers").values() if w.get("status")) == 1


def test_a_runbook_that_ends_what_was_received(place: Place) -> None:
    """Its pool is full, so the third task is only received; `terminate=true` is in the query of a POST without body."""
    first, second = place.held(), place.held()
    place.in_state(first, "STARTED")
    place.in_state(second, "STARTED")
    waiting = place.held()
    place.in_state(waiting, "RECEIVED")

    for uuid in place.get("/api/tasks?state=RECEIVED"):
        assert place.client.post(f"/api/task/revoke/{uuid}?terminate=true").status_code == 200
    for uuid in place.get("/api/tasks?state=STARTED"):
        assert place.client.post(f"/api/task/revoke/{uuid}?terminate=true").status_code == 200

    for uuid in (first, second, waiting):
        assert place.in_state(uuid, "REVOKED")["uuid"] == uuid


def test_a_runbook_that_grows_a_pool(place: Place) -> None:
    """`curl -d 'n=4'`; in Flower too the pool is four larger then."""
    until(lambda: place.processes() == 2, "those whose tasks were ended have others in their place")

    answer = place.client.post(
        "/api/worker/pool/grow/w1@test",
        content="n=4",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )

    assert answer.json()["message"] == "Growing 'w1@test' worker's pool by 4"
    until(lambda: place.processes() == 2 + 4, "four more")


def test_a_look_at_what_runs(place: Place) -> None:
    """`jq '.[] | {uuid, name, runtime}'`; what runs has no runtime yet."""
    uuid = place.held()
    place.in_state(uuid, "STARTED")

    found = [
        {key: task[key] for key in ("uuid", "name", "runtime")}
        for task in place.get("/api/tasks?state=STARTED").values()
    ]
    place.client.post(f"/api/task/revoke/{uuid}?terminate=true")

    assert {"uuid": uuid, "name": "tests.support.celery_app.hold", "runtime": None} in found


def test_the_line_to_change_in_a_script_that_reads_lengths_of_queues(place: Place) -> None:
    """The documentation's block, as it stands there."""
    (block,) = re.findall(r"```python\n(.*?)```", COMPATIBILITY.read_text(), flags=re.DOTALL)
    send_waiting(place.broker, "waiting", 3)
    names: dict[str, Any] = {"requests": place.client, "url": str(place.client.base_url).rstrip("/"), "auth": LOGIN}

    exec(block, names)  # noqa: S102 - our own documentation

    assert names["lengths"]["waiting"] == 3
