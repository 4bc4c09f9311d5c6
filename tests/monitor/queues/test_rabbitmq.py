"""Queues of a real RabbitMQ: over AMQP, and by its management API."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from kombu.connection import Connection

from flower_monitor.exceptions import BrokerError, UsageError
from flower_monitor.queues.broker import BrokerQueues
from flower_monitor.queues.failures import NotPossible, QueueLonger, QueueMissing
from flower_monitor.queues.management import checked, depth
from flower_monitor.queues.rabbitmq import purge
from flower_monitor.queues.records import Depth, Depths
from flower_monitor.receive import url
from tests.monitor.queues.sending import looking, send
from tests.support import ports
from tests.support.celery import worker
from tests.support.patience import PATIENCE
from tests.support.rabbitmq import VirtualHost

pytestmark = pytest.mark.anyio


async def look(broker: str, *names: str, **fields: Any) -> Depths:
    with looking(broker, **fields) as queues:
        return await queues.look(names, {})


@pytest.fixture
def filled(rabbitmq: VirtualHost) -> VirtualHost:
    """A queue with three messages."""
    send(rabbitmq.url, "work", 3)
    return rabbitmq


def api(host: VirtualHost, login: str = "", path: str = "/api") -> str:
    return f"http://{login}127.0.0.1:{host.server.http}{path}"


async def test_amqp_tells_lengths_and_consumers_and_leaves_out_what_is_not_there(filled: VirtualHost) -> None:
    found = await look(filled.url, "nobody", "work", "nowhere")

    (row,) = found.rows
    assert (found.source, row.name, row.ready, row.consumers) == ("declare", "work", 3, 0)
    assert "--broker-api" in row.unknown["unacknowledged"]


async def test_a_real_worker_is_a_consumer_and_what_it_runs_is_unacknowledged(
    rabbitmq: VirtualHost, tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    task = "tests.support.celery_app.hold_late"
    with worker(rabbitmq.url, tmp_path, pool="threads"), looking(rabbitmq.url, broker_api=api(rabbitmq)) as queues:
        send(rabbitmq.url, "tests", 3, task=task, args=[str(gate)])
        row = await until_told(
            queues,
            lambda row: (row.unacknowledged, row.consumers) == (3, 1) and None not in (row.rate_in, row.rate_out),
        )
        gate.touch()
        (declared,) = (await look(rabbitmq.url, "tests")).rows

    assert (row.ready, declared.consumers) == (0, 1)


async def until_told(queues: BrokerQueues, wanted: Callable[[Depth], bool], name: str = "tests") -> Depth:
    """A queue once it is told as wanted; the management API counts every five seconds."""
    deadline = time.monotonic() + PATIENCE
    while True:
        rows = (await queues.look([name], {})).rows
        if rows and wanted(rows[0]):
            return rows[0]
        assert time.monotonic() < deadline, rows
        await asyncio.sleep(0.2)


async def test_a_look_leaves_messages_as_they_were(filled: VirtualHost) -> None:
    """Who takes one after it gets it as the first: none is marked as redelivered."""
    await look(filled.url, "work")
    await look(filled.url, "work", broker_api=api(filled))
    with Connection(filled.url) as connection, connection.channel() as channel:
        message = channel.basic_get("work", no_ack=True)

    assert message.delivery_info["redelivered"] is False
    assert message.delivery_info["message_count"] == 2


async def test_asking_makes_no_queue(rabbitmq: VirtualHost) -> None:
    await look(rabbitmq.url, "nobody")
    await look(rabbitmq.url, "nobody", broker_api=api(rabbitmq))

    assert rabbitmq.queues() == []


async def test_a_purge_over_amqp(filled: VirtualHost) -> None:
    with looking(filled.url) as queues:
        with pytest.raises(QueueLonger) as caught:
            await queues.purge("work", 2)
        purged = await queues.purge("work", 3)
        (row,) = (await queues.look(["work"], {})).rows

    assert (caught.value.ready, purged, row.ready) == (3, 3, 0)


async def test_a_queue_that_is_not_there_is_not_purged(rabbitmq: VirtualHost) -> None:
    with looking(rabbitmq.url) as queues, pytest.raises(QueueMissing, match="'work'"):
        await queues.purge("work", 0)


async def test_a_purge_without_the_right_to_is_an_error_of_the_broker(filled: VirtualHost) -> None:
    watcher = filled.user("watcher", configure="^$", write="^$", read="^$")
    with looking(watcher) as queues, pytest.raises(BrokerError, match="refused"):
        await queues.purge("work", 3)


async def test_messages_are_not_shown_because_that_would_mark_them(filled: VirtualHost) -> None:
    with looking(filled.url, broker_api=api(filled)) as queues, pytest.raises(NotPossible, match="redelivered"):
        await queues.peek("work", 1)


@pytest.mark.parametrize("path", ["/api", "/api/", "/"])
async def test_the_management_api_tells_all_with_and_without_a_slash(filled: VirtualHost, path: str) -> None:
    """D15: Flower shows no queues without a slash at the end."""
    found = await look(filled.url, "work", "nobody", broker_api=api(filled, path=path))

    (row,) = found.rows
    assert (found.source, row.name) == ("management", "work")
    assert set(row.unknown) <= {"ready", "unacknowledged", "consumers"}


async def test_the_login_of_the_api_may_be_another_than_the_brokers(filled: VirtualHost) -> None:
    name = f"api-{filled.name}"
    filled.server.call("PUT", f"users/{name}", {"password": "p@ss/word", "tags": "monitoring"})
    filled.server.call("PUT", f"permissions/{filled.name}/{name}", {"configure": "", "write": "", "read": ""})
    try:
        found = await look(filled.url, "work", broker_api=api(filled, f"{name}:p%40ss%2Fword@"))
    finally:
        filled.server.call("DELETE", f"users/{name}")

    assert [row.name for row in found.rows] == ["work"]


@pytest.mark.parametrize(
    ("login", "path", "says"),
    [
        ("nobody:hunter2@", "/api", "401: the user may not see queues"),
        ("", "/nowhere", "404: no management API here"),
    ],
)
async def test_a_wrong_address_or_login_is_an_error_and_never_no_queues(
    filled: VirtualHost, login: str, path: str, says: str
) -> None:
    """D15: in Flower both look like a broker without queues."""
    with pytest.raises(BrokerError, match=says) as caught:
        await look(filled.url, "work", broker_api=api(filled, login, path))

    assert "hunter2" not in str(caught.value)


async def test_an_api_that_is_not_there_is_an_error() -> None:
    with pytest.raises(BrokerError, match="Connection refused"):
        await look("amqp://127.0.0.1:1//", "work", broker_api=f"http://127.0.0.1:{ports.free()}/api")


def secure_api(host: VirtualHost) -> str:
    return f"https://127.0.0.1:{host.server.https}/api"


async def test_an_api_with_tls_is_verified_by_the_brokers_authority(filled: VirtualHost) -> None:
    (row,) = (await look(filled.secure_url, "work", broker_api=secure_api(filled))).rows

    assert row.name == "work"


async def test_an_authority_for_the_api_may_be_given_where_the_broker_has_no_tls(filled: VirtualHost) -> None:
    broker = f"{filled.url}?ssl_ca_certs={filled.server.tls.ca}"

    assert (await look(broker, "work", broker_api=secure_api(filled))).source == "management"


@pytest.mark.parametrize("authority", [None, "other_ca"])
async def test_a_certificate_that_nobody_we_trust_signed_is_refused(
    rabbitmq: VirtualHost, authority: str | None
) -> None:
    """Never a queue view without queues (D15)."""
    query = f"?ssl_ca_certs={getattr(rabbitmq.server.tls, authority)}" if authority else ""
    with pytest.raises(BrokerError, match="certificate verify failed"):
        await look(f"{rabbitmq.url}{query}", "work", broker_api=secure_api(rabbitmq))


@pytest.fixture
def quorum(rabbitmq: VirtualHost) -> VirtualHost:
    """A quorum queue with three messages."""
    rabbitmq.make_queue("work", {"x-queue-type": "quorum"})
    with Connection(rabbitmq.url, transport_options={"confirm_publish": True}) as connection:
        producer = connection.Producer()
        for number in range(3):
            producer.publish(number, exchange="", routing_key="work")
    return rabbitmq


async def test_a_quorum_queue_over_amqp(quorum: VirtualHost) -> None:
    with looking(quorum.url) as queues:
        # A quorum queue whose node is too busy to count it has 0 messages, says RabbitMQ.
        row = await until_told(queues, lambda row: row.ready == 3, "work")

    assert row.consumers == 0


async def test_a_quorum_queue_by_the_management_api(quorum: VirtualHost) -> None:
    with looking(quorum.secure_url, broker_api=secure_api(quorum)) as queues:
        await until_told(queues, lambda row: (row.ready, row.unacknowledged, row.consumers) == (3, 0, 0), "work")


async def test_a_quorum_queue_is_purged(quorum: VirtualHost) -> None:
    with looking(quorum.secure_url) as queues:
        with pytest.raises(QueueLonger) as caught:
            await purged(queues, 2)
        found = await purged(queues, 3)
        (row,) = (await queues.look(["work"], {})).rows

    assert (caught.value.ready, found, row.ready) == (3, 3, 0)


async def purged(queues: BrokerQueues, expect: int) -> int:
    """What a purge says, once RabbitMQ has counted: a queue that is too busy to be counted has 0."""
    deadline = time.monotonic() + PATIENCE
    while not (found := await queues.purge("work", expect)):
        assert time.monotonic() < deadline
    return found


def test_a_queue_of_which_none_was_counted_is_not_purged() -> None:
    """A quorum queue that is too busy to be counted may hold more than was expected."""
    channel = Mock()
    channel.queue_declare.return_value = ("work", 0, 0)
    connection = Mock(channel_errors=())
    connection.channel.return_value = channel

    assert purge(connection, "work", 5) == 0
    channel.queue_purge.assert_not_called()


async def test_a_look_uses_up_no_delivery_of_a_quorum_queue(quorum: VirtualHost) -> None:
    """Past its limit it would drop the message."""
    for _ in range(3):
        await look(quorum.url, "work")
        await look(quorum.url, "work", broker_api=api(quorum))
    with Connection(quorum.url) as connection, connection.channel() as channel:
        message = channel.basic_get("work", no_ack=True)

    assert message.headers.get("x-delivery-count", 0) == 0


async def test_a_host_that_can_be_none_is_an_error() -> None:
    with pytest.raises(BrokerError, match="http://"):
        await look("amqp://127.0.0.1:1//", "work", broker_api=f"http://{'a' * 70}.test/äpi")


def test_files_for_tls_that_can_not_be_read_are_refused_at_the_start() -> None:
    broker = url.parse("amqp://h//?ssl_ca_certs=/nowhere.pem")

    assert checked("http://h/api", broker)
    with pytest.raises(UsageError, match="ssl_ca_certs"):
        checked("https://h/api", broker)


def test_all_that_the_api_says_is_read() -> None:
    body = (
        b'{"consumers": 2, "messages_ready": 3, "messages_unacknowledged": 4, "name": "work",'
        b' "head_message_timestamp": 9,'
        b' "message_stats": {"publish_details": {"rate": 1.5}, "deliver_get_details": {"rate": 2.5}}}'
    )

    row = depth("work", body)

    assert (row.ready, row.unacknowledged, row.consumers, row.head_at) == (3, 4, 2, 9.0)
    assert (row.rate_in, row.rate_out) == (1.5, 2.5)


def test_a_queue_that_was_not_counted_yet_says_so() -> None:
    row = depth("work", b'{"name": "work", "message_stats": []}')

    assert (row.ready, row.rate_in) == (None, None)
    assert set(row.unknown) == {"ready", "unacknowledged", "consumers"}


@pytest.mark.parametrize("text", ["host:15672", "ftp://user:hunter2@host/api", "http://:1/api", "http://host:port/api"])
def test_an_api_that_can_be_none_is_refused_at_the_start(text: str) -> None:
    with pytest.raises(UsageError, match="--broker-api") as caught:
        checked(text, url.parse("amqp://h//"))

    assert "hunter2" not in str(caught.value)
