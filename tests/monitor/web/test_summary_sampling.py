"""The summary's numbers get to ingest once a minute, as far as they are known; the API tells them in steps."""

import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
from typing_extensions import override

from flower_monitor.constants import STATUS_STALE
from flower_monitor.letterbox import Letters, Post
from flower_monitor.store.reader import Reader
from flower_monitor.store.records import BrokerStatus, IngestStatus, Seen, StoreStatus, Summary
from flower_monitor.summary_samples import Figure, SummarySample
from flower_monitor.web.queues import Look
from flower_monitor.web.store import StoreAccess
from flower_monitor.web.summary_sampling import SummarySampling, figures
from tests.monitor.program import monitor
from tests.monitor.web.stores import StoreFile
from tests.monitor.web.test_sampling import Looked, row
from tests.support.processes import until
from tests.support.redis import RedisServer

NOON = 1_800_014_400
Answer = TypeVar("Answer")


def summary(**fields: Any) -> Summary:
    """Of a monitor that hears two workers; two of eight tasks were missed."""
    known: dict[str, Any] = {
        "broker": BrokerStatus(state="connected"),
        "ingest": IngestStatus(committed_at=NOON, lag=0.25, rate=1.5),
        "workers": {"online": 2, "lost": 1},
        "seen": Seen(due=8, missed=2),
    }
    return Summary(batch=1, store=StoreStatus(), tasks=0, states={}, notices=[], **{**known, **fields})


def look(at: float, *ready: int | None) -> Look:
    rows = tuple(row(f"q{number}", count) for number, count in enumerate(ready))
    return Look(at, "redis", rows, False)


def known(now: float = NOON, looked: Look | None = None, **fields: Any) -> dict[Figure, float]:
    return figures(summary(**fields), looked, now)


class Kept(StoreAccess):
    """Has the summary of an ingest that goes on committing, and needs no file for it."""

    def __init__(self) -> None:
        self.found = summary(ingest=IngestStatus(committed_at=NOON + 3600))

    @override
    async def read(self, question: Callable[[Reader], Answer]) -> Answer:
        return self.found  # type: ignore[return-value] # the only question


class Ends:
    """A summary, and what ingest reads of it."""

    def __init__(self) -> None:
        reading, writing = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.post, self.letters = Post(writing.detach()), Letters(reading.detach())
        self.now = float(NOON)
        self.store = Kept()
        self.sampling = SummarySampling(self.store, Looked(), self.post, lambda: self.now)

    async def starts(self) -> list[int]:
        """The minutes that ingest is told of after one more round."""
        await self.sampling.round()
        return [letter.start for letter in self.letters.read() if isinstance(letter, SummarySample)]


@pytest.fixture
def ends() -> Iterator[Ends]:
    made = Ends()
    yield made
    made.post.close()
    made.letters.close()


def test_all_that_is_known_is_told() -> None:
    assert known(looked=look(NOON - 30, 3, None, 4)) == {"workers": 2, "waiting": 7, "lag": 0.25, "seen": 0.75}


@pytest.mark.parametrize(
    "fields",
    [
        {"broker": BrokerStatus(state="disconnected")},
        {"ingest": IngestStatus(lag=0.25, rate=1.5)},
        {"ingest": IngestStatus(committed_at=NOON - STATUS_STALE - 1, lag=0.25, rate=1.5)},
    ],
)
def test_an_ingest_that_hears_nothing_knows_nothing_of_now(fields: dict[str, Any]) -> None:
    assert known(**fields) == {}


def test_no_lag_is_known_where_no_event_came_lately() -> None:
    assert "lag" not in known(ingest=IngestStatus(committed_at=NOON, lag=0.25, rate=0.0))


def test_no_part_is_known_where_workers_did_nothing() -> None:
    assert "seen" not in known(seen=Seen())


@pytest.mark.parametrize("looked", [None, look(NOON - 61, 3), look(NOON, None)])
def test_what_waits_is_unknown_where_nobody_looked_or_no_queue_told(looked: Look | None) -> None:
    assert "waiting" not in known(looked=looked)


@pytest.mark.anyio
async def test_a_minute_is_told_once(ends: Ends) -> None:
    first = await ends.starts()
    ends.now += 59
    same = await ends.starts()
    ends.now += 1

    assert (first, same, await ends.starts()) == ([NOON], [], [NOON + 60])


@pytest.mark.anyio
async def test_a_minute_that_begins_in_the_dark_is_told_when_something_is_known(ends: Ends) -> None:
    ends.store.found = summary(broker=BrokerStatus(state="connecting"))
    dark = await ends.starts()
    ends.store.found = summary()
    ends.now += 2

    assert (dark, await ends.starts()) == ([], [NOON])


@pytest.mark.anyio
async def test_the_history_is_told_in_steps(client: httpx.AsyncClient, store: StoreFile) -> None:
    values = {"n": 2, "total": 6.0, "least": 1.0, "most": 5.0}
    store.insert("summary_sample", {"step": 60, "start": NOON, "figure": "workers", **values})

    answer = await client.get("/api/v1/summary-history", params={"start": NOON, "end": NOON + 120})

    found = answer.json()
    assert (found["step"], found["workers"], found["least_workers"]) == (60, [3.0, None], [1.0, None])
    assert found["lag"] == [None, None]


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("query", "field"),
    [({"points": 1}, "points"), ({"start": 9, "end": 8}, "end"), ({"start": "x"}, "start"), ({"name": "x"}, "name")],
)
async def test_a_wrong_parameter_is_named(client: httpx.AsyncClient, query: dict[str, Any], field: str) -> None:
    answer = await client.get("/api/v1/summary-history", params=query)

    assert (answer.status_code, answer.json()["field"]) == (400, field)


def test_a_monitor_notes_its_numbers(redis: RedisServer, tmp_path: Path) -> None:
    started_at = time.time()
    with monitor(redis.url, tmp_path) as started:
        started.connected()
        path = f"/api/v1/summary-history?start={started_at - 120}"
        found = until(lambda: _told(started.get(path)), "a minute is known")

    assert found["workers"] == [0.0]
    assert set(found["before"]) == {None}


def _told(answer: Any) -> dict[str, list[float | None]] | None:
    """Workers of the minutes since the start, and of the one before it."""
    workers = answer["workers"] if answer else []
    told = [value for value in workers if value is not None]
    return {"workers": told[:1], "before": workers[:1]} if told else None
