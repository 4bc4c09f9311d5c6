"""Asking monitors for their summary: when a silence counts."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from typing import TypeAlias

import aiohttp
import pytest
from aiohttp import web

from flower_operator.controller.observation import Observation
from flower_operator.controller.poll import FIRST_TRIES, HttpAsk, Poller, Target
from flower_operator.controller.queue import WorkQueue
from flower_operator.spec import Key
from tests.support.patience import PATIENCE

KEY = Key("team", "orders")
TARGET = Target("http://orders", "token")
SILENCE = Observation(error="no connection (Connection refused)")
CONNECTED = Observation(broker_state="connected")

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flower_operator.controller.poll.FIRST_PAUSE", 0.0)


@asynccontextmanager
async def polling(
    answers: Iterator[Observation], woken: asyncio.Queue[Observation | None], known: Observation | None = None
) -> AsyncIterator[None]:
    """A poller of one monitor that gives these answers, and what was known each time that the key was woken."""

    async def ask(_: Target) -> Observation:
        try:
            return next(answers)
        except StopIteration:
            await asyncio.sleep(3600)
            raise

    queue: WorkQueue[Key] = WorkQueue(time.monotonic, random.Random(0))
    poller = Poller(ask, queue, 0.0, lambda key: woken.put_nowait(poller.answer(key)))
    poller.follow(KEY, TARGET, known)
    running = asyncio.create_task(poller.run())
    yield
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_a_monitor_that_answers_on_a_later_try_was_never_called_silent() -> None:
    woken: asyncio.Queue[Observation | None] = asyncio.Queue()

    async with polling(iter([*[SILENCE] * (FIRST_TRIES - 1), CONNECTED]), woken):
        assert await asyncio.wait_for(woken.get(), PATIENCE) == CONNECTED


async def test_a_monitor_that_never_answers_is_called_silent() -> None:
    woken: asyncio.Queue[Observation | None] = asyncio.Queue()

    async with polling(iter([SILENCE] * FIRST_TRIES), woken):
        assert await asyncio.wait_for(woken.get(), PATIENCE) == SILENCE


async def test_a_monitor_that_has_answered_is_called_silent_at_once() -> None:
    woken: asyncio.Queue[Observation | None] = asyncio.Queue()

    async with polling(iter([CONNECTED, SILENCE]), woken):
        await asyncio.wait_for(woken.get(), PATIENCE)
        assert await asyncio.wait_for(woken.get(), PATIENCE) == SILENCE


async def test_a_first_answer_that_was_known_wakes_nobody() -> None:
    woken: asyncio.Queue[Observation | None] = asyncio.Queue()

    async with polling(iter([CONNECTED, SILENCE]), woken, known=CONNECTED):
        assert await asyncio.wait_for(woken.get(), PATIENCE) == SILENCE


async def test_a_first_answer_that_is_another_than_the_known_one_wakes() -> None:
    woken: asyncio.Queue[Observation | None] = asyncio.Queue()

    async with polling(iter([CONNECTED]), woken, known=Observation(broker_state="connected", workers=3)):
        assert await asyncio.wait_for(woken.get(), PATIENCE) == CONNECTED


MOVED = Target("http://orders:80", "token")


async def said_after_a_move(*there: Observation) -> list[Observation | None]:
    """What is known each time that the key is woken, of a monitor that is connected where it was and then moves."""
    woken: asyncio.Queue[Observation | None] = asyncio.Queue()
    answers, over = iter(there), asyncio.Event()

    async def ask(target: Target) -> Observation:
        await asyncio.sleep(0)
        if target == TARGET:
            return CONNECTED
        found = next(answers, None)
        if found is None:
            over.set()
            await asyncio.sleep(3600)
        return found or SILENCE

    poller = Poller(
        ask, WorkQueue(time.monotonic, random.Random(0)), 0.0, lambda key: woken.put_nowait(poller.answer(key))
    )
    poller.follow(KEY, TARGET)
    running = asyncio.create_task(poller.run())
    assert await asyncio.wait_for(woken.get(), PATIENCE) == CONNECTED
    poller.follow(KEY, MOVED)
    assert poller.answer(KEY) == CONNECTED, "what it said of its broker holds"
    await asyncio.wait_for(over.wait(), PATIENCE)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return [woken.get_nowait() for _ in range(woken.qsize())]


async def test_one_that_has_moved_is_not_called_silent_before_it_is_there() -> None:
    more = Observation(broker_state="connected", workers=3)
    assert await said_after_a_move(*[SILENCE] * (FIRST_TRIES - 1), more) == [more]


async def test_one_that_has_moved_and_never_answers_there_is_called_silent() -> None:
    assert await said_after_a_move(*[SILENCE] * FIRST_TRIES) == [SILENCE]


Answer: TypeAlias = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def served(answer: Answer) -> AsyncIterator[str]:
    """A server of these answers; its address."""
    runner = web.ServerRunner(web.Server(answer, access_log=None), shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def asked(*pieces: bytes) -> Observation:
    """What is made of an answer that comes in these pieces, each after the one before was read."""

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for piece in pieces:
            await response.write(piece)
            await asyncio.sleep(0.05)
        return response

    async with served(answer) as url, aiohttp.ClientSession() as session:
        return await HttpAsk(session)(Target(url, "token"))


@pytest.mark.usefixtures("patience")
async def test_an_answer_that_comes_in_pieces_is_read_whole() -> None:
    assert await asked(b'{"broker": {"sta', b'te": "connected"}}') == CONNECTED


@pytest.mark.usefixtures("patience")
async def test_an_answer_that_is_nested_without_end_is_no_usable_one() -> None:
    """Nor the end of a controller that asks others too."""
    assert (await asked(b'{"x":' + b"[" * 100_000)).error == "no usable answer (DecodeError)"


async def asked_for_workers(said: Mapping[str, web.Response]) -> Observation:
    """What is made of a monitor that says this, by path, and is asked for its workers too."""

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        return said[request.path.removeprefix("/api/v1/")]

    async with served(answer) as url, aiohttp.ClientSession() as session:
        return await HttpAsk(session)(Target(url, "token", workers=True))


def summary(state: str) -> web.Response:
    return web.json_response({"monitor": {"now": 1000.0}, "broker": {"state": state}})


@pytest.mark.usefixtures("patience")
async def test_what_workers_run_is_no_news() -> None:
    row = {"hostname": "celery@a", "state": "online", "active": 3, "last_heartbeat": 999.0}
    found = await asked_for_workers({"summary": summary("connected"), "workers": web.json_response({"items": [row]})})
    assert found.active == {"a": 3}
    assert found == CONNECTED, "nobody is woken by it"


@pytest.mark.usefixtures("patience")
async def test_that_workers_can_not_be_read_is_no_silence() -> None:
    found = await asked_for_workers({"summary": summary("connected"), "workers": web.Response(status=404)})
    assert (found.error, found.broker_state, found.active) == (None, "connected", None)
    assert found.unread == "it answers with HTTP status 404"


@pytest.mark.usefixtures("patience")
async def test_a_monitor_without_its_broker_is_not_asked_what_workers_run() -> None:
    assert await asked_for_workers({"summary": summary("disconnected")}) == Observation(broker_state="disconnected")
