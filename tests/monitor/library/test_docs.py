"""Each example of docs/library.md, run as it stands there but for the addresses."""

import doctest
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from flower_monitor.library.inspector import LONGEST
from tests.monitor.library.test_monitor import ours, runs
from tests.monitor.queues.sending import send
from tests.monitor.web.stores import StoreFile, task
from tests.support import ports
from tests.support.events import sender
from tests.support.patience import PATIENCE
from tests.support.processes import until
from tests.support.redis import RedisServer

GUIDE = Path(__file__).parents[3] / "docs" / "library.md"

NOON = 1_795_262_400.0  # 2026-11-21 12:00 UTC


def blocks(section: str) -> list[str]:
    """The Python of a section."""
    text = re.split(r"^## ", GUIDE.read_text(), flags=re.MULTILINE)
    (found,) = (part for part in text if part.startswith(f"{section}\n"))
    return re.findall(r"```python\n(.*?)```", found, flags=re.DOTALL)


def check(source: str, places: dict[str, str], **names: Any) -> None:
    """Run an example, and compare what it prints."""
    for there, here in places.items():
        source = source.replace(there, here)
    example = doctest.DocTestParser().get_doctest(source, names, "library.md", str(GUIDE), 0)
    assert example.examples
    said: list[str] = []
    doctest.DocTestRunner().run(example, out=said.append)
    assert not said, "".join(said)


@pytest.mark.parametrize("section", ["Searching", "Times and labels"])
def test_what_needs_nothing(section: str) -> None:
    for block in blocks(section):
        check(block, {})


def done(uuid: str, received: float, runtime: float) -> dict[str, Any]:
    """A task that succeeded."""
    history = [(kind, "w1@host", received) for kind in ("task-received", "task-started", "task-succeeded")]
    fields = {"received": received, "runtime": runtime, "kwargs": "{'size': 43}", "history": history}
    return task(uuid, name="shop.place", **fields)


def failed(uuid: str, received: float) -> dict[str, Any]:
    """A task that failed."""
    return task(uuid, name="shop.place", state="FAILURE", received=received, runtime=None, exception="KeyError('size')")


def test_tasks(tmp_path: Path) -> None:
    file = StoreFile(tmp_path / "flower.sqlite3")
    file.add(done("t1", NOON + 1, 1.5), failed("t2", NOON + 2), done("t3", NOON + 3, 2.5), failed("t4", NOON + 4))
    file.count_events("w1@host", "task-received", "shop.place", 4)
    file.close()

    (block,) = blocks("Tasks")
    check(block, {'"flower.sqlite3"': repr(str(file.path))})


def test_workers(inhabited: RedisServer) -> None:
    (block,) = blocks("Workers")
    check(block, {"redis://localhost:6379/0": inhabited.url, "timeout=5": f"timeout={LONGEST}"})


def test_queues(redis: RedisServer) -> None:
    send(redis.url, "celery", 3)

    (block,) = blocks("Queues")
    check(block, {"redis://localhost:6379/0": redis.url})


class Place:
    """A task whose worker runs it at once."""

    def __init__(self, broker: str) -> None:
        self._broker = broker

    def delay(self) -> None:
        """Send the events of a task."""
        with sender(self._broker) as worker:
            for kind in ("received", "started", "succeeded"):
                worker.send(f"task-{kind}", uuid="t1")


def test_events(redis: RedisServer) -> None:
    (block,) = blocks("Events")
    check(block, {"redis://localhost:6379/0": redis.url, "timeout=10": f"timeout={PATIENCE}"}, place=Place(redis.url))


def page_of(port: int) -> Callable[[], None]:
    """Waits until the page is there for who logs in."""

    def answers() -> bool:
        try:
            url = f"http://127.0.0.1:{port}/api/workers"
            return httpx.get(url, auth=("ann", "secret"), timeout=PATIENCE).is_success
        except httpx.TransportError:
            return False

    def wait() -> None:
        until(answers, "the page is there")

    return wait


def test_a_monitor(redis: RedisServer, tmp_path: Path) -> None:
    port = ports.free()
    block = blocks("A monitor from Python")[0]
    check(block, places(redis, tmp_path, port), wait_for_page=page_of(port))


def test_an_asgi_server_and_that_nothing_is_left_when_it_is_killed(redis: RedisServer, tmp_path: Path) -> None:
    port = ports.free()
    source = blocks("A monitor from Python")[1]
    for there, here in places(redis, tmp_path, port).items():
        source = source.replace(there, here)
    process = subprocess.Popen([sys.executable, "-c", source])
    page_of(port)()
    below = [one for one, command in ours().items() if one != psutil.Process(process.pid)]
    process.kill()
    process.wait()

    assert below
    until(lambda: not any(map(runs, below)) or None, "all of it is gone")


def places(redis: RedisServer, folder: Path, port: int) -> dict[str, str]:
    """Addresses of the guide, and those of a test."""
    store = repr(str(folder / "flower.sqlite3"))
    return {"redis://localhost:6379/0": redis.url, '"flower.sqlite3"': store, "port=5555": f"port={port}"}
