"""Brokers that are away, refuse, or carry what is no event: told, survived, and never a password shown."""

import json
import socket
import time
from pathlib import Path

import amqp
import pytest
import redis as redis_library

from tests.monitor.program import monitor
from tests.support import ports
from tests.support.events import sender
from tests.support.processes import command_of, until
from tests.support.rabbitmq import VirtualHost
from tests.support.redis import RedisServer, redis_server


def test_a_broker_that_is_down_at_the_start_is_waited_for(redis: RedisServer, tmp_path: Path) -> None:
    redis.stop()
    with monitor(redis.url, tmp_path) as seen:
        assert seen.told("Connection refused")["broker"]["state"] == "disconnected"
        until(
            lambda: (seen.get("/readyz") or {"broker": {}})["broker"].get("state") == "disconnected", "/readyz says so"
        )
        redis.start()

        up = seen.connected()["broker"]
        assert (up["attempts"], up["last_error"]) == (0, None)
        with sender(redis.url) as worker:
            seen.task(worker.task(), "SUCCESS")


def test_a_broker_that_goes_away_and_comes_back_is_told_and_used_again(redis: RedisServer, tmp_path: Path) -> None:
    with monitor(redis.url, tmp_path) as seen:
        since = seen.connected()["broker"]["since"]
        redis.stop()
        lost = seen.summary(state="disconnected")["broker"]
        assert lost["since"] > since
        redis.start()
        seen.connected()

        with sender(redis.url) as worker:
            seen.task(worker.task(), "SUCCESS")


def test_a_wrong_password_of_redis_is_told_without_it(tmp_path: Path) -> None:
    with redis_server(tmp_path / "redis", "--requirepass", "right") as redis:
        for url, says in (
            (f"redis://:wr0ng@127.0.0.1:{redis.port}/0", "refused the user name or password"),
            (f"redis://127.0.0.1:{redis.port}/0", "wants a password"),
        ):
            with monitor(url, tmp_path) as seen:
                summary = seen.told(says)

                assert summary["broker"]["state"] == "disconnected"
                assert "wr0ng" not in json.dumps(summary) + seen.log
                assert not any("wr0ng" in command_of(child) for child in seen.program.children())


def test_a_wrong_password_and_a_wrong_host_of_rabbitmq_are_told_without_it(
    rabbitmq: VirtualHost, tmp_path: Path
) -> None:
    server = f"127.0.0.1:{rabbitmq.server.amqp}"
    for url, says in (
        (f"amqp://guest:wr0ng@{server}/{rabbitmq.name}", "refused the user name or password"),
        (f"amqp://guest:guest@{server}/nowhere", "refused the virtual host"),
    ):
        with monitor(url, tmp_path) as seen:
            summary = seen.told(says)

            assert summary["broker"]["state"] == "disconnected"
            assert "wr0ng" not in json.dumps(summary) + seen.log


def test_what_is_not_rabbitmq_is_told(redis: RedisServer, tmp_path: Path) -> None:
    with monitor(f"amqp://guest:guest@127.0.0.1:{redis.port}//", tmp_path) as seen:
        assert seen.summary(state="disconnected")["broker"]["last_error"]


def test_what_is_not_redis_is_told(rabbitmq: VirtualHost, tmp_path: Path) -> None:
    with monitor(f"redis://127.0.0.1:{rabbitmq.server.amqp}/0", tmp_path) as seen:
        assert seen.summary(state="disconnected")["broker"]["last_error"]


def test_a_host_without_a_broker_is_told(tmp_path: Path) -> None:
    with monitor(f"amqp://guest:guest@127.0.0.1:{ports.free()}//", tmp_path) as seen:
        assert seen.told("refused")["broker"]["state"] == "disconnected"


def test_two_monitors_of_one_name_do_not_share_a_queue(rabbitmq: VirtualHost, tmp_path: Path) -> None:
    (tmp_path / "first").mkdir()
    (tmp_path / "second").mkdir()
    with monitor(rabbitmq.url, tmp_path / "first") as first:
        first.connected()
        with monitor(rabbitmq.url, tmp_path / "second") as second:
            summary = second.told("another monitor reads the queue flower-monitor.flower")
            assert "--name" in summary["broker"]["last_error"]


def test_our_queue_is_bounded_and_expires(rabbitmq: VirtualHost, tmp_path: Path) -> None:
    with monitor(rabbitmq.url, tmp_path, "--name", "orders", "--namespace", "team-a") as seen:
        seen.connected()
        arguments = rabbitmq.queue("flower-monitor.team-a.orders")["arguments"]

        assert rabbitmq.queues() == ["flower-monitor.team-a.orders"]
        assert {"x-max-length", "x-max-length-bytes", "x-message-ttl", "x-expires", "x-overflow"} <= arguments.keys()


def test_a_queue_with_other_arguments_is_used_and_the_page_told_the_fix(rabbitmq: VirtualHost, tmp_path: Path) -> None:
    rabbitmq.make_queue("flower-monitor.flower", {})
    with monitor(rabbitmq.url, tmp_path) as seen, sender(rabbitmq.url) as worker:
        seen.connected()
        seen.task(worker.task(), "SUCCESS")
        summary = seen.get("/api/v1/summary")
        (notice,) = [one for one in summary["notices"] if one["code"] == "queue-arguments"]

    assert summary["broker"]["mode"] == "existing-queue"
    assert "rabbitmqctl delete_queue flower-monitor.flower" in notice["fix"]


def test_what_a_killed_monitor_leaves_on_rabbitmq_is_gone_in_the_stated_time(
    rabbitmq: VirtualHost, tmp_path: Path
) -> None:
    with monitor(rabbitmq.url, tmp_path, "--queue-expires", "2s") as seen:
        seen.connected()
        until(lambda: seen.get("/api/workers", refresh=1) is not None, "control was used too")
        assert "flower-monitor.flower" in rabbitmq.queues()
        seen.kill()

        # Kombu's control queues end with their connection or 10 s later.
        until(lambda: rabbitmq.queues() == [], "nothing is left")


def test_a_killed_monitor_leaves_no_connection_and_no_key_that_stays_on_redis(
    redis: RedisServer, tmp_path: Path
) -> None:
    with monitor(redis.url, tmp_path) as seen, redis_library.Redis(port=redis.port) as client:
        seen.connected()
        until(lambda: seen.get("/api/workers", refresh=1) is not None, "control was used too")
        seen.kill()

        until(lambda: len(client.client_list()) == 1, "only our own connection")
        left = {key.decode() for key in client.scan_iter()}

    # Kombu's own list of what is to expire: every worker makes it too.
    assert left <= {"_kombu.binding_deadlines"}


BAD = [
    (b"hello", "envelope"),
    (b"\xff\x00", "envelope"),
    (b'{"body": "aGVsbG8=", "properties": {"body_encoding": "base64"}}', "body"),
    (b'{"body": "{\\"type\\": \\"task-sent\\"}"}', "field"),
    (b'{"body": "{\\"type\\": \\"odd\\", \\"hostname\\": \\"h\\", \\"timestamp\\": 1}"}', "type"),
    (b'{"body": "{\\"type\\": \\"task-sent\\", \\"hostname\\": \\"h\\", \\"timestamp\\": 1}"}', "field"),
]


def test_what_is_no_event_is_counted_by_reason_and_stops_nothing(redis: RedisServer, tmp_path: Path) -> None:
    with monitor(redis.url, tmp_path) as seen, redis_library.Redis(port=redis.port) as client:
        seen.connected()
        for payload, _ in BAD:
            client.publish("/0.celeryev/task.multi", payload)
        with sender(redis.url) as worker:
            seen.task(worker.task(), "SUCCESS")

        assert seen.get("/api/v1/summary")["events"]["invalid"] == len(BAD)
        for reason in ("envelope", "body", "field", "type"):
            assert f"Not an event ({reason})" in seen.log


def test_what_is_no_event_is_survived_on_rabbitmq(rabbitmq: VirtualHost, tmp_path: Path) -> None:
    with monitor(rabbitmq.url, tmp_path) as seen:
        seen.connected()
        publish(rabbitmq, [b"hello", b"\xff\x00", b"{}", b"5"])
        with sender(rabbitmq.url) as worker:
            seen.task(worker.task(), "SUCCESS")

        assert seen.get("/api/v1/summary")["events"]["invalid"] == 4


def publish(host: VirtualHost, bodies: list[bytes]) -> None:
    address = f"127.0.0.1:{host.server.amqp}"
    with amqp.Connection(address, virtual_host=host.name) as connection, connection.channel() as channel:
        for body in bodies:
            channel.basic_publish(amqp.Message(body), "celeryev", "task.multi")


@pytest.mark.parametrize("kind", ["redis", "rabbitmq"])
def test_an_event_of_ten_megabytes_is_kept_cut(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    broker: RedisServer | VirtualHost = request.getfixturevalue(kind)
    with monitor(broker.url, tmp_path) as seen, sender(broker.url) as worker:
        seen.connected()
        task = worker.task("received")
        worker.send("task-succeeded", uuid=task, result="x" * 10_000_000, runtime=1.0)

        assert seen.task(task, "SUCCESS")["result"].startswith("x" * 1000)


@pytest.mark.parametrize("offset", [-3600, 3600])
def test_a_worker_whose_clock_is_an_hour_off_is_online_and_its_tasks_kept(
    offset: int, redis: RedisServer, tmp_path: Path
) -> None:
    with monitor(redis.url, tmp_path) as seen, sender(redis.url) as worker:
        seen.connected()
        # One that is silent for three beats is lost, which a busy machine may need to ask for it.
        worker.send("worker-heartbeat", timestamp=time.time() + offset, freq=60.0)
        worker.send("task-received", uuid="t-1", name="t", timestamp=time.time() + offset)
        worker.send("task-succeeded", uuid="t-1", timestamp=time.time() + offset)
        seen.task("t-1", "SUCCESS")
        until(lambda: seen.get("/api/v1/workers")["items"] or None, "the worker")

        assert [worker["state"] for worker in seen.get("/api/v1/workers")["items"]] == ["online"]


@pytest.mark.parametrize("scheme", ["redis", "amqp"])
def test_a_broker_that_never_answers_is_told_and_does_not_hold_up_a_stop(scheme: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"{scheme}://127.0.0.1:{silent.getsockname()[1]}/0"
        with monitor(url, tmp_path) as seen:
            assert seen.told("timed out")["broker"]["state"] == "disconnected"
            assert seen.program.stop() == 0

            assert "killed" not in seen.log
