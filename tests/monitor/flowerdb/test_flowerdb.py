"""Flower's `--db` file: pickled by Celery's own classes here, as Flower does, and read without them."""

import dbm
import os
import pickle
import sys
import types
from pathlib import Path
from typing import Any

import pytest
from celery.events.state import State
from typing_extensions import override

from flower_monitor.config import Config
from flower_monitor.exceptions import MonitorError, UsageError
from flower_monitor.flowerdb import importing, unpickling
from flower_monitor.flowerdb.events import events
from flower_monitor.flowerdb.unpickling import Refused
from flower_monitor.redact import Rule
from flower_monitor.store.reader import Reader
from flower_monitor.store.records import TaskDetail

WORKER = "w1@host"
CHILD, ROOT = "0bc1f3a4-0000-4000-8000-000000000001", "0bc1f3a4-0000-4000-8000-000000000002"


def event(kind: str, at: float, uuid: str = CHILD, **fields: Any) -> dict[str, Any]:
    """An event as Flower got it."""
    sender = "gen1@client" if kind == "sent" else WORKER
    return {"type": f"task-{kind}", "uuid": uuid, "hostname": sender, "timestamp": at, "local_received": at,
            "clock": int(at), "pid": 7, "utcoffset": 0, **fields}  # fmt: skip


@pytest.fixture
def state(monkeypatch: pytest.MonkeyPatch) -> State:
    """What Flower holds after two tasks, one of them failed and one running; its class is Flower's by name."""
    module = types.ModuleType("flower.events")

    class EventsState(State):  # type: ignore[misc]  # celery is not typed
        """Flower's."""

    EventsState.__module__, EventsState.__qualname__ = "flower.events", "EventsState"
    module.EventsState = EventsState  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "flower", types.ModuleType("flower"))
    monkeypatch.setitem(sys.modules, "flower.events", module)
    found = EventsState()
    found.event({"type": "worker-online", "hostname": WORKER, "timestamp": 1.0, "local_received": 1.0, "pid": 7,
                 "clock": 1, "utcoffset": 0})  # fmt: skip
    described = {"name": "shop.pay", "args": "(1,)", "kwargs": "{'mail': 'a@b.c'}", "root_id": ROOT, "parent_id": ROOT}
    for one in (
        event("sent", 100.0, queue="celery", exchange="", routing_key="celery", **described),
        event("received", 101.0, eta=None, **described),
        event("started", 102.0),
        event("failed", 103.0, exception="KeyError('x')", traceback="Traceback …"),
        event("received", 104.0, ROOT, name="shop.order", args="()", kwargs="{}"),
        event("started", 105.0, ROOT),
    ):
        found.event(one)
    return found


def saved(folder: Path, pickled: bytes | None) -> Path:
    """A file as Flower's shelve writes it."""
    path = folder / "flower"
    with dbm.open(str(path), "n") as database:
        if pickled is not None:
            database[b"events"] = pickled
    return path


def config_of(folder: Path, **fields: Any) -> Config:
    return Config(broker_url="redis://h/0", store=folder / "store.sqlite3", **fields)


def stored(folder: Path, uuid: str) -> TaskDetail:
    reader = Reader(folder / "store.sqlite3")
    try:
        found = reader.task(uuid)
    finally:
        reader.close()
    assert found is not None
    return found


def test_tasks_come_over_with_all_that_flower_knew(tmp_path: Path, state: State) -> None:
    taken = importing.take(saved(tmp_path, pickle.dumps(state)), config_of(tmp_path))

    task = stored(tmp_path, CHILD)
    assert taken == importing.Taken(2, 0)
    assert (task.name, task.state, task.worker, task.client) == ("shop.pay", "FAILURE", WORKER, "gen1@client")
    assert (task.sent, task.received, task.started, task.failed) == (100.0, 101.0, 102.0, 103.0)
    assert (task.args, task.exception, task.traceback) == ("(1,)", "KeyError('x')", "Traceback …")
    assert (task.root_id, task.parent_id, task.routing_key) == (ROOT, ROOT, "celery")


def test_an_unfinished_task_stays_so(tmp_path: Path, state: State) -> None:
    importing.take(saved(tmp_path, pickle.dumps(state)), config_of(tmp_path))

    assert stored(tmp_path, ROOT).state == "STARTED"


def test_to_import_twice_changes_nothing(tmp_path: Path, state: State) -> None:
    path = saved(tmp_path, pickle.dumps(state))
    importing.take(path, config_of(tmp_path))
    before = stored(tmp_path, CHILD)

    importing.take(path, config_of(tmp_path))

    assert stored(tmp_path, CHILD) == before


def test_what_a_rule_hides_is_not_written(tmp_path: Path, state: State) -> None:
    config = config_of(tmp_path, redact=(Rule(argument="mail"),))

    importing.take(saved(tmp_path, pickle.dumps(state)), config)

    assert "a@b.c" not in (stored(tmp_path, CHILD).kwargs or "")


class Forged:
    """What runs a program when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @override
    def __reduce__(self) -> Any:
        return os.mkdir, (str(self.path),)


def test_a_forged_file_runs_nothing(tmp_path: Path) -> None:
    path = saved(tmp_path, pickle.dumps(Forged(tmp_path / "ran")))

    with pytest.raises(MonitorError, match="mkdir, which is not of Flower's state; it may be forged"):
        importing.take(path, config_of(tmp_path))

    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("pickled", [b"", b"nonsense", pickle.dumps({}), pickle.dumps([1]), b"\x80\x04."])
def test_what_is_not_flowers_state_is_refused(pickled: bytes) -> None:
    with pytest.raises(Refused, match="it is not Flower's state"):
        list(unpickling.tasks(pickled))


def test_a_file_that_holds_nothing_is_told(tmp_path: Path) -> None:
    with pytest.raises(MonitorError, match="Flower never saved anything there"):
        importing.take(saved(tmp_path, None), config_of(tmp_path))


def test_a_file_of_something_else_is_told(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not a database")

    with pytest.raises(MonitorError, match="can't be imported: "):
        importing.take(tmp_path / "notes.txt", config_of(tmp_path))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="name the file as Flower's --db did"):
        importing.take(tmp_path / "flower", config_of(tmp_path))


def test_a_task_without_any_time_is_none() -> None:
    assert list(events({"uuid": CHILD, "state": "PENDING"})) == []
