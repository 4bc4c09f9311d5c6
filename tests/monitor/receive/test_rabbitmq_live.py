"""RabbitMQ: our queue, the next best where it can't be had, several brokers, and what is told of all that."""

import time

import pytest

from flower_monitor.config import CeleryApp
from flower_monitor.receive import url
from flower_monitor.receive.rabbitmq import heartbeat
from tests.monitor.receive.live import following
from tests.support import ports
from tests.support.events import sender
from tests.support.processes import until
from tests.support.proxy import proxy
from tests.support.rabbitmq import VirtualHost

QUEUE = "flower-monitor.flower"


def test_events_come_by_a_durable_queue_that_is_bounded_in_every_way(rabbitmq: VirtualHost) -> None:
    with following(rabbitmq.url, queue_expires=60.0, queue_bytes=1 << 20) as seen, sender(rabbitmq.url) as worker:
        seen.connected()
        seen.sees(worker)
        status = seen.feed.link.status
        queue = rabbitmq.queue(QUEUE)

    assert (status.mode, status.kind) == ("queue", "amqp")
    assert queue["durable"]
    assert queue["arguments"] == {
        "x-queue-type": "classic",
        "x-max-length": 1_000_000,
        "x-max-length-bytes": 1 << 20,
        "x-overflow": "drop-head",
        "x-message-ttl": 60_000,
        "x-expires": 60_000,
    }


def test_the_second_of_several_brokers_is_used_while_the_first_is_away(rabbitmq: VirtualHost) -> None:
    with following(f"amqp://127.0.0.1:{ports.free()}//;{rabbitmq.url}") as seen, sender(rabbitmq.url) as worker:
        seen.connected()
        seen.sees(worker)

        assert seen.feed.link.status.url == f"amqp://127.0.0.1:{rabbitmq.server.amqp}/{rabbitmq.name}"


def test_an_app_may_publish_its_events_on_an_exchange_of_its_own(rabbitmq: VirtualHost) -> None:
    with (
        following(rabbitmq.url, app=CeleryApp(event_exchange="shop")) as seen,
        sender(rabbitmq.url) as stranger,
        sender(rabbitmq.url, event_exchange="shop") as worker,
    ):
        seen.connected()
        stranger.task()
        seen.sees(worker)

    assert len(seen.events) == 3


def test_a_queue_with_other_arguments_is_used_as_it_is_and_the_fix_told(rabbitmq: VirtualHost) -> None:
    rabbitmq.make_queue(QUEUE, {})
    with following(rabbitmq.url) as seen, sender(rabbitmq.url) as worker:
        seen.connected()
        seen.sees(worker)
        notice = seen.feed.link.notices["queue-arguments"]

    assert seen.feed.link.status.mode == "existing-queue"
    assert "rabbitmqctl delete_queue flower-monitor.flower" in notice.fix


def test_a_user_who_may_not_declare_reads_the_queue_that_somebody_made(rabbitmq: VirtualHost) -> None:
    rabbitmq.make_queue(QUEUE, {})
    with sender(rabbitmq.url) as worker:
        worker.task()
        rabbitmq.bind(QUEUE)
        broker = rabbitmq.user("reader", configure="^$", write="^$", read="^flower-monitor")
        with following(broker) as seen:
            seen.connected()
            seen.sees(worker)

    assert seen.feed.link.status.mode == "existing-queue"
    assert set(seen.feed.link.notices) == {"queue-not-declared", "queue-not-bound"}


def test_a_user_with_celerys_rights_alone_gets_a_queue_of_the_connection(rabbitmq: VirtualHost) -> None:
    with sender(rabbitmq.url) as worker:
        broker = rabbitmq.user("celery", configure="^celeryev", write="^celeryev", read="^celeryev")
        with following(broker) as seen:
            seen.connected()
            seen.sees(worker)
            notice = seen.feed.link.notices["queue-temporary"]
            assert seen.feed.link.status.mode == "exclusive-queue"
            assert "Grant the right to configure flower-monitor.flower" in notice.fix
            assert rabbitmq.queues() == ["celeryev.flower-monitor.flower"]

        until(lambda: rabbitmq.queues() == [], "it ends with the connection")


def test_a_user_without_any_right_is_told_which_it_needs(rabbitmq: VirtualHost) -> None:
    with sender(rabbitmq.url) as worker:
        worker.task()
        broker = rabbitmq.user("nobody", configure="^$", write="^$", read="^$")
        with following(broker) as seen:
            seen.disconnected("needs the right to configure and write flower-monitor.flower and to read celeryev")


def test_an_exchange_that_is_not_there_and_may_not_be_made_is_told(rabbitmq: VirtualHost) -> None:
    with following(rabbitmq.user("nobody", configure="^$", write="^$", read="^$")) as seen:
        seen.disconnected("there is no exchange celeryev yet")


def test_events_wait_in_the_queue_and_how_many_is_told(rabbitmq: VirtualHost, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flower_monitor.receive.rabbitmq.PREFETCH", 1)
    monkeypatch.setattr("flower_monitor.receive.backlog.ASK_EVERY", 0.1)
    with following(rabbitmq.url) as seen, sender(rabbitmq.url) as worker:
        seen.connected()
        for _ in range(10):
            worker.task()
        until(lambda: seen.feed.link.status.backlog == 29, "29 messages wait behind the first")
        until(lambda: seen.take() is not None and seen.feed.link.status.backlog == 0, "none do when they are taken")


def test_a_queue_that_was_full_is_told_at_the_next_start(rabbitmq: VirtualHost) -> None:
    with following(rabbitmq.url, queue_bytes=100_000) as seen:
        seen.connected()
    with sender(rabbitmq.url) as worker:
        for _ in range(300):
            worker.send("task-failed", uuid="1", exception="x" * 1000)
    with following(rabbitmq.url, queue_bytes=100_000) as seen:
        until(lambda: "queue-full" in seen.feed.link.notices, "it is told, of those that were received")
        seen.take()

    assert 50 < len(seen.events) < 100


def test_a_queue_that_is_not_full_is_not_called_so(rabbitmq: VirtualHost) -> None:
    with following(rabbitmq.url) as seen:
        seen.connected()
    with sender(rabbitmq.url) as worker:
        tasks = [worker.task() for _ in range(20)]
    with following(rabbitmq.url) as seen:
        seen.has(tasks[-1])
        assert seen.feed.link.notices == {}


def test_a_queue_that_somebody_deletes_is_made_again_and_the_break_told(rabbitmq: VirtualHost) -> None:
    with following(rabbitmq.url) as seen, sender(rabbitmq.url) as worker:
        seen.connected()
        rabbitmq.server.call("DELETE", f"queues/{rabbitmq.name}/{QUEUE}")
        seen.connected(times=2)
        seen.sees(worker)
        (found,) = seen.feed.link.breaks

    assert (found.reason, found.kept) == ("closed", False)
    assert "queue was deleted" in found.detail or "no queue" in found.detail


def test_a_connection_that_an_administrator_closes_is_made_again_and_loses_nothing(rabbitmq: VirtualHost) -> None:
    with following(rabbitmq.url) as seen, sender(rabbitmq.url) as worker:
        seen.connected()
        tasks = [worker.task() for _ in range(5)]
        rabbitmq.close_connections("flower-monitor")
        tasks += [worker.task() for _ in range(5)]
        seen.connected(times=2)
        for task in tasks:
            assert seen.has(task)
        (found,) = seen.feed.link.breaks

    assert (found.reason, found.kept) == ("closed", True)


@pytest.mark.parametrize("size", [0, 1, 131_000, 131_072, 140_000, 10_000_000])
def test_messages_of_any_size_are_read_whole(rabbitmq: VirtualHost, size: int) -> None:
    """RabbitMQ cuts a body at 128 KiB."""
    with following(rabbitmq.url, queue_bytes=64 << 20) as seen, sender(rabbitmq.url) as worker:
        seen.connected()
        worker.send("task-failed", uuid="1", exception="x" * size)
        seen.sees(worker)

    assert len(next(event.exception or "" for event in seen.events if event.uuid == "1")) == size


def test_only_what_was_committed_is_acknowledged(rabbitmq: VirtualHost) -> None:
    with following(rabbitmq.url) as seen, sender(rabbitmq.url) as worker:
        seen.connected()
        worker.task()
        until(lambda: seen.feed.take(), "the first message")
    with following(rabbitmq.url) as again:
        until(lambda: again.take(), "it comes again")


def test_what_the_acknowledgement_at_the_end_covers_does_not_come_again(rabbitmq: VirtualHost) -> None:
    with following(rabbitmq.url) as seen, sender(rabbitmq.url) as worker:
        seen.connected()
        seen.sees(worker)
    with following(rabbitmq.url) as again, sender(rabbitmq.url) as worker:
        again.connected()
        again.sees(worker)

    assert len(again.events) == 3


@pytest.mark.parametrize(("query", "seconds"), [("", 10), ("?heartbeat=3", 3), ("?heartbeat=0", 10)])
def test_the_heartbeat_is_that_of_the_url(query: str, seconds: int) -> None:
    assert heartbeat(url.parse(f"amqp://h{query}")) == seconds


def test_a_message_of_a_serializer_that_is_never_loaded_is_counted_with_the_fix(rabbitmq: VirtualHost) -> None:
    with following(rabbitmq.url) as seen, sender(rabbitmq.url, event_serializer="pickle") as worker:
        seen.connected()
        worker.task("received")
        until(lambda: seen.take() and seen.broken, "it is counted")

    assert seen.broken[0].reason == "serializer"
    assert "event_serializer = 'json'" in seen.broken[0].detail


def test_a_connection_cut_in_the_middle_of_a_message_loses_nothing(rabbitmq: VirtualHost) -> None:
    with (
        proxy(rabbitmq.server.amqp) as between,
        sender(rabbitmq.url) as worker,
        following(f"amqp://127.0.0.1:{between.port}/{rabbitmq.name}") as seen,
    ):
        seen.connected()
        between.cut_after(300)
        tasks = [worker.task() for _ in range(20)]
        seen.connected(times=2)
        for task in tasks:
            assert seen.has(task)
        (found,) = seen.feed.link.breaks

    # It might have been RabbitMQ's end, in which its classic queues lose Celery's transient events.
    assert (found.reason, found.kept) == ("broken", False)
    assert seen.broken == []


def test_a_broker_that_falls_silent_is_noticed_within_two_heartbeats(rabbitmq: VirtualHost) -> None:
    with proxy(rabbitmq.server.amqp) as between:
        url = f"amqp://127.0.0.1:{between.port}/{rabbitmq.name}?heartbeat=3"
        with following(f"{url};{rabbitmq.url}?heartbeat=3") as seen, sender(rabbitmq.url) as worker:
            seen.connected()
            between.freeze()
            seen.disconnected()
            seen.connected(times=2)
            seen.sees(worker)
            (found,) = seen.feed.link.breaks

    assert (found.reason, found.kept, found.detail) == ("silent", True, "RabbitMQ was silent for 6 s")


def test_a_quiet_connection_lives_on_by_its_heartbeats(rabbitmq: VirtualHost) -> None:
    """For longer than RabbitMQ or we would bear silence, which is twice as long."""
    with following(f"{rabbitmq.url}?heartbeat=6") as seen, sender(rabbitmq.url) as worker:
        seen.connected()
        began = time.monotonic()
        until(lambda: time.monotonic() - began > 15, "longer than silence is borne")
        seen.sees(worker)

    assert seen.feed.link.connections == 1


def test_a_quorum_queue_can_be_had(rabbitmq: VirtualHost) -> None:
    with following(rabbitmq.url, queue_type="quorum") as seen, sender(rabbitmq.url) as worker:
        seen.connected()
        seen.sees(worker)

        assert rabbitmq.queue(QUEUE)["type"] == "quorum"


def test_a_queue_that_nobody_comes_back_to_is_gone_in_its_time(rabbitmq: VirtualHost) -> None:
    with following(rabbitmq.url, queue_expires=1.0) as seen:
        seen.connected()
        assert rabbitmq.queues() == [QUEUE]

    until(lambda: rabbitmq.queues() == [], "it expires")


def test_tls_with_an_own_authority_and_a_clients_certificate(rabbitmq: VirtualHost) -> None:
    tls = rabbitmq.server.tls
    base = f"amqps://127.0.0.1:{rabbitmq.server.amqps}/{rabbitmq.name}"
    options = {"ca_certs": str(tls.ca), "certfile": str(tls.client), "keyfile": str(tls.client)}
    query = "&".join(f"ssl_{name}={path}" for name, path in options.items())
    with sender(rabbitmq.url) as worker:
        for broker, use_ssl in ((f"{base}?{query}", False), (base.replace("amqps", "amqp"), options)):
            with following(broker, broker_use_ssl=use_ssl) as seen:
                seen.connected()
                worker.send("task-failed", uuid="long", exception="x" * 1_000_000)
                seen.sees(worker)
                assert any(len(event.exception or "") == 1_000_000 for event in seen.events)


@pytest.mark.parametrize(
    "options", ["ssl_ca_certs={other_ca}&ssl_certfile={client}&ssl_keyfile={client}", "ssl_ca_certs={ca}"]
)
def test_tls_that_does_not_hold_is_refused_and_told(rabbitmq: VirtualHost, options: str) -> None:
    query = options.format(**rabbitmq.server.tls._asdict())
    with following(f"amqps://127.0.0.1:{rabbitmq.server.amqps}/{rabbitmq.name}?{query}") as seen:
        seen.disconnected()
        assert seen.feed.link.connections == 0
