"""One question to all monitors: what is found, who is silent, and that nobody waits longer than they said."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest

from flower_operator.fleet.fetch import http_fetch
from flower_operator.fleet.found import SearchResult
from flower_operator.fleet.identity import Identity
from flower_operator.fleet.monitors import Monitor
from flower_operator.fleet.rights import Rights
from flower_operator.fleet.roster import Roster
from flower_operator.fleet.search import MAX_FOUND, Searcher
from flower_operator.fleet.sight import Sight
from flower_operator.fleet.vouch import Voucher
from flower_operator.spec import Key
from tests.fleet.fake_monitor import FakeMonitor, fake_monitor, reply
from tests.fleet.made import ORDERS, monitor
from tests.support.patience import PATIENCE

pytestmark = pytest.mark.anyio

OTHER = Key("team-b", "other")
UUID = "3f0b3c1e-7f4a-4a52-8d13-0c8a7d0a1b2c"
SOMEBODY = Identity("admin")

Search = Callable[..., Any]


@pytest.fixture
def fakes() -> Iterator[dict[Key, FakeMonitor]]:
    with fake_monitor() as orders, fake_monitor() as other:
        orders.answer, other.answer = serving(), serving()
        yield {ORDERS: orders, OTHER: other}


def serving(
    tasks: tuple[str, ...] = (), workers: tuple[str, ...] = (), per_page: int = MAX_FOUND
) -> Callable[[BaseHTTPRequestHandler], None]:
    """Answers like a monitor that keeps these tasks and workers, and looks at so many of its tasks in one go."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        url = urlsplit(handler.path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        if url.path == "/api/v1/workers":
            reply(handler, 200, encode(items=[{"hostname": name, "state": "online"} for name in workers]))
        elif url.path == "/api/v1/tasks":
            start = int(query.get("cursor", 0))
            page = [task(uuid) for uuid in tasks[start : start + per_page] if query["search"] in uuid]
            following = str(start + per_page) if start + per_page < len(tasks) else None
            reply(handler, 200, encode(items=page, next_cursor=following))
        elif url.path.rpartition("/")[2] in tasks:
            reply(handler, 200, msgspec.json.encode(task(url.path.rpartition("/")[2])))
        else:
            reply(handler, 404, b"{}")

    return answer


def encode(**fields: Any) -> bytes:
    return msgspec.json.encode(fields)


def task(uuid: str) -> dict[str, Any]:
    return {"uuid": uuid, "name": "add", "state": "SUCCESS", "worker": "w1", "received": 1.0, "args": "(1, 2)"}


@pytest.fixture
async def search(fakes: dict[Key, FakeMonitor]) -> AsyncIterator[Search]:
    """Searches in the two, as somebody who sees both."""
    roster = Roster()
    for key in fakes:
        roster.put(monitor(key))

    async def key_of_fleet() -> bytes:
        return b"k"

    def address_of(asked: Monitor) -> str:
        return fakes[asked.key].url

    async def nobody_asks(*_: Any) -> bool:
        raise AssertionError("the password's owner is not asked about")

    async with http_fetch(PATIENCE) as fetch:
        searcher = Searcher(Sight(roster, Rights(nobody_asks)), Voucher(key_of_fleet), address_of, fetch)

        async def look(text: str, seconds: float = PATIENCE, suspended: Key | None = None) -> SearchResult:
            if suspended is not None:
                roster.put(monitor(suspended, suspended=True))
            return await searcher.search(SOMEBODY, text, seconds)

        yield look


async def test_a_task_is_found_by_its_id_where_it_is(fakes: dict[Key, FakeMonitor], search: Search) -> None:
    fakes[OTHER].answer = serving(tasks=(UUID,))
    result = await search(UUID)
    assert [(one.namespace, one.name, [task.uuid for task in one.tasks]) for one in result.items] == [
        ("team-b", "other", [UUID])
    ]
    assert (result.asked, result.unanswered) == (2, [])
    assert fakes[ORDERS].paths == [f"/api/v1/tasks/{UUID}"], "one look-up, and no search through all that is kept"


async def test_tasks_and_workers_are_found_by_a_part_of_their_names(
    fakes: dict[Key, FakeMonitor], search: Search
) -> None:
    fakes[ORDERS].answer = serving(tasks=("mail-1", "sms-1"), workers=("celery@MAIL-7", "celery@sms"))
    (found,) = (await search("mail")).items
    assert [task.uuid for task in found.tasks] == ["mail-1"]
    assert [worker.hostname for worker in found.workers] == ["celery@MAIL-7"]
    assert not found.more


async def test_a_monitor_that_looks_at_a_part_is_asked_on(fakes: dict[Key, FakeMonitor], search: Search) -> None:
    fakes[ORDERS].answer = serving(tasks=(*(f"sms-{n}" for n in range(50)), "mail-1"), per_page=10)
    (found,) = (await search("mail")).items
    assert [task.uuid for task in found.tasks] == ["mail-1"]


async def test_more_than_is_shown_is_said(fakes: dict[Key, FakeMonitor], search: Search) -> None:
    fakes[ORDERS].answer = serving(tasks=tuple(f"mail-{n}" for n in range(MAX_FOUND + 1)))
    (found,) = (await search("mail")).items
    assert (len(found.tasks), found.more) == (MAX_FOUND, True)


async def test_one_that_hangs_is_named_and_holds_nothing_up(fakes: dict[Key, FakeMonitor], search: Search) -> None:
    fakes[ORDERS].answer = fakes[ORDERS].hang
    fakes[OTHER].answer = serving(tasks=(UUID,))
    result = await search(UUID, seconds=1)
    while not result.items:  # a busy machine
        result = await search(UUID, seconds=1)
    assert [one.name for one in result.items] == ["other"]
    assert [(one.name, one.reason) for one in result.unanswered] == [("orders", "It has not answered within 1 s.")]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (lambda handler: reply(handler, 500, b""), "answered HTTP 500"),
        (lambda handler: reply(handler, 401, b""), "does not accept"),
        (lambda handler: reply(handler, 200, b"<html>"), "answered what can't be read"),
        (lambda handler: reply(handler, 200, b'{"x":' + b"[" * 100_000), "answered what can't be read"),
    ],
    ids=["failing", "refusing", "no JSON", "too deep"],
)
async def test_one_that_fails_is_named_with_its_reason(
    fakes: dict[Key, FakeMonitor], search: Search, answer: Any, reason: str
) -> None:
    fakes[ORDERS].answer = answer
    (silent,) = (await search("mail")).unanswered
    assert (silent.namespace, silent.name) == ORDERS
    assert reason in silent.reason


async def test_a_suspended_one_is_not_asked_and_named(fakes: dict[Key, FakeMonitor], search: Search) -> None:
    result = await search("mail", suspended=ORDERS)
    assert [(one.name, one.reason) for one in result.unanswered] == [("orders", "It is suspended.")]
    assert (result.asked, fakes[ORDERS].paths) == (1, [])


async def test_a_search_that_is_given_up_asks_nobody_any_more(fakes: dict[Key, FakeMonitor], search: Search) -> None:
    fakes[ORDERS].answer = fakes[ORDERS].hang
    given_up = asyncio.create_task(search("mail"))
    async with asyncio.timeout(PATIENCE):
        while not fakes[ORDERS].paths:
            await asyncio.sleep(0.01)
    given_up.cancel()
    await asyncio.gather(given_up, return_exceptions=True)
    assert [task.get_name() for task in asyncio.all_tasks() if task.get_name().startswith("search ")] == []
