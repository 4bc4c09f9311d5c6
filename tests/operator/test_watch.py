"""The watch's own thread; what it hears is tested with a real API server, as whatever a controller does."""

import asyncio
from typing import Any

import pytest
from kubernetes.aio.client import Configuration

from flower_operator.controller import watch
from flower_operator.controller.children import Heard
from flower_operator.controller.schedule import FIRST
from flower_operator.controller.signs import Signs
from flower_operator.kinds import DEPLOYMENT, FLOWER_MONITOR

from .test_login import Clock


def test_a_thread_that_ends_after_all_have_given_up_waiting_ends_quietly() -> None:
    loop = asyncio.new_event_loop()
    ended: asyncio.Future[None] = loop.create_future()
    loop.close()
    watch._finish(loop, ended, None)
    assert not ended.done()


async def _nothing() -> None:
    """Check nothing."""


def made(heard: Heard, *, clock: Clock | None = None, namespaces: tuple[str, ...] = ()) -> watch.Watcher:
    signs = Signs([(FLOWER_MONITOR, namespace) for namespace in namespaces or (None,)], clock or Clock())
    return watch.Watcher(Configuration(), namespaces, heard, _nothing, lambda: None, signs)


def event(kind: str | None, generation: int) -> dict[str, Any]:
    """What kopf hands on of a FlowerMonitor; None: it was listed."""
    meta = {"namespace": "team", "name": "orders", "uid": "1", "generation": generation, "resourceVersion": "7"}
    return {"type": kind, "object": {"metadata": meta}}


@pytest.mark.anyio
async def test_what_a_person_does_goes_first_and_what_is_listed_does_not() -> None:
    delays: list[float | None] = []
    watcher = made(lambda _, delay, *__: delays.append(delay))

    for kind, generation in ((None, 1), ("MODIFIED", 2), ("DELETED", 2), ("ADDED", 1)):
        await watcher._monitor_changed(event(kind, generation))

    assert delays == [0.0, FIRST, FIRST, FIRST]


@pytest.mark.anyio
async def test_a_status_that_was_written_is_told_and_wakes_nobody() -> None:
    heard: list[tuple[Any, ...]] = []
    watcher = made(lambda *told: heard.append(told))

    for kind in ("ADDED", "MODIFIED", "DELETED"):
        await watcher._monitor_changed(event(kind, 1))

    assert [(told[1], told[-1]) for told in heard] == [(FIRST, "7"), (None, "7"), (FIRST, None)]


LIST = "/apis/flower-operator.io/v1alpha1/flowermonitors"


@pytest.mark.parametrize(
    ("path", "status", "age"),
    [
        (LIST, 200, 0.0),
        (f"/k8s/clusters/c-1{LIST}", 200, 0.0),
        (LIST, 403, 7.0),
        ("/apis/flower-operator.io/v1alpha1", 200, 7.0),
        ("/apis/flower-operator.io/v1alpha1/namespaces/team/flowermonitors", 200, 7.0),
    ],
)
def test_a_good_answer_to_the_watch_is_a_sign_of_it(path: str, status: int, age: float) -> None:
    clock = Clock()
    watcher = made(lambda *_: None, clock=clock)
    clock.now = 7.0
    watcher._answered(path, status)
    assert watcher._signs.ages() == {FLOWER_MONITOR: age}


@pytest.mark.anyio
async def test_a_kind_is_as_old_as_its_longest_silent_namespace() -> None:
    clock = Clock()
    watcher = made(lambda *_: None, clock=clock, namespaces=("team", "other"))
    clock.now = 7.0
    await watcher._monitor_changed(event("MODIFIED", 1))
    assert watcher._signs.ages() == {FLOWER_MONITOR: 7.0}
    watcher._answered("/apis/flower-operator.io/v1alpha1/namespaces/other/flowermonitors", 200)
    assert watcher._signs.ages() == {FLOWER_MONITOR: 0.0}


def test_kinds_age_apart() -> None:
    clock = Clock()
    signs = Signs([(FLOWER_MONITOR, None), (DEPLOYMENT, None)], clock)
    clock.now = 7.0
    signs.heard((DEPLOYMENT, None))
    assert signs.ages() == {FLOWER_MONITOR: 7.0, DEPLOYMENT: 0.0}
