"""RabbitMQ itself is restarted: once, with three monitors on it, since a restart takes long."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.monitor.program import Monitor, monitor
from tests.support.events import WORKER, Sender, sender
from tests.support.processes import until
from tests.support.rabbitmq import own_server

#: Tasks that run while two of the monitors are away.
WAITING = 50

#: The restart is made once, for all of these tests: they have to run in one process.
pytestmark = pytest.mark.xdist_group("rabbitmq-restart")


class After(NamedTuple):
    """What a monitor says when all is over."""

    tasks: int
    worker: Any
    gaps: Any
    notices: Any
    metrics: str


class Restart(NamedTuple):
    """What three monitors say after the restart."""

    quorum: After
    """It was away, and has a quorum queue."""

    classic: After
    """It was away, and has a classic queue."""

    connected: After
    """It was there all the time, with a classic queue."""


@pytest.fixture(scope="module")
def restart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Restart]:
    folder = tmp_path_factory.mktemp("restart")
    with own_server(folder / "rabbitmq") as broker, contextlib.ExitStack() as stack:
        monitors = [stack.enter_context(started(broker.host.url, folder / name, name)) for name in Restart._fields]
        *away, connected = monitors
        worker = stack.enter_context(sender(broker.host.url))
        run(worker, 0, 1, monitors)
        for one in away:
            one.program.stop()
        run(worker, 1, WAITING, [connected])
        broker.restart()
        for one in away:
            one.restart()
        run(worker, 1 + WAITING, 1, monitors)
        yield Restart(*(after(one, worker) for one in monitors))


def started(broker: str, folder: Path, name: str) -> contextlib.AbstractContextManager[Monitor]:
    """A monitor whose queue is of the type of its name."""
    folder.mkdir()
    kind = "quorum" if name == "quorum" else "classic"
    return monitor(broker, folder, "--name", name, "--queue-type", kind)


def run(worker: Sender, before: int, count: int, monitors: list[Monitor]) -> None:
    """Run tasks, once all of some monitors are connected, and until they have seen them."""
    for one in monitors:
        one.connected()
    worker.send("worker-heartbeat", freq=2.0, active=0, processed=before)
    tasks = [worker.task() for _ in range(count)]
    worker.send("worker-heartbeat", freq=2.0, active=0, processed=before + count)
    for one in monitors:
        one.task(tasks[-1], "SUCCESS")


def after(seen: Monitor, worker: Sender) -> After:
    """What a monitor says once it has held the worker's count of its tasks against their events."""
    total = WAITING + 2

    def judged() -> Any:
        worker.send("worker-heartbeat", freq=2.0, active=0, processed=total)
        found = {one["hostname"]: one for one in seen.get("/api/v1/workers")["items"]}[WORKER]
        return found if found["tasks_due"] == total else None

    found = until(judged, f"{total} tasks are judged: {seen.get('/api/v1/workers')}")
    summary = seen.get("/api/v1/summary")
    gaps = seen.get("/api/v1/gaps")["items"]
    return After(summary["tasks"]["kept"], found, gaps, summary["notices"], seen.text("/metrics"))


def test_what_waits_in_a_quorum_queue_is_there_after_it(restart: Restart) -> None:
    assert (restart.quorum.tasks, restart.quorum.worker["tasks_missed"]) == (WAITING + 2, 0)
    assert restart.quorum.gaps == []


def test_what_is_gone_from_a_classic_queue_is_told_to_the_task(restart: Restart) -> None:
    (gap,) = restart.classic.gaps
    (notice,) = restart.classic.notices

    assert restart.classic.tasks == 2
    assert (gap["why"], gap["missed"]) == ("stopped", WAITING)
    assert gap["missed"] == restart.classic.worker["tasks_missed"]
    assert f"{WAITING} were not seen" in notice["message"]
    assert "--queue-type quorum" in notice["fix"]


def test_a_monitor_that_was_there_tells_of_it_and_that_nothing_was_missed(restart: Restart) -> None:
    (gap,) = restart.connected.gaps

    assert (gap["why"], gap["missed"]) == ("disconnected", 0)
    assert 'flower_monitor_reconnects_total{reason="restarted"} 1.0' in restart.connected.metrics
