"""Tasks of a store, listed as Flower's functions list those in its memory."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from flower_monitor import (
    Event,
    QueryError,
    Reader,
    SearchError,
    StoreUnavailable,
    as_dict,
    get_task_by_id,
    iter_tasks,
    sort_tasks,
)
from tests.monitor.web.stores import StoreFile, task

NOON = 1_795_262_400.0  # 2026-11-21 12:00 UTC

STORED = [
    task("a", name="shop.Place", state="SUCCESS", worker="w1@host", received=NOON, started=NOON + 9, args="('shoes',)"),
    task("b", name="shop.place", state="FAILURE", worker="w2@host", received=NOON + 60, started=None, runtime=None),
    task("c", name="mail.send", state="PROGRESS", worker="w1@host", received=NOON + 120, started=NOON + 121),
    task("d", name=None, state="PENDING", worker=None, received=None, started=None, runtime=None, ts=NOON + 500),
]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = StoreFile(tmp_path_factory.mktemp("store") / "flower.sqlite3")
    file.add(*STORED)
    for name in ("shop.Place", "shop.place", "mail.send"):
        file.count_events("w1@host", "task-received", name, 1)
    for hostname in ("w1@host", "w2@host"):
        file.worker(hostname)
    file.close()
    return file.path


def ids(path: Path, **filters: Any) -> str:
    return "".join(uuid for uuid, _ in iter_tasks(path, **filters))


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, "dcba"),
        ({"limit": 2}, "dc"),
        ({"limit": 2, "offset": 1}, "cb"),
        ({"limit": 2, "offset": -5}, "dc"),
        ({"limit": 0}, ""),
        ({"limit": -1}, ""),
        ({"limit": 5000, "offset": 1}, "cba"),
        ({"type": "mail.send"}, "c"),
        ({"type": "SHOP.PLACE"}, "a"),
        ({"type": "nothing"}, ""),
        ({"worker": "W1@host"}, "ca"),
        ({"worker": "nobody"}, ""),
        ({"state": "failure"}, "b"),
        ({"state": "progress"}, "c"),
        ({"sort_by": "received"}, "dabc"),
        ({"sort_by": "-received"}, "cbad"),
        ({"sort_by": "started", "state": "success"}, "a"),
        ({"sort_by": "-state"}, "acdb"),
        ({"received_start": "2026-11-21 12:01"}, "cb"),
        ({"received_end": "2026-11-21 12:01"}, "ba"),
        ({"received_start": NOON + 1, "received_end": NOON + 60.5}, "b"),
        ({"received_start": datetime(2026, 11, 21, 12, 2, tzinfo=UTC)}, "c"),
        ({"received_start": datetime(2026, 11, 21, 12, 2)}, "c"),
        ({"search": "shoes OR state:failure"}, "ba"),
        ({"search": "shop", "limit": 1, "offset": 1}, "a"),
        ({"search": "shop", "sort_by": "received"}, "ab"),
        ({"type": "", "worker": "", "state": "", "search": "", "sort_by": "", "received_start": ""}, "dcba"),
    ],
)
def test_filters_leave_what_fits_in_the_order_asked_for(path: Path, filters: dict[str, Any], found: str) -> None:
    assert ids(path, **filters) == found


@pytest.mark.parametrize(
    ("filters", "field"),
    [
        ({"sort_by": "nothing"}, "sort_by"),
        ({"received_start": "yesterday"}, "received_start"),
        ({"received_end": "2026-13-01 00:00"}, "received_end"),
    ],
)
def test_a_filter_that_makes_no_sense_is_told_at_the_call(path: Path, filters: dict[str, Any], field: str) -> None:
    with pytest.raises(QueryError, match=field) as caught:
        iter_tasks(path, **filters)

    assert caught.value.field == field


def test_a_search_that_can_not_be_understood_is_told_at_the_call(path: Path) -> None:
    with pytest.raises(SearchError):
        iter_tasks(path, search="ab")


def test_a_store_that_is_not_there_is_told_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable):
        list(iter_tasks(tmp_path / "none.sqlite3"))

    assert not (tmp_path / "none.sqlite3").exists()


def test_an_iteration_can_be_left_early(path: Path) -> None:
    reader = Reader(path)
    first = next(iter_tasks(reader))

    assert first[0] == next(iter_tasks(str(path)))[0] == "d"
    assert [uuid for uuid, _ in iter_tasks(reader)] == ["d", "c", "b", "a"]
    reader.close()


def test_it_can_be_left_early_where_an_event_loop_runs(path: Path) -> None:
    """As in a notebook."""

    async def cell() -> str:
        return next(iter_tasks(path))[0]

    assert asyncio.run(cell()) == "d"


def test_more_tasks_than_a_page_come_whole_and_in_order(tmp_path: Path) -> None:
    file = StoreFile(tmp_path / "flower.sqlite3")
    file.add(*(task(f"t{number:04}", received=NOON + number) for number in range(2500)))
    file.close()

    newest = [uuid for uuid, _ in iter_tasks(file.path)]
    oldest = [uuid for uuid, _ in iter_tasks(file.path, sort_by="received", limit=2400)]

    assert newest == [f"t{number:04}" for number in reversed(range(2500))]
    assert oldest == [f"t{number:04}" for number in range(2400)]


def test_a_task_by_its_id(path: Path) -> None:
    found = get_task_by_id(path, "a")

    assert found is not None
    assert (found.name, found.args) == ("shop.Place", "('shoes',)")
    assert get_task_by_id(path, "nothing") is None


def test_a_task_as_flowers_object(path: Path) -> None:
    found = get_task_by_id(path, "a")
    assert found is not None

    shown = as_dict(found)

    assert len(shown) == 31
    assert list(shown)[:4] == ["uuid", "name", "state", "received"]
    assert (shown["worker"], shown["root"], shown["received"]) == ("w1@host", "a", NOON)
    assert shown["children"] == []


def test_an_event_as_celery_sends_it() -> None:
    event = Event(type="task-started", hostname="w1@host", timestamp=1.5, uuid="a")

    assert as_dict(event) == {"type": "task-started", "hostname": "w1@host", "timestamp": 1.5, "uuid": "a"}


ROWS: list[tuple[str, dict[str, Any]]] = [
    ("4", {"name": "b", "received": 2.0}),
    ("2", {"name": "B", "received": None}),
    ("3", {"name": None, "received": 10.0}),
    ("1", {"name": "a"}),
]


@pytest.mark.parametrize(
    ("sort_by", "order"), [("name", "3124"), ("-name", "4213"), ("received", "1243"), ("--received", "3421")]
)
def test_tasks_are_sorted_as_flower_sorts_them(sort_by: str, order: str) -> None:
    assert "".join(uuid for uuid, _ in sort_tasks(ROWS, sort_by)) == order


def test_tasks_of_a_store_can_be_sorted(path: Path) -> None:
    assert [uuid for uuid, _ in sort_tasks(iter_tasks(path), "-started")] == ["c", "a", "d", "b"]


def test_an_order_that_is_none_is_told() -> None:
    with pytest.raises(QueryError, match="sort_by"):
        sort_tasks([], "nothing")
