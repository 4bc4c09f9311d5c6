"""The watch's own thread; what it hears is tested with a real API server, as whatever a controller does."""

import asyncio
from typing import Any

import pytest
from kubernetes.aio.client import Configuration

from flower_operator.controller import watch
from flower_operator.controller.schedule import FIRST


def test_a_thread_that_ends_after_all_have_given_up_waiting_ends_quietly() -> None:
    loop = asyncio.new_event_loop()
    ended: asyncio.Future[None] = loop.create_future()
    loop.close()
    watch._finish(loop, ended, None)
    assert not ended.done()


async def _nothing() -> None:
    """Check nothing."""


def event(kind: str | None, generation: int) -> dict[str, Any]:
    """What kopf hands on of a FlowerMonitor; None: it was listed."""
    meta = {"namespace": "team", "name": "orders", "uid": "1", "generation": generation, "resourceVersion": "7"}
    return {"type": kind, "object": {"metadata": meta}}


@pytest.mark.anyio
async def test_what_a_person_does_goes_first_and_what_is_listed_does_not() -> None:
    delays: list[float | None] = []
    watcher = watch.Watcher(Configuration(), (), lambda _, delay, *__: delays.append(delay), _nothing, lambda: None)

    for kind, generation in ((None, 1), ("MODIFIED", 2), ("DELETED", 2), ("ADDED", 1)):
        await watcher._monitor_changed(event(kind, generation))

    assert delays == [0.0, FIRST, FIRST, FIRST]


@pytest.mark.anyio
async def test_a_status_that_was_written_is_told_and_wakes_nobody() -> None:
    heard: list[tuple[Any, ...]] = []
    watcher = watch.Watcher(Configuration(), (), lambda *told: heard.append(told), _nothing, lambda: None)

    for kind in ("ADDED", "MODIFIED", "DELETED"):
        await watcher._monitor_changed(event(kind, 1))

    assert [(told[1], told[-1]) for told in heard] == [(FIRST, "7"), (None, "7"), (FIRST, None)]
