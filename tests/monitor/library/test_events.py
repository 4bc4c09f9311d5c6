"""Events of real brokers in a script."""

from pathlib import Path

import pytest
import redis as redis_client

from flower_monitor import BrokerError, Events, UsageError
from flower_monitor.library import events as module
from tests.monitor.web.test_harmless import Unacknowledged
from tests.support import ports
from tests.support.celery import send, worker
from tests.support.events import sender
from tests.support.patience import PATIENCE
from tests.support.processes import until
from tests.support.rabbitmq import VirtualHost
from tests.support.redis import RedisServer

KINDS = ["task-received", "task-started", "task-succeeded"]

SOON = PATIENCE
"""Seconds without an event after which a test gives up."""


def test_events_of_redis_come_in_order_and_typed(redis: RedisServer) -> None:
    with Events(redis.url) as events, sender(redis.url) as worker_:
        task = worker_.task(name="shop.place")
        found = list(events.capture(limit=3, timeout=SOON))

    assert [(event.type, event.uuid) for event in found] == [(kind, task) for kind in KINDS]
    assert found[0].name == "shop.place"


def test_what_was_not_taken_is_there_for_the_next(redis: RedisServer) -> None:
    """Events that came in one message too."""
    with Events(redis.url) as events, sender(redis.url) as worker_:
        worker_.task()
        first = [event.type for event in events.capture(limit=1, timeout=SOON)]
        rest = [event.type for event in events.capture(limit=2, timeout=SOON)]

    assert first + rest == KINDS


def test_it_ends_when_nothing_comes(redis: RedisServer) -> None:
    with Events(redis.url) as events:
        assert list(events.capture(timeout=0.05)) == []


def test_a_plain_loop_goes_on_for_ever(redis: RedisServer) -> None:
    found = []
    with Events(redis.url) as events, sender(redis.url) as worker_:
        worker_.task()
        for event in events:
            found.append(event.type)
            if len(found) == 3:
                break

    assert found == KINDS


def test_a_key_prefix_is_heeded(redis: RedisServer) -> None:
    options = {"global_keyprefix": "team-a:"}
    with (
        Events(redis.url, transport_options=options) as events,
        sender(redis.url, broker_transport_options=options) as worker_,
    ):
        worker_.task()

        assert [event.type for event in events.capture(limit=3, timeout=SOON)] == KINDS


def test_events_of_a_real_worker_on_rabbitmq(rabbitmq: VirtualHost, tmp_path: Path) -> None:
    with worker(rabbitmq.url, tmp_path), Events(rabbitmq.url) as events:
        task = send(rabbitmq.url, "add", 1, 2)
        # In any order: a client tells that it sent a task after it did, and a worker may be faster.
        missing = {"task-sent", "task-received", "task-started", "task-succeeded"}
        for event in events.capture(timeout=SOON):
            missing -= {event.type} if event.uuid == task else set()
            if not missing:
                break

    assert missing == set()


def test_the_queue_on_rabbitmq_is_bounded_and_ends(rabbitmq: VirtualHost) -> None:
    with Events(rabbitmq.url):
        (name,) = until(lambda: [name for name in rabbitmq.queues() if "events-" in name], "the queue is there")
        arguments = rabbitmq.queue(name)["arguments"]

    assert arguments["x-expires"] == arguments["x-message-ttl"] == 60_000
    assert arguments["x-max-length-bytes"] == module.QUEUE_BYTES
    assert arguments["x-overflow"] == "drop-head"


def test_two_readers_of_rabbitmq_both_see_all(rabbitmq: VirtualHost) -> None:
    with Events(rabbitmq.url) as one, Events(rabbitmq.url) as two, sender(rabbitmq.url) as worker_:
        worker_.task()

        assert [event.type for event in one.capture(limit=3, timeout=SOON)] == KINDS
        assert [event.type for event in two.capture(limit=3, timeout=SOON)] == KINDS


def test_what_is_no_event_is_counted_and_kept(redis: RedisServer) -> None:
    client = redis_client.Redis.from_url(redis.url)
    with Events(redis.url) as events, sender(redis.url) as worker_:
        client.publish("/0.celeryev/task.multi", b"nonsense")
        worker_.task()
        found = list(events.capture(limit=3, timeout=SOON))
    client.close()

    assert len(found) == 3
    assert events.invalid == 1
    assert events.last_invalid is not None
    assert events.last_invalid.sample == "nonsense"


def test_what_comes_faster_than_it_is_read_is_dropped_and_counted(redis: RedisServer) -> None:
    with Events(redis.url, buffer_bytes=2000) as events, sender(redis.url) as worker_:
        until(lambda: worker_.task() and events.lost, "events are lost")


def test_a_broker_that_is_down_is_an_error_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CONNECT_TIMEOUT", 0.3)
    events = Events(f"redis://:hunter2@127.0.0.1:{ports.free()}/0")

    with pytest.raises(BrokerError) as caught:
        events.__enter__()

    assert "hunter2" not in str(caught.value)


def test_a_url_that_is_none_is_refused() -> None:
    with pytest.raises(UsageError):
        Events("sentinel://127.0.0.1/0")


def test_a_message_that_a_worker_holds_stays_with_it(redis: RedisServer) -> None:
    held = Unacknowledged(redis.url)
    with Events(redis.url, transport_options={"visibility_timeout": 1}) as events, sender(redis.url) as worker_:
        worker_.task()
        list(events.capture(limit=3, timeout=SOON))

    assert held.is_where_it_was()
    held.client.close()
