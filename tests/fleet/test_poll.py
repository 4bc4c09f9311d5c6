"""Asking monitors, against servers that answer well and badly."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager

import pytest

from flower_operator.fleet.fetch import MAX_BODY, Fetch, FetchError, Target, http_fetch
from flower_operator.fleet.fetch import by_token as target
from flower_operator.fleet.monitors import Monitor
from flower_operator.fleet.poll import MAX_INTERVAL, Poller, pause_after
from flower_operator.fleet.roster import Observation, Roster
from flower_operator.spec import Key
from tests.fleet.fake_monitor import FakeMonitor, fake_monitor, reply
from tests.fleet.made import ORDERS, monitor, summary_body
from tests.support.patience import PATIENCE

pytestmark = pytest.mark.anyio

LIMIT = 0.5
"""Seconds that an answer may take where none comes."""


@pytest.fixture
def fake() -> Iterator[FakeMonitor]:
    with fake_monitor() as server:
        yield server


@pytest.fixture
async def fetch() -> AsyncIterator[Fetch]:
    async with http_fetch(PATIENCE) as made:
        yield made


@pytest.fixture
async def hasty() -> AsyncIterator[Fetch]:
    """One that gives up soon."""
    async with http_fetch(LIMIT) as made:
        yield made


async def test_gives_the_body(fake: FakeMonitor, fetch: Fetch) -> None:
    assert await fetch(target(fake.url, "t")) == summary_body()


async def test_shows_the_token(fake: FakeMonitor, fetch: Fetch) -> None:
    fake.token = "right"
    assert await fetch(target(fake.url, "right")) == summary_body()


async def failure(fetch: Fetch, url: str) -> str:
    """What the fleet says of a monitor that it can't ask."""
    with pytest.raises(FetchError) as error:
        await fetch(target(url, "t"))
    return str(error.value)


async def test_wrong_token_says_what_to_do(fake: FakeMonitor, fetch: Fetch) -> None:
    fake.token = "right"
    text = await failure(fetch, fake.url)
    assert "does not accept the fleet's token (HTTP 401)" in text
    assert "Restart the controller" in text


async def test_slow_answer_is_cut_off_in_time(fake: FakeMonitor, hasty: Fetch) -> None:
    fake.answer = fake.hang
    assert "did not answer within 0.5 s" in await failure(hasty, fake.url)


async def test_answer_that_never_ends_is_cut_off(fake: FakeMonitor, hasty: Fetch) -> None:
    """A byte now and then does not buy a monitor more time."""

    def drip(handler: object) -> None:
        from http.server import BaseHTTPRequestHandler

        assert isinstance(handler, BaseHTTPRequestHandler)
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        while not fake.closing.wait(0.05):
            handler.wfile.write(b" ")

    fake.answer = drip
    assert "did not answer within 0.5 s" in await failure(hasty, fake.url)


async def test_http_error_is_named(fake: FakeMonitor, fetch: Fetch) -> None:
    fake.answer = lambda handler: reply(handler, 500, b"oops")
    assert "answered HTTP 500" in await failure(fetch, fake.url)


async def test_redirect_is_not_followed(fake: FakeMonitor, fetch: Fetch) -> None:
    """The token must not go where a monitor sends it."""
    fake.answer = lambda handler: reply(handler, 302, b"", Location="/elsewhere")
    assert "answered HTTP 302" in await failure(fetch, fake.url)
    assert fake.paths == ["/"]


async def test_too_much_is_not_read(fake: FakeMonitor, fetch: Fetch) -> None:
    fake.answer = lambda handler: reply(handler, 200, b" " * (MAX_BODY + 1))
    assert f"more than {MAX_BODY} bytes" in await failure(fetch, fake.url)


async def test_the_largest_allowed_answer_is_read_whole(fake: FakeMonitor, fetch: Fetch) -> None:
    fake.answer = lambda handler: reply(handler, 200, b" " * MAX_BODY)
    assert len(await fetch(target(fake.url, "t"))) == MAX_BODY


async def test_refused_connection_is_named(fetch: Fetch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert "Connection refused" in await failure(fetch, f"http://127.0.0.1:{port}")


async def test_unknown_host_points_to_the_service(fetch: Fetch) -> None:
    assert "is the monitor's Service there?" in await failure(fetch, "http://orders-monitor.team-a.invalid:5555")


@asynccontextmanager
async def polling(roster: Roster, fetch: Fetch, url: Callable[[Monitor], str]) -> AsyncIterator[Poller]:
    """A poller at work, some hundred times as often as in earnest."""

    async def aim(asked: Monitor) -> Target:
        return target(url(asked), "t")

    poller = Poller(roster, fetch, aim, interval=0.02)
    task = asyncio.create_task(poller.run())
    try:
        yield poller
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(roster: Roster, holds: Callable[[Observation], bool], key: Key = ORDERS) -> Observation:
    """Wait for an observation; that it comes is what the test claims."""
    async with asyncio.timeout(PATIENCE):
        while True:
            entry = roster.get(key)
            if entry is not None and holds(entry.observation):
                return entry.observation
            await roster.changes.beyond(roster.changes.value)


async def test_the_roster_gets_the_answer(fake: FakeMonitor, fetch: Fetch) -> None:
    roster = Roster()
    roster.put(monitor())
    async with polling(roster, fetch, lambda _: fake.url) as poller:
        observed = await until(roster, lambda o: o.summary is not None)
    assert observed.body == summary_body()
    assert poller.polls["ok"] >= 1


async def test_what_is_no_summary_is_an_error_that_names_the_field(fake: FakeMonitor, fetch: Fetch) -> None:
    fake.answer = lambda handler: reply(handler, 200, summary_body(workers={"online": "many"}))
    roster = Roster()
    roster.put(monitor())
    async with polling(roster, fetch, lambda _: fake.url):
        observed = await until(roster, lambda o: o.error is not None)
    assert "$.workers.online" in str(observed.error)


DEEP = b'{"x":' + b"[" * 100_000


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}", b'{"monitor":', pytest.param(DEEP, id="deep")])
async def test_what_is_not_json_is_an_error(fake: FakeMonitor, fetch: Fetch, body: bytes) -> None:
    fake.answer = lambda handler: reply(handler, 200, body)
    roster = Roster()
    roster.put(monitor())
    async with polling(roster, fetch, lambda _: fake.url):
        observed = await until(roster, lambda o: o.error is not None)
    assert "answered what is no summary" in str(observed.error)


async def test_a_monitor_that_is_back_is_fresh_again(fake: FakeMonitor, fetch: Fetch) -> None:
    fake.answer = lambda handler: reply(handler, 500, b"")
    roster = Roster()
    roster.put(monitor())
    async with polling(roster, fetch, lambda _: fake.url):
        await until(roster, lambda o: o.error is not None)
        fake.answer = lambda handler: reply(handler, 200, summary_body())
        observed = await until(roster, lambda o: o.error is None)
    assert observed.summary is not None


async def test_one_that_hangs_holds_no_other_up(fake: FakeMonitor) -> None:
    """Long before it is given up."""
    roster = Roster()
    slow = Key("team-a", "slow")
    with fake_monitor() as hanging:
        hanging.answer = hanging.hang
        roster.put(monitor(slow))
        roster.put(monitor())
        urls = {slow: hanging.url}
        async with (
            http_fetch(600) as fetch,
            polling(roster, fetch, lambda m: urls.get(m.key, fake.url)) as poller,
            asyncio.timeout(PATIENCE),
        ):
            while poller.polls["ok"] < 5:
                await roster.changes.beyond(roster.changes.value)


async def test_suspended_is_not_asked_and_resumed_is(fake: FakeMonitor, fetch: Fetch) -> None:
    roster = Roster()
    roster.put(monitor(suspended=True))
    other = Key("team-b", "other")
    roster.put(monitor(other))
    async with polling(roster, fetch, lambda m: f"{fake.url}/{m.key}"):
        await until(roster, lambda o: o.at is not None, other)
        assert f"/{ORDERS}" not in fake.paths
        roster.put(monitor())
        await until(roster, lambda o: o.at is not None)
        assert f"/{ORDERS}" in fake.paths


async def test_one_that_went_and_came_back_at_once_is_asked_again(fake: FakeMonitor, fetch: Fetch) -> None:
    roster = Roster()
    roster.put(monitor())
    async with polling(roster, fetch, lambda _: fake.url):
        await until(roster, lambda o: o.at is not None)
        roster.remove(ORDERS)
        roster.put(monitor())
        await until(roster, lambda o: o.at is not None)


async def test_a_deleted_one_is_asked_no_more(fake: FakeMonitor, fetch: Fetch) -> None:
    roster = Roster()
    roster.put(monitor())
    other = Key("team-b", "other")
    asked: list[str] = []

    async def noting(target: Target) -> bytes:
        asked.append(target.url)
        return await fetch(target)

    async with polling(roster, noting, lambda m: f"{fake.url}/{m.key}"):
        await until(roster, lambda o: o.at is not None)
        roster.remove(ORDERS)
        roster.put(monitor(other))
        first = await until(roster, lambda o: o.at is not None, other)
        asked.clear()
        await until(roster, lambda o: o.at is not None and o.at > (first.at or 0), other)
        assert f"{fake.url}/{ORDERS}" not in asked


async def test_pauses_grow_with_failures_up_to_a_limit() -> None:
    assert 4.5 <= pause_after(0, 5) <= 5.5
    assert pause_after(2, 5) > pause_after(0, 5)
    assert pause_after(100_000, 5) <= MAX_INTERVAL * 1.1


async def test_pauses_are_never_in_step() -> None:
    assert len({pause_after(0, 5) for _ in range(20)}) > 1
