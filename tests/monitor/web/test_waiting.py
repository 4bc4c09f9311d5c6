"""Many who wait: one look for all, and none of them delays another."""

import asyncio
from collections.abc import Mapping, Sequence

import pytest
from starlette.requests import Request
from starlette.types import Message

from flower_monitor.exceptions import BackendError
from flower_monitor.publish import waiting as module
from flower_monitor.publish.outcome import Outcome
from flower_monitor.publish.waiting import Waiting
from flower_monitor.web.leaving import while_there
from tests.support.patience import PATIENCE

pytestmark = pytest.mark.anyio

DONE = Outcome("SUCCESS", 3)


class Backend:
    """What a backend has, and how often it was asked."""

    def __init__(self) -> None:
        self.has: dict[str, Outcome] = {}
        self.asked: list[Sequence[str]] = []
        self.down = False

    async def read(self, uuids: Sequence[str]) -> Mapping[str, Outcome]:
        self.asked.append(uuids)
        await asyncio.sleep(0)
        if self.down:
            raise BackendError("down")
        return {uuid: self.has.get(uuid, Outcome()) for uuid in uuids}


async def test_a_hundred_who_wait_are_asked_for_at_once() -> None:
    backend = Backend()
    waiting = Waiting(backend.read)
    waits = [asyncio.create_task(waiting.end(f"task-{n}", 60)) for n in range(100)]
    while not backend.asked:
        await asyncio.sleep(0)
    backend.has = {f"task-{n}": DONE for n in range(100)}

    assert await asyncio.gather(*waits) == [DONE] * 100
    assert len(backend.asked[0]) == 100


async def test_a_task_that_several_wait_for_is_asked_for_once() -> None:
    backend = Backend()
    backend.has = {"task": DONE}
    waiting = Waiting(backend.read)

    assert list(await asyncio.gather(*(waiting.end("task", 60) for _ in range(3)))) == [DONE] * 3
    assert backend.asked == [["task"]]


async def test_one_that_takes_too_long_is_told_as_it_was_last() -> None:
    async def read(uuids: Sequence[str]) -> Mapping[str, Outcome]:
        """Answers without a pause, in which the time might be up."""
        return {uuid: Outcome("STARTED") for uuid in uuids}

    assert await Waiting(read).end("slow", 0.1) == Outcome("STARTED")


async def test_nobody_is_told_that_a_task_is_pending_because_the_backend_is_slow() -> None:
    backend = Backend()
    backend.has = {"task": DONE}
    asked, go = asyncio.Event(), asyncio.Event()

    async def read(uuids: Sequence[str]) -> Mapping[str, Outcome]:
        asked.set()
        await go.wait()
        return await backend.read(uuids)

    wait = asyncio.create_task(Waiting(read).end("task", 0))
    await asked.wait()
    go.set()

    assert await wait == DONE


async def test_a_backend_that_can_not_be_asked_is_told_when_the_time_is_up() -> None:
    backend = Backend()
    backend.down = True

    with pytest.raises(BackendError, match="down"):
        await Waiting(backend.read).end("task", 0)


async def test_nobody_is_asked_when_nobody_waits() -> None:
    backend = Backend()
    waiting = Waiting(backend.read)
    leaving = asyncio.create_task(waiting.end("slow", 60))
    while not backend.asked:
        await asyncio.sleep(0)
    leaving.cancel()
    await asyncio.gather(leaving, return_exceptions=True)
    looking = waiting._looking
    assert looking is not None
    await asyncio.wait_for(looking, PATIENCE)

    assert waiting._waits == set()


async def test_a_backend_that_is_away_for_a_moment_is_waited_for() -> None:
    backend = Backend()
    backend.down = True
    wait = asyncio.create_task(Waiting(backend.read).end("task", 60))
    while not backend.asked:
        await asyncio.sleep(0)
    backend.down, backend.has = False, {"task": DONE}

    assert await wait == DONE


async def test_a_backend_that_stays_away_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "GRACE", -1.0)
    backend = Backend()
    backend.down = True

    with pytest.raises(BackendError, match="down"):
        await Waiting(backend.read).end("task", 60)


async def test_what_there_was_no_time_for_is_asked_for_next() -> None:
    backend = Backend()
    backend.has = {"a": DONE, "b": DONE}

    async def one(uuids: Sequence[str]) -> Mapping[str, Outcome]:
        return await backend.read(uuids[:1])

    waiting = Waiting(one)

    assert list(await asyncio.gather(waiting.end("a", 60), waiting.end("b", 60))) == [DONE, DONE]


async def test_work_ends_when_its_client_leaves() -> None:
    ended = asyncio.Event()

    async def work() -> bool:
        try:
            return await asyncio.Event().wait()
        finally:
            ended.set()

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    assert await while_there(Request({"type": "http"}, receive), work()) is None
    assert ended.is_set()


async def test_a_client_that_stays_gets_what_the_work_comes_to() -> None:
    async def work() -> int:
        return 3

    async def receive() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    assert await while_there(Request({"type": "http"}, receive), work()) == 3
