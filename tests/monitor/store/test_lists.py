"""Lists of tasks: whatever is asked for, pages together are what sorting everything would give."""

import itertools
import random
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from flower_monitor.exceptions import QueryError
from flower_monitor.store import listing, plan, search, stretches, walk
from flower_monitor.store.reader import Reader
from flower_monitor.store.records import TaskDetail, TaskQuery, TaskRow
from tests.monitor.fold.made import event
from tests.monitor.store.made import Store

NAMES, WORKERS = ("pay", "ship", "mail", None), ("w1@h", "w2@h", "w3@h")
TASKS = 210


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """Tasks in all states, some with the same times, some without."""
    store = Store(tmp_path_factory.mktemp("lists") / "s")
    numbers = random.Random(3)
    for n in range(TASKS):
        key, at, host = str(uuid.UUID(int=numbers.getrandbits(128))), float(numbers.randrange(50)), WORKERS[n % 3]
        fields: dict[str, Any] = {"uuid": key, "host": host, "at": at}
        kind = ("sent", "received", "started", "failed", "succeeded", "succeeded", "progress")[n % 7]
        if kind == "sent":
            store.fold(event("sent", uuid=key, at=at, name=NAMES[n % 4]))
            continue
        if n % 5:
            store.fold(event("received", **fields, name=NAMES[n % 4], args=f"({n},)"))
        if kind in ("started", "succeeded"):
            store.fold(event("started", **{**fields, "at": at + 1}))
        runtime: dict[str, Any] = {"runtime": float(numbers.randrange(9))} if kind == "succeeded" else {}
        store.fold(event(kind, **{**fields, "at": at + numbers.randrange(1, 9)}, **runtime))
    store.commit()
    yield store.reader
    store.close()


def walked(reader: Reader, query: TaskQuery) -> list[TaskRow]:
    """All pages."""
    found: list[TaskRow] = []
    while True:
        page = reader.tasks(query)
        found += page.items
        if page.next_cursor is None:
            return found
        query = replace(query, cursor=page.next_cursor, offset=0)


def traced(reader: Reader, query: TaskQuery) -> list[tuple[str, list[str]]]:
    """What a page reads from tasks: each statement with the steps of SQLite's plan."""
    connection = reader._connection
    statements: list[tuple[str, Any]] = []

    def note(cursor: object, sql: str, bindings: Any) -> bool:
        statements.append((sql, bindings))
        return True

    connection.exec_trace = note
    try:
        reader.tasks(query)
    finally:
        connection.exec_trace = None
    return [
        (sql, [str(row[3]) for row in connection.execute(f"explain query plan {sql}", bindings)])
        for sql, bindings in statements
        if sql.startswith("select") and "from task" in sql
    ]


def fits(task: TaskRow, query: TaskQuery) -> bool:
    received = task.received
    return (
        (not query.state or task.state in query.state)
        and (query.name is None or task.name == query.name)
        and (query.worker is None or task.worker == query.worker)
        and (query.received_start is None or (received is not None and received >= query.received_start))
        and (query.received_end is None or (received is not None and received <= query.received_end))
        and (query.search is None or query.search in (task.args or ""))
    )


def rank(task: TaskRow, sort: str) -> Any:
    if sort == "received":
        assert isinstance(task, TaskDetail)
        return task.received or task.sent or task.history[0].timestamp
    value = getattr(task, sort)
    if sort in listing.TEXT_SORTS:
        return value or ""
    return -1.0 if value is None else value


FILTERS: list[dict[str, Any]] = [
    {},
    {"state": ("FAILURE",)},
    {"state": ("FAILURE", "SUCCESS", "PROGRESS")},
    {"name": "pay"},
    {"worker": "w2@h"},
    {"name": "ship", "worker": "w1@h", "state": ("SUCCESS", "STARTED")},
    {"received_start": 10.0, "received_end": 30.0},
    {"worker": "w1@h", "received_start": 20.0},
    {"search": "(1"},
    {"search": "(1", "name": "mail"},
    {"name": "never"},
    {"state": ("NEVER",)},
    {"state": ("NEVER", "FAILURE")},
]
SORTS = [way + sort for sort in listing.SORTS for way in ("", "-")]


@pytest.mark.parametrize("few", [0, 5000], ids=["many", "few"])
@pytest.mark.parametrize("sort", SORTS)
def test_pages_are_what_sorting_everything_gives(
    filled: Reader, monkeypatch: pytest.MonkeyPatch, sort: str, few: int
) -> None:
    """In small and in large stores, which are walked in other ways."""
    monkeypatch.setattr(plan, "FEW", few)
    monkeypatch.setattr(walk, "FIRST_STEP", 20)
    everything = walked(filled, TaskQuery(limit=1000))
    assert len(everything) == TASKS
    key, down = sort.removeprefix("-"), sort.startswith("-")
    for filters in FILTERS:
        query = TaskQuery(sort=sort, limit=50, details=True, **filters)
        found = walked(filled, query)
        assert {task.uuid for task in found} == {task.uuid for task in everything if fits(task, query)}, filters
        assert len(found) == len({task.uuid for task in found})
        if not (sort == "-received" and "search" in filters):
            ranks = [rank(task, key) for task in found]
            assert ranks == sorted(ranks, reverse=down), filters


@pytest.mark.parametrize("wider", [0, 1, 1000])
def test_a_page_is_the_same_whether_other_indexes_are_read_or_not(
    filled: Reader, monkeypatch: pytest.MonkeyPatch, wider: int
) -> None:
    query = TaskQuery(worker="w1@h", state=("SUCCESS", "STARTED"), name="ship")
    expected = [task for task in walked(filled, TaskQuery(limit=1000)) if fits(task, query)]
    monkeypatch.setattr(plan, "FEW", 0)
    monkeypatch.setattr(stretches, "WIDER", wider)

    assert walked(filled, query) == expected


def test_tasks_that_fit_several_filters_are_read_by_their_ids(filled: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    """By an index of what is filtered by SQLite would read all that are in that state."""
    monkeypatch.setattr(plan, "FEW", 0)
    query = TaskQuery(worker="w1@h", state=("SUCCESS",))

    first = {steps[0] for sql, steps in traced(filled, query) if "carray" in sql}

    assert first == {"SEARCH task USING INTEGER PRIMARY KEY (rowid=?)"}


@pytest.mark.parametrize("few", [0, 5000], ids=["many", "few"])
@pytest.mark.parametrize("sort", SORTS)
def test_an_offset_skips_that_many(filled: Reader, monkeypatch: pytest.MonkeyPatch, sort: str, few: int) -> None:
    monkeypatch.setattr(plan, "FEW", few)
    filters: dict[str, Any]
    for filters in ({}, {"state": ("SUCCESS",)}, {"name": "pay", "worker": "w2@h"}):
        query = TaskQuery(sort=sort, limit=20, **filters)

        assert walked(filled, replace(query, offset=11)) == walked(filled, query)[11:]


def test_all_ids_come_in_the_order_of_the_pages(filled: Reader) -> None:
    for sort, filters in itertools.product(("-runtime", "name", "received"), ({}, {"state": ("SUCCESS",)})):
        query = TaskQuery(sort=sort, limit=100, **filters)  # type: ignore[arg-type]  # made of parts

        assert [task.uuid for task in filled.by_ids(filled.order(query))] == [t.uuid for t in walked(filled, query)]


def test_a_page_that_takes_too_long_is_short_and_goes_on(filled: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "BUDGET", 0.0)
    monkeypatch.setattr(walk, "FIRST_STEP", 10)
    query = TaskQuery(worker="w1@h", state=("REVOKED", "FAILURE"), name="pay", limit=100)

    first = filled.tasks(query)

    assert len(first.items) < 5
    assert first.next_cursor is not None
    assert len(walked(filled, query)) == len([t for t in walked(filled, TaskQuery(limit=1000)) if fits(t, query)])


def test_a_search_tells_how_far_it_came(filled: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "BUDGET", 0.0)
    monkeypatch.setattr(search, "STEP", 100)
    query = TaskQuery(search="nowhere")
    scanned = []
    while True:
        page = filled.tasks(query)
        assert page.progress is not None
        assert page.items == []
        scanned.append(page.progress.scanned)
        if page.next_cursor is None:
            break
        query = replace(query, cursor=page.next_cursor)

    assert scanned == [100, 200, 210, 210]
    assert page.progress.of == TASKS


def test_a_search_ends_when_nobody_wants_it_any_more(filled: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "STEP", 50)
    page = filled.tasks(TaskQuery(search="nowhere"), lambda: False)

    assert page.progress is not None
    assert page.progress.scanned == 50


def test_what_a_search_found_is_told_before_its_time_is_up(filled: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "STEP", 50)
    monkeypatch.setattr(search, "SOON", 0.0)

    page = filled.tasks(TaskQuery(search="(20"))

    assert 0 < len(page.items) < 10
    assert page.next_cursor is not None


@pytest.mark.parametrize("cursor", ["x", "bnVsbA", "WyIiLDEuMCwxLDBd"], ids=["junk", "null", "of another order"])
def test_a_wrong_cursor_is_refused(filled: Reader, cursor: str) -> None:
    with pytest.raises(QueryError, match="not a cursor of this list"):
        filled.tasks(TaskQuery(cursor=cursor))


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("filters", [{}, {"worker": "w1@h"}, {"state": ("SUCCESS",)}], ids=["all", "worker", "state"])
def test_no_page_sorts_or_scans_the_table(
    filled: Reader, monkeypatch: pytest.MonkeyPatch, sort: str, filters: dict[str, Any]
) -> None:
    monkeypatch.setattr(plan, "FEW", 0)

    for sql, steps in traced(filled, TaskQuery(sort=sort, limit=5, **filters)):
        assert not any("TEMP B-TREE" in step or step == "SCAN task" for step in steps), (sql, steps)


@pytest.mark.parametrize("part", ["4", "a7", "f3e", "27", "0-4", "B", "c1d2"])
def test_a_part_of_an_id_finds_it_wherever_it_begins(filled: Reader, part: str) -> None:
    everything = walked(filled, TaskQuery(limit=1000))

    found = walked(filled, TaskQuery(search=part, limit=1000))

    digits = part.replace("-", "").lower()
    expected = {t.uuid for t in everything if digits in t.uuid.replace("-", "") or part in (t.args or "")}
    assert {task.uuid for task in found} == expected


@pytest.mark.parametrize("text", ["100%", "a_b", "back\\slash", "50%_\\", "\0x"])
def test_what_like_takes_for_a_pattern_is_searched_for_as_it_is(tmp_path: Path, text: str) -> None:
    store = Store(tmp_path / "s")
    store.fold(event("received", uuid="it", args=f"({text})"), event("received", uuid="other", args="100xaxb")).commit()

    assert [task.uuid for task in walked(store.reader, TaskQuery(search=text))] == ["it"]


@pytest.mark.parametrize("text", ["it-self", "IT-SELF", "t-s"])
def test_an_id_that_is_no_uuid_is_found_by_a_part(tmp_path: Path, text: str) -> None:
    store = Store(tmp_path / "s")
    store.fold(event("received", uuid="it-self"), event("received", uuid="other")).commit()

    assert [task.uuid for task in walked(store.reader, TaskQuery(search=text))] == ["it-self"]


def test_text_in_the_newest_task_is_found_at_once(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    store.fold(*[event("received", uuid=str(n), args="x") for n in range(3000)])
    store.fold(event("received", uuid="last", args="needle")).commit()

    page = store.reader.tasks(TaskQuery(search="needle", limit=1))

    assert [task.uuid for task in page.items] == ["last"]


def test_a_search_passes_the_ids_that_are_gone(tmp_path: Path) -> None:
    """One task that never ended may be older by millions than the others."""
    store = Store(tmp_path / "s")
    store.fold(event("received", uuid="old", args="needle")).commit()
    store.tasks.outbox.next_id = 10_000_000_000
    store.fold(event("received", uuid="new")).commit()

    assert [task.uuid for task in walked(store.reader, TaskQuery(search="needle"))] == ["old"]
