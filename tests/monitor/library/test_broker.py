"""Lengths of real queues in a script; tests/monitor/queues has what each kind of broker tells."""

from pathlib import Path

import pytest

from flower_monitor import Broker, BrokerError, UsageError
from flower_monitor.queues.length import length
from flower_monitor.queues.records import Depth
from tests.monitor.queues.sending import send
from tests.monitor.web.test_harmless import Unacknowledged
from tests.support import certificates, ports
from tests.support.rabbitmq import VirtualHost
from tests.support.redis import RedisServer, redis_server, sentinel


def lengths(broker: Broker, *names: str) -> dict[str, int]:
    with broker:
        return {queue["name"]: queue["messages"] for queue in broker.queues(names)}


def test_redis_by_tcp_socket_and_sentinel(redis: RedisServer, tmp_path: Path) -> None:
    """Also in another database, where Flower looks only by TCP (D25)."""
    third = redis.url.replace("/0", "/3")
    send(third, "work", 2)
    with sentinel(tmp_path / "sentinel", redis) as port:
        found = [
            lengths(Broker(third), "work"),
            lengths(Broker(f"redis+socket://{redis.socket}?virtual_host=3"), "work"),
            lengths(
                Broker(f"sentinel://127.0.0.1:{port}/3", transport_options={"master_name": "mymaster"}), "work", "mail"
            ),
        ]

    assert found == [{"work": 2}, {"work": 2}, {"work": 2, "mail": 0}]


def test_redis_by_tls(tmp_path: Path) -> None:
    files = certificates.make(tmp_path / "tls")
    options = {name: str(path) for name, path in (("ssl_ca_certs", files.ca), ("ssl_certfile", files.client))}
    with redis_server(tmp_path / "redis", tls=files) as server:
        assert lengths(Broker(server.url, broker_use_ssl=options | {"ssl_keyfile": str(files.client)}), "work") == {
            "work": 0
        }


def test_options_of_the_workers_are_heeded(redis: RedisServer) -> None:
    options = {"global_keyprefix": "team-a:", "priority_steps": [0, 5]}
    send(redis.url, "work", 2, options=options, priority=7)

    assert lengths(Broker(redis.url, transport_options=options), "work") == {"work": 2}
    assert lengths(Broker(redis.url), "work") == {"work": 0}


def test_rabbitmq_leaves_out_what_is_not_there(rabbitmq: VirtualHost) -> None:
    send(rabbitmq.url, "work", 3)

    assert lengths(Broker(rabbitmq.url), "nobody", "work") == {"work": 3}


def test_a_broker_that_is_down_is_an_error_and_no_empty_list() -> None:
    """D15."""
    with pytest.raises(BrokerError):
        lengths(Broker(f"redis://127.0.0.1:{ports.free()}/0"), "work")


def test_a_management_api_that_is_none_is_refused() -> None:
    with pytest.raises(UsageError, match="--broker-api"):
        Broker("amqp://127.0.0.1//", "ftp://127.0.0.1/api")


def test_of_the_management_api_messages_are_all_messages() -> None:
    """As in RabbitMQ's own words; elsewhere those that wait."""
    row = Depth(name="work", ready=3, unacknowledged=2)

    assert [length(row, whole=whole)["messages"] for whole in (True, False)] == [5, 3]


def test_what_a_broker_refuses_to_tell_is_an_error() -> None:
    with pytest.raises(BrokerError, match="work: no right to"):
        length(Depth(name="work", ready=None, unknown={"ready": "no right to"}), whole=False)


def test_a_message_that_a_worker_holds_stays_with_it(redis: RedisServer) -> None:
    held = Unacknowledged(redis.url)
    lengths(Broker(redis.url, transport_options={"visibility_timeout": 1}), "celery")

    assert held.is_where_it_was()
    held.client.close()
