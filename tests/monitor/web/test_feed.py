"""The live feed's parts: deltas that swallow each other, subscribers that are bounded, one look for all."""

import asyncio
import time
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress

import msgspec
import pytest
from typing_extensions import override

from flower_monitor.store.reader import Reader
from flower_monitor.store.records import TaskRow
from flower_monitor.web.deltas import MAX_TASKS, SUMMARY, TASKS, TOPICS, WORKERS, Delta, task_delta
from flower_monitor.web.feed import MAX_SUBSCRIBERS, Feed
from flower_monitor.web.look import Observer
from flower_monitor.web.problems import Problem
from flower_monitor.web.shapes import WorkerList
from flower_monitor.web.store import StoreAccess
from flower_monitor.web.subscriber import Subscriber
from flower_monitor.web.summary import Identity
from tests.monitor.web.stores import StoreFile, task
from tests.support.patience import PATIENCE

TEMPLATE = msgspec.convert(dict.fromkeys(TaskRow.__struct_fields__), dict[str, None])


def row(uuid: str, state: str = "STARTED") -> TaskRow:
    return TaskRow(**(TEMPLATE | {"uuid": uuid, "state": state, "timestamp": 0.0, "clock": 0}))  # type: ignore[arg-type]


def uuids(delta: Delta) -> list[str]:
    return [item.uuid for item in delta.body.items]


def test_a_task_that_changed_twice_is_sent_once_as_it_is_now() -> None:
    merged = task_delta(2, [row("a", "SUCCESS"), row("c")], truncated=False).after(
        task_delta(1, [row("a"), row("b")], truncated=False)
    )

    assert [(item.uuid, item.state) for item in merged.body.items] == [
        ("b", "STARTED"), ("a", "SUCCESS"), ("c", "STARTED"),
    ]  # fmt: skip
    assert merged.batch == 2


def test_a_delta_is_bounded_and_says_so() -> None:
    delta = task_delta(1, [row(str(n)) for n in range(MAX_TASKS + 3)], truncated=False)

    assert len(delta.body.items) == MAX_TASKS
    assert uuids(delta)[-1] == str(MAX_TASKS + 2)
    assert delta.body.truncated


def test_what_was_truncated_stays_so_when_merged() -> None:
    merged = task_delta(2, [], truncated=False).after(task_delta(1, [row("a")], truncated=True))

    assert merged.body.truncated


def test_a_newer_summary_replaces_an_older_one() -> None:
    assert Delta(WORKERS, 2, WorkerList([])).after(Delta(WORKERS, 1, WorkerList([]))).batch == 2


def test_a_frame_is_a_server_sent_event() -> None:
    assert Delta(WORKERS, 7, WorkerList([])).frame == b'id: 7\nevent: workers\ndata: {"items":[]}\n\n'


def test_no_line_end_in_a_task_can_end_an_event() -> None:
    delta = task_delta(1, [row("a\n\nevent: x\r\n")], truncated=False)

    assert delta.frame.count(b"\n") == 4
    assert b"\r" not in delta.frame


@pytest.mark.anyio
class TestSubscriber:
    async def test_what_a_slow_reader_did_not_take_is_merged(self) -> None:
        subscriber = Subscriber([TASKS])
        for batch in range(1, 1001):
            subscriber.offer(task_delta(batch, [row(f"t{batch}")], truncated=False))

        deltas = await subscriber.take(1)

        assert deltas is not None
        assert [(delta.batch, len(delta.body.items), delta.body.truncated) for delta in deltas] == [(1000, 500, True)]
        assert subscriber.skipped == 999

    async def test_tasks_come_before_what_has_the_same_id(self) -> None:
        subscriber = Subscriber(TOPICS)
        subscriber.offer(Delta(SUMMARY, 1, WorkerList([])))
        subscriber.offer(Delta(WORKERS, 1, WorkerList([])))
        subscriber.offer(task_delta(1, [row("a")], truncated=False))

        assert [delta.topic for delta in await subscriber.take(1) or ()] == [TASKS, WORKERS, SUMMARY]

    async def test_other_topics_are_not_kept(self) -> None:
        subscriber = Subscriber([WORKERS])
        subscriber.offer(task_delta(1, [row("a")], truncated=False))

        assert await subscriber.take(0.01) == []

    async def test_what_the_snapshot_has_already_is_forgotten(self) -> None:
        subscriber = Subscriber(TOPICS)
        subscriber.offer(Delta(WORKERS, 4, WorkerList([])))
        subscriber.offer(task_delta(5, [row("a")], truncated=False))

        subscriber.forget_until(4)

        assert [delta.topic for delta in await subscriber.take(1) or ()] == [TASKS]

    async def test_silence_is_an_empty_list(self) -> None:
        assert await Subscriber([TASKS]).take(0.01) == []

    async def test_closing_ends_the_waiting(self) -> None:
        subscriber = Subscriber([TASKS])
        asyncio.get_running_loop().call_soon(subscriber.close)

        assert await subscriber.take(PATIENCE) is None


async def the_delta(subscriber: Subscriber) -> Delta:
    """The only one that comes next."""
    deltas = await subscriber.take(PATIENCE)
    assert deltas is not None
    (delta,) = deltas
    return delta


class CountingObserver(Observer):
    """Counts how often the store is looked at."""

    looks = 0

    @override
    def look(self, reader: Reader, since: int | None, topics: Collection[str]) -> tuple[int, list[Delta]]:
        type(self).looks += 1
        return super().look(reader, since, topics)


@asynccontextmanager
async def running_feed(store: StoreFile, interval: float = 0.02) -> AsyncIterator[Feed]:
    access = StoreAccess(store.path, 1, "test")
    CountingObserver.looks = 0
    # The clock stands still: with each minute that begins the summary is another one.
    feed = Feed(access, CountingObserver(Identity("m", None, 0.0), tuple, lambda: 1_800_000_000.0), interval)
    task = asyncio.create_task(feed.run())
    yield feed
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    access.close()


@pytest.mark.anyio
class TestFeed:
    async def test_a_change_reaches_every_subscriber(self, store: StoreFile) -> None:
        async with running_feed(store) as feed:
            with feed.subscribe([TASKS]) as one, feed.subscribe([TASKS]) as other:
                await feed.snapshot([TASKS], None)
                store.add(task("new"))
                deltas = [await the_delta(subscriber) for subscriber in (one, other)]

        assert [uuids(delta) for delta in deltas] == [["new"], ["new"]]

    async def test_nothing_between_snapshot_and_feed_is_lost(self, store: StoreFile) -> None:
        """What is committed after the snapshot was read and before the feed looks first is in the first delta."""
        store.add(task("before"))
        async with running_feed(store, interval=0.2) as feed:
            with feed.subscribe([TASKS]) as subscriber:
                _, snapshot = await feed.snapshot([TASKS], None)
                store.add(task("between"))
                delta = await the_delta(subscriber)

        assert (uuids(snapshot[0]), uuids(delta)) == (["before"], ["between"])

    async def test_what_is_unchanged_is_not_sent_again(self, store: StoreFile) -> None:
        async with running_feed(store) as feed:
            with feed.subscribe(TOPICS) as subscriber:
                await feed.snapshot(TOPICS, None)
                first = await subscriber.take(PATIENCE)
                second = await subscriber.take(0.3)

        assert [delta.topic for delta in first or ()] == [WORKERS, SUMMARY]
        assert second == []

    async def test_one_look_serves_all_and_nobody_costs_nothing(self, store: StoreFile) -> None:
        interval = 0.05
        async with running_feed(store, interval) as feed:
            await asyncio.sleep(5 * interval)
            idle = CountingObserver.looks
            start = time.monotonic()
            with feed.subscribe([TASKS]), feed.subscribe([TASKS]), feed.subscribe([TASKS]):
                await feed.snapshot([TASKS], None)
                while (busy := CountingObserver.looks) < 4:
                    await asyncio.sleep(0.01)
            took = time.monotonic() - start

        assert idle == 0
        assert busy <= took / interval + 2

    async def test_a_store_that_goes_and_comes_back_is_survived(self, store: StoreFile) -> None:
        async with running_feed(store) as feed:
            with feed.subscribe([TASKS]) as subscriber:
                await feed.snapshot([TASKS], None)
                hidden = store.path.rename(store.path.with_name("hidden"))
                assert await subscriber.take(0.1) == []
                hidden.rename(store.path)
                store.add(task("after"))
                delta = await the_delta(subscriber)

        assert uuids(delta) == ["after"]

    async def test_there_is_a_most_of_subscribers(self, store: StoreFile) -> None:
        async with running_feed(store) as feed:
            open_ones = [feed.subscribe([TASKS]) for _ in range(MAX_SUBSCRIBERS)]
            for one in open_ones:
                one.__enter__()
            with pytest.raises(Problem, match="500 live streams are open") as caught, feed.subscribe([TASKS]):
                pass
            for one in open_ones:
                one.__exit__(None, None, None)

        assert caught.value.status == 503
        assert feed.listeners == 0

    async def test_resuming_gives_what_was_missed(self, store: StoreFile) -> None:
        store.add(task("seen"))
        seen = store.batch
        store.add(task("missed"))
        async with running_feed(store) as feed:
            batch, (delta,) = await feed.snapshot([TASKS], seen)

        assert (batch, uuids(delta), delta.body.truncated) == (store.batch, ["missed"], False)

    async def test_resuming_in_another_store_starts_anew_and_says_so(self, store: StoreFile) -> None:
        store.add(task("here"))
        async with running_feed(store) as feed:
            batch, (delta,) = await feed.snapshot([TASKS], 999)

        assert (batch, uuids(delta), delta.body.truncated) == (store.batch, ["here"], True)
