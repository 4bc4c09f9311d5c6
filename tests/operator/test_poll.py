"""Asking monitors for their summary: when a silence counts."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

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


async def asked(*pieces: bytes) -> Observation:
    """What is made of an answer that comes in these pieces, each after the one before was read."""

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for piece in pieces:
            await response.write(piece)
            await asyncio.sleep(0.05)
        return response

    runner = web.ServerRunner(web.Server(answer, access_log=None), shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        async with aiohttp.ClientSession() as session:
            return await HttpAsk(session)(Target(f"http://127.0.0.1:{runner.addresses[0][1]}", "token"))
    finally:
        await runner.cleanup()


@pytest.mark.usefixtures("patience")
async def test_an_answer_that_comes_in_pieces_is_read_whole() -> None:
    assert await asked(b'{"broker": {"sta', b'te": "connected"}}') == CONNECTED


@pytest.mark.usefixtures("patience")
async def test_an_answer_that_is_nested_without_end_is_no_usable_one() -> None:
    """Nor the end of a controller that asks others too."""
    assert (await asked(b'{"x":' + b"[" * 100_000)).error == "no usable answer (DecodeError)"
