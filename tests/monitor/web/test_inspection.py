"""Asking workers: shared, kept, rare. And `/api/workers`, which shows what they said."""

import asyncio
import gc
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from typing_extensions import override

from flower_monitor.control import Control, Replies
from flower_monitor.exceptions import BrokerError
from flower_monitor.web.inspection import ASK_AGAIN, DETAILS, FORGOTTEN, OVERVIEW, Inspection
from tests.monitor.web.apps import config_for
from tests.monitor.web.stores import StoreFile

pytestmark = pytest.mark.anyio


class FakeControl(Control):
    """Answers for workers, and counts how often it is asked."""

    def __init__(self) -> None:
        super().__init__(config_for(Path("unused")))
        self.asked: list[tuple[set[str], Sequence[str] | None]] = []
        self.patience: list[float | None] = []
        self.replies: Replies = {"w1@host": {"stats": {"pid": 1}, "registered": ["tasks.add"]}}
        self.broken = False

    @override
    async def ask(
        self,
        commands: Mapping[str, Mapping[str, Any]],
        destination: Sequence[str] | None,
        expected: Collection[str] | None,
        patience: float | None = None,
    ) -> Replies:
        self.asked.append((set(commands), destination))
        self.patience.append(patience)
        await asyncio.sleep(0)
        if self.broken:
            raise BrokerError("redis://h:6379/0: refused")
        return self.replies


@pytest.fixture
def control() -> FakeControl:
    return FakeControl()


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


async def test_all_who_ask_at_once_share_one_broadcast(control: FakeControl) -> None:
    inspection = Inspection(control)

    await asyncio.gather(*(inspection.refresh(None, None) for _ in range(20)))

    assert len(control.asked) == 1


async def test_workers_are_given_the_time_that_was_chosen(control: FakeControl) -> None:
    await Inspection(control, patience=7.5).refresh(None, None)

    assert control.patience == [7.5]


async def test_one_who_leaves_takes_nothing_from_the_others(control: FakeControl) -> None:
    inspection = Inspection(control)
    leaving = asyncio.create_task(inspection.refresh(None, None))
    staying = asyncio.create_task(inspection.refresh(None, None))
    await asyncio.sleep(0)
    leaving.cancel()
    await staying

    assert "w1@host" in inspection.known()


async def test_a_question_that_fails_when_nobody_waits_any_more_disturbs_nobody(control: FakeControl) -> None:
    """An exception that nobody took would be logged as an error of asyncio."""
    complaints: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    control.broken = True
    inspection = Inspection(control)
    leaving = asyncio.create_task(inspection.refresh(None, None))
    await asyncio.sleep(0)
    leaving.cancel()
    await asyncio.wait([leaving])
    while inspection._running:
        await asyncio.sleep(0)
    del leaving
    gc.collect()

    assert complaints == []


async def test_all_workers_are_asked_little_and_one_is_asked_everything(control: FakeControl) -> None:
    inspection = Inspection(control)
    await inspection.refresh(None, None)
    await inspection.refresh("w1@host", None)

    assert control.asked == [(set(OVERVIEW), None), (set(DETAILS), ["w1@host"])]


async def test_nobody_is_asked_while_all_have_answered(control: FakeControl) -> None:
    inspection = Inspection(control)
    await inspection.complete(["w1@host"])
    await inspection.complete(["w1@host"])

    assert len(control.asked) == 1


async def test_what_a_worker_said_is_given_up_when_another_process_has_its_name(control: FakeControl) -> None:
    inspection = Inspection(control)
    inspection.follow({"w1@host": 3})
    await inspection.refresh(None, None)
    inspection.follow({"w1@host": 3})
    kept = dict(inspection.known())
    inspection.follow({"w1@host": 4})

    assert (set(kept), dict(inspection.known())) == ({"w1@host"}, {})


async def test_one_that_does_not_answer_is_not_asked_all_the_time(control: FakeControl) -> None:
    clock = Clock()
    inspection = Inspection(control, clock)
    await inspection.complete(["mute@host"])
    await inspection.complete(["mute@host"])
    assert len(control.asked) == 1

    clock.now += ASK_AGAIN
    await inspection.complete(["mute@host"])
    assert len(control.asked) == 2


async def test_workers_that_send_no_heartbeats_are_found_by_asking(control: FakeControl) -> None:
    """Nobody is known to be online, and yet somebody answers: as Flower does when it starts."""
    inspection = Inspection(control)
    await inspection.complete([])
    await inspection.complete([])

    assert list(inspection.known()) == ["w1@host"]
    assert len(control.asked) == 1


async def test_while_nobody_answers_it_asks_only_now_and_then(control: FakeControl) -> None:
    clock = Clock()
    control.replies = {}
    inspection = Inspection(control, clock)
    for _ in range(5):
        await inspection.complete([])
    assert len(control.asked) == 1

    clock.now += ASK_AGAIN
    await inspection.complete([])
    assert len(control.asked) == 2


async def test_an_answer_has_its_age_and_no_passwords_of_other_brokers(control: FakeControl) -> None:
    clock = Clock()
    control.replies = {"w1@host": {"stats": {"broker": {"alternates": ["amqp://u:secret@h"], "port": 1}}}}
    inspection = Inspection(control, clock)
    await inspection.refresh(None, None)

    assert inspection.known() == {"w1@host": {"stats": {"broker": {"port": 1}}, "timestamp": 1000.0}}


async def test_an_error_of_a_worker_overwrites_nothing(control: FakeControl) -> None:
    inspection = Inspection(control)
    await inspection.refresh(None, None)
    control.replies = {"w1@host": {"stats": {"error": "boom"}, "conf": None}}
    await inspection.refresh(None, None)

    assert inspection.known()["w1@host"]["stats"] == {"pid": 1}


async def test_what_a_worker_that_is_gone_has_said_is_given_up_after_a_day(control: FakeControl) -> None:
    clock = Clock()
    inspection = Inspection(control, clock)
    await inspection.look("w1@host", 10)
    control.replies = {"w2@host": {"stats": {"pid": 2}}}
    clock.now += FORGOTTEN + 1
    await inspection.refresh(None, None)

    assert list(inspection.known()) == ["w2@host"]
    assert inspection.answers("w1@host") == {}


@pytest.fixture
def asked(app: Starlette, control: FakeControl) -> FakeControl:
    """The app's own inspection asks the fake."""
    app.state.context.inspection._control = control
    return control


async def test_the_first_who_looks_makes_the_workers_speak(
    client: httpx.AsyncClient, store: StoreFile, asked: FakeControl
) -> None:
    store.worker("w1@host")

    body = (await client.get("/api/workers")).json()
    await client.get("/api/workers")

    assert list(body["w1@host"]) == ["stats", "registered", "timestamp", "status"]
    assert body["w1@host"]["status"] is True
    assert len(asked.asked) == 1


async def test_a_script_that_counts_workers_by_status_works(
    client: httpx.AsyncClient, store: StoreFile, asked: FakeControl
) -> None:
    store.worker("w1@host")
    store.worker("w2@host", state="lost")

    body = (await client.get("/api/workers")).json()

    assert sum(1 for worker in body.values() if worker.get("status")) == 1


async def test_workers_are_known_without_a_broker(
    client: httpx.AsyncClient, store: StoreFile, asked: FakeControl
) -> None:
    """D12: Flower shows none of them."""
    asked.broken = True
    store.worker("w1@host", last_heartbeat=5.0)

    response = await client.get("/api/workers")

    assert (response.status_code, response.json()) == (200, {"w1@host": {"timestamp": 5.0, "status": True}})


async def test_status_asks_nobody(client: httpx.AsyncClient, store: StoreFile, asked: FakeControl) -> None:
    store.worker("w1@host")
    store.worker("w2@host", state="offline")

    body = (await client.get("/api/workers?status=1&workername=w1@host")).json()

    assert (body, asked.asked) == ({"w1@host": True, "w2@host": False}, [])


async def test_refresh_of_one_worker(client: httpx.AsyncClient, store: StoreFile, asked: FakeControl) -> None:
    store.worker("w1@host")
    store.worker("w2@host")

    body = (await client.get("/api/workers?refresh=true&workername=w1@host")).json()

    assert list(body) == ["w1@host"]
    assert asked.asked == [(set(DETAILS), ["w1@host"])]


async def test_refresh_without_broker_says_why(client: httpx.AsyncClient, store: StoreFile, asked: FakeControl) -> None:
    asked.broken = True

    response = await client.get("/api/workers?refresh=1")

    assert (response.status_code, response.text) == (503, "Failed to update workers: redis://h:6379/0: refused")


@pytest.mark.parametrize(
    ("query", "status", "text"),
    [
        ("workername=nobody", 404, "Unknown worker 'nobody'"),
        ("workername=<b>&refresh=1", 404, "Unknown worker '<b>'"),
        ("refresh=perhaps", 400, "Invalid argument 'perhaps' of type 'bool': refresh takes true or false"),
        ("status=", 400, "Invalid argument '' of type 'bool': status takes true or false"),
    ],
)
async def test_errors_are_plain_text(
    client: httpx.AsyncClient, store: StoreFile, asked: FakeControl, query: str, status: int, text: str
) -> None:
    response = await client.get(f"/api/workers?{query}")

    assert (response.status_code, response.text) == (status, text)
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
