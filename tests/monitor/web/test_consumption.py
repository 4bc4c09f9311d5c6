"""What workers say that they consume gets to ingest, each answer once."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from flower_monitor.consumption import Consumption
from flower_monitor.letterbox import Letters, Post
from flower_monitor.store.records import IngestStatus
from flower_monitor.web.consumption import LONGEST, Consumptions, only_queue
from flower_monitor.web.inspection import Inspection
from flower_monitor.web.store import StoreAccess
from tests.monitor.web.stores import StoreFile
from tests.monitor.web.test_inspection import FakeControl


class Ends:
    """Answers of workers, and what ingest reads of them."""

    def __init__(self, store: StoreFile) -> None:
        reading, writing = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.post, self.letters = Post(writing.detach()), Letters(reading.detach())
        self.now = 1000.0
        self.inspection = Inspection(FakeControl(), clock=lambda: self.now)
        self.access = StoreAccess(store.path, 1, "test")
        self.passing = Consumptions(self.inspection, self.post, self.access)

    def answer(self, hostname: str, **answers: Any) -> None:
        self.inspection._keep(hostname, answers)

    def read(self) -> dict[str, str]:
        self.passing.round()
        letters = self.letters.read()
        return {name: queue for one in letters if isinstance(one, Consumption) for name, queue in one.queues.items()}


@pytest.fixture
def ends(store: StoreFile) -> Iterator[Ends]:
    made = Ends(store)
    yield made
    made.access.close()
    made.post.close()
    made.letters.close()


def queues(*names: str) -> list[dict[str, Any]]:
    return [{"name": name} for name in names]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [(queues("mail"), "mail"), (queues("mail", "mail"), "mail"), (queues("mail", "celery"), ""), ([], ""), ("odd", "")],
)
def test_a_worker_with_one_queue_has_an_only_one(answer: Any, expected: str) -> None:
    assert only_queue(answer) == expected


def test_an_answer_is_passed_on_once(ends: Ends) -> None:
    ends.answer("w1@h", active_queues=queues("mail"))

    assert (ends.read(), ends.read()) == ({"w1@h": "mail"}, {})


@pytest.mark.anyio
@pytest.mark.parametrize(("pid", "told"), [(7, {"w1@h": "mail"}), (8, {})], ids=["the worker", "another of its name"])
async def test_an_ingest_that_was_started_anew_is_told_again(
    ends: Ends, store: StoreFile, pid: int, told: dict[str, str]
) -> None:
    """Of a worker that was started anew too nobody knows what it consumes, before it is asked again."""
    store.worker("w1@h", pid=7)
    await ends.passing.look()
    ends.answer("w1@h", active_queues=queues("mail"), stats={"pid": 7})
    ends.read()

    store.worker("w1@h", pid=pid)
    store.set_status(ingest=IngestStatus(pid=2, started=2000.0, committed_at=2000.0))
    await ends.passing.look()

    assert ends.read() == told


@pytest.mark.anyio
async def test_the_same_ingest_is_not_told_again(ends: Ends, store: StoreFile) -> None:
    store.worker("w1@h", pid=7)
    ends.answer("w1@h", active_queues=queues("mail"), stats={"pid": 7})
    await ends.passing.look()
    ends.read()
    await ends.passing.look()

    assert ends.read() == {}


def test_an_answer_that_comes_again_is_passed_on_again(ends: Ends) -> None:
    """A worker that was started again has to be told anew."""
    ends.answer("w1@h", active_queues=queues("mail"))
    ends.read()
    ends.now += 60
    ends.answer("w1@h", active_queues=queues("mail", "celery"))

    assert ends.read() == {"w1@h": ""}


def test_an_answer_to_something_else_says_nothing_of_queues(ends: Ends) -> None:
    ends.answer("w1@h", active_queues=queues("mail"))
    ends.read()
    ends.now += 60
    ends.answer("w1@h", stats={})
    ends.answer("w2@h", stats={})

    assert ends.read() == {}


def test_many_workers_take_several_letters(ends: Ends) -> None:
    told = {f"w{number}@h": "mail" for number in range(50)}
    for name in told:
        ends.answer(name, active_queues=queues("mail"))

    assert ends.read() == told


def test_a_name_that_is_too_long_for_a_letter_is_left_out(ends: Ends) -> None:
    ends.answer("w" * (LONGEST + 1), active_queues=queues("mail"))
    ends.answer("w1@h", active_queues=queues("q" * (LONGEST + 1)))

    assert ends.read() == {}
