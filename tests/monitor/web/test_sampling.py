"""What looks at queues found gets to ingest, each once, whoever looked; and nothing where nobody did."""

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from typing_extensions import override

from flower_monitor.letterbox import Letters, Post
from flower_monitor.queue_samples import QueueSamples
from flower_monitor.queues.rows import QueueRow
from flower_monitor.web.queues import Look, Queues
from flower_monitor.web.sampling import LETTER, MOST_MINUTES, SEND_EVERY, Sampling
from tests.monitor.program import monitor
from tests.monitor.queues.sending import send
from tests.monitor.web.stores import StoreFile
from tests.support.processes import until
from tests.support.redis import RedisServer

NOON = 1_800_014_400


class Looked(Queues):
    """Has a last look."""

    def __init__(self) -> None:
        self.seen: Look | None = None

    @override
    def last(self) -> Look | None:
        return self.seen


class Ends:
    """Looks, and what ingest reads of them."""

    def __init__(self) -> None:
        reading, writing = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.post, self.letters = Post(writing.detach()), Letters(reading.detach())
        self.now = float(NOON)
        self.queues = Looked()
        self.sampling = Sampling(self.queues, self.post, lambda: self.now)

    def look(self, **ready: int) -> None:
        """Somebody looks, and it is noted."""
        rows = tuple(row(name, count) for name, count in ready.items())
        self.queues.seen = Look(self.now, "redis", rows, False)
        self.sampling.round()

    def read(self) -> list[QueueSamples]:
        return [letter for letter in self.letters.read() if isinstance(letter, QueueSamples)]


def row(name: str, ready: int | None) -> QueueRow:
    nothing = dict.fromkeys(("unacknowledged", "oldest_age", "rate_in", "rate_out", "growth", "drain_time"))
    return QueueRow(name=name, ready=ready, consumers=1, by_priority=None, unknown={}, **nothing)


@pytest.fixture
def ends() -> Iterator[Ends]:
    made = Ends()
    yield made
    made.post.close()
    made.letters.close()


def test_a_look_is_told_once(ends: Ends) -> None:
    ends.look(mail=3)
    ends.now += SEND_EVERY
    ends.sampling.round()

    (letter,) = ends.read()
    assert letter.start == NOON
    mail = letter.queues["mail"]
    assert (mail.ready.n, mail.ready.total, mail.unacknowledged.n, mail.consumers.total) == (1, 3, 0, 1)


def test_looks_in_between_go_together(ends: Ends) -> None:
    ends.look(mail=9)
    first = ends.read()
    for ready in (2, 8):
        ends.now += 1
        ends.look(mail=ready)
    nothing = ends.read()
    ends.now += SEND_EVERY
    ends.sampling.round()

    (letter,) = ends.read()
    assert (len(first), nothing) == (1, [])
    assert (letter.queues["mail"].ready.total, letter.queues["mail"].ready.most) == (10, 8)


def test_each_minute_is_told_of_by_itself(ends: Ends) -> None:
    ends.look(mail=1)
    ends.read()
    for _ in range(2):
        ends.now += 6
        ends.look(mail=1)
        ends.now += 54

    assert [letter.start for letter in ends.read()] == [NOON, NOON + 60]


def test_nobody_is_told_of_what_nobody_looked_at(ends: Ends) -> None:
    ends.sampling.round()

    assert ends.read() == []


def test_many_queues_are_told_of_in_pieces(ends: Ends) -> None:
    ends.look(**{f"q{number}": number for number in range(2 * LETTER + 1)})

    letters = ends.read()
    assert [len(letter.queues) for letter in letters] == [LETTER, LETTER, 1]


def test_while_ingest_takes_nothing_some_minutes_are_kept(ends: Ends, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as away:
        away.setattr(ends.post, "send", lambda _: 0)
        for _ in range(MOST_MINUTES + 5):
            ends.look(mail=1)
            ends.now += 60
    ends.sampling.round()

    assert len(ends.read()) == MOST_MINUTES


@pytest.mark.anyio
async def test_the_history_of_queues_is_told_in_steps(client: httpx.AsyncClient, store: StoreFile) -> None:
    values = {f"{figure}_{part}": 2 for figure in ("ready", "unacknowledged", "consumers")
              for part in ("n", "total", "most")}  # fmt: skip
    store.insert("queue_depth", {"step": 60, "start": NOON, "queue": store.name("a/b"), **values})
    query = {"start": NOON, "end": NOON + 120}

    one = (await client.get("/api/v1/queues/a%2Fb/history", params=query)).json()
    every = (await client.get("/api/v1/queue-history", params=query)).json()

    assert (one["name"], one["step"], one["ready"], one["consumers"]) == ("a/b", 60, [1.0, None], [1.0, None])
    assert every["items"] == [{"name": "a/b", "ready": [1.0, None]}]


@pytest.mark.anyio
@pytest.mark.parametrize("path", ["/api/v1/queue-history", "/api/v1/queues/mail/history"])
@pytest.mark.parametrize(
    ("query", "field"), [({"points": 1}, "points"), ({"start": 9, "end": 8}, "end"), ({"queue": "x"}, "queue")]
)
async def test_a_wrong_parameter_is_named(
    client: httpx.AsyncClient, path: str, query: dict[str, Any], field: str
) -> None:
    answer = await client.get(path, params=query)

    assert (answer.status_code, answer.json()["field"]) == (400, field)


def test_who_looks_at_queues_makes_their_history(redis: RedisServer, tmp_path: Path) -> None:
    send(redis.url, "mail", 3)
    with monitor(redis.url, tmp_path, "--queues", "mail") as started:
        started.connected()
        before = started.get("/api/v1/queues/mail/history")
        until(lambda: started.get("/api/v1/queues"), "somebody looks")
        after = until(lambda: _known(started.get("/api/v1/queues/mail/history")), "it is in the history")

    assert set(before["ready"]) == {None}
    assert set(after) == {3.0}


def _known(found: Any) -> list[float] | None:
    return [value for value in (found or {"ready": []})["ready"] if value is not None] or None
