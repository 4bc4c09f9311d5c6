"""Queues in a real Redis: with priorities, prefix, another database, Sentinel, TLS, a socket, and few rights."""

import json
from pathlib import Path
from typing import Any

import pytest
import redis as redis_client

from flower_monitor.exceptions import BrokerError
from flower_monitor.queues import redis as module
from flower_monitor.queues.failures import QueueLonger, QueueMissing
from flower_monitor.queues.records import Depth
from flower_monitor.queues.redis import by_queue
from flower_monitor.unacknowledged import Destination
from tests.monitor.queues.sending import looking, send
from tests.support import certificates
from tests.support.redis import RedisServer, redis_server, sentinel

pytestmark = pytest.mark.anyio


async def ready(broker: str, *names: str, **fields: Any) -> list[int | None]:
    """How many messages wait."""
    with looking(broker, **fields) as queues:
        return [row.ready for row in (await queues.look(names, {})).rows]


async def only(broker: str, name: str, **fields: Any) -> Depth:
    """What is said of a queue."""
    with looking(broker, **fields) as queues:
        (row,) = (await queues.look([name], {})).rows
        return row


async def test_lengths_of_several_queues(redis: RedisServer) -> None:
    send(redis.url, "work", 3)
    send(redis.url, "mail", 1)

    assert await ready(redis.url, "work", "mail", "never-seen") == [3, 1, 0]


async def test_every_priority_counts_and_is_told_by_its_step(redis: RedisServer) -> None:
    for priority in (0, 1, 3, 9):
        send(redis.url, "work", priority=priority)

    row = await only(redis.url, "work")

    assert (row.ready, row.by_priority) == (4, {"0": 2, "3": 1, "6": 0, "9": 1})


async def test_steps_and_separator_are_those_of_the_workers(redis: RedisServer) -> None:
    options = {"priority_steps": [0, 5], "sep": ":"}
    send(redis.url, "work", priority=7, options=options)

    assert (await only(redis.url, "work", transport_options=options)).by_priority == {"0": 0, "5": 1}


async def test_a_prefix_is_put_before_every_key(redis: RedisServer) -> None:
    options = {"global_keyprefix": "team-a:"}
    send(redis.url, "work", 2, options=options, priority=3)

    assert await ready(redis.url, "work", transport_options=options) == [2]
    assert await ready(redis.url, "work") == [0]


async def test_the_database_is_that_of_the_url_by_port_and_by_socket(redis: RedisServer) -> None:
    """D25: Flower looks into database 0 by a socket."""
    third = redis.url.replace("/0", "/3")
    send(third, "work", 2)
    by_socket = f"redis+socket://{redis.socket}?virtual_host=3"

    assert [await ready(url, "work") for url in (third, by_socket, redis.url)] == [[2], [2], [0]]


async def test_a_sentinel_leads_to_the_database_of_the_url(redis: RedisServer, tmp_path: Path) -> None:
    """D25: Flower looks into database 0."""
    options = {"master_name": "mymaster"}
    send(redis.url.replace("/0", "/3"), "work", 2)
    with sentinel(tmp_path / "sentinel", redis) as port:
        url = f"sentinel://127.0.0.1:{port}/3"

        assert await ready(url, "work", transport_options=options) == [2]


async def test_tls_options_of_the_url_count(tmp_path: Path) -> None:
    """D25: Flower takes none of them."""
    tls = certificates.make(tmp_path / "tls")
    files = {"ssl_ca_certs": str(tls.ca), "ssl_certfile": str(tls.client), "ssl_keyfile": str(tls.client)}
    query = "&".join(f"{name}={path}" for name, path in files.items())
    with redis_server(tmp_path / "redis", tls=tls) as redis:
        send(f"{redis.url}?{query}&ssl_cert_reqs=required", "work", 2)

        assert await ready(f"{redis.url}?{query}", "work") == [2]


@pytest.fixture
def limited(redis: RedisServer) -> str:
    """The URL of a user with the rights that docs/monitor.md names."""
    client = redis_client.Redis.from_url(redis.url)
    rights = "+llen +lindex +lrange +hlen +hscan +eval +unlink +ping +client +select +info"
    client.acl_setuser("watcher", enabled=True, passwords="+secret", keys="*", commands=rights.split())
    client.close()
    return redis.url.replace("redis://", "redis://watcher:secret@")


async def test_few_rights_are_enough(redis: RedisServer, limited: str) -> None:
    send(redis.url, "work", 2)
    with looking(limited) as queues:
        length = (await queues.look(["work"], {})).rows[0].ready
        peeked = len(await queues.peek("work", 5))
        purged = await queues.purge("work", 2)

    assert (length, peeked, purged) == (2, 2, 2)


async def test_a_right_that_is_missing_is_an_error_that_names_it(redis: RedisServer, limited: str) -> None:
    client = redis_client.Redis.from_url(redis.url)
    client.acl_setuser("watcher", enabled=True, commands=["-llen"])
    client.close()

    with pytest.raises(BrokerError, match="llen") as caught:
        await ready(limited, "work")
    assert "secret" not in str(caught.value)


async def test_a_key_that_is_no_list_is_no_queue(redis: RedisServer) -> None:
    client = redis_client.Redis.from_url(redis.url)
    client.set("work", "text")
    client.close()
    send(redis.url, "mail")
    with looking(redis.url) as queues:
        found = [row.name for row in (await queues.look(["work", "mail"], {})).rows]
        with pytest.raises(QueueMissing, match="'work'"):
            await queues.purge("work", 1)
        with pytest.raises(QueueMissing, match="'work'"):
            await queues.peek("work", 1)

    assert found == ["mail"]


# -- what consumers have -------------------------------------------------------------------------------------------


def hold(redis: RedisServer, n: int, exchange: str, routing_key: str, body: str = "") -> None:
    """Put messages where kombu keeps those that consumers have."""
    client = redis_client.Redis.from_url(redis.url)
    message = json.dumps([{"body": body, "headers": {}, "properties": {}}, exchange, routing_key])
    client.hset("unacked", mapping={f"{exchange}-{routing_key}-{number}": message for number in range(n)})
    client.close()


async def test_what_consumers_have_is_counted_by_queue(redis: RedisServer) -> None:
    hold(redis, 3, "", "work")
    hold(redis, 2, "orders", "orders.new")
    with looking(redis.url) as queues:
        rows = (await queues.look(["work", "shop", "mail"], {("orders", "orders.new"): "shop"})).rows

    assert [row.unacknowledged for row in rows] == [3, 2, 0]


async def test_messages_that_could_be_of_any_queue_leave_the_number_open(redis: RedisServer) -> None:
    hold(redis, 1, "orders", "orders.new")

    row = await only(redis.url, "work")

    assert row.unacknowledged is None
    assert "'orders.new'" in row.unknown["unacknowledged"]


async def test_too_many_messages_at_consumers_are_not_looked_at(redis: RedisServer) -> None:
    hold(redis, 2001, "", "work")

    row = await only(redis.url, "work")

    assert row.unacknowledged is None
    assert "2001" in row.unknown["unacknowledged"]


async def test_large_messages_at_consumers_are_not_read_to_their_end(redis: RedisServer) -> None:
    hold(redis, 200, "", "work", body="x" * 100_000)
    client = redis_client.Redis.from_url(redis.url)
    client.config_resetstat()

    row = await only(redis.url, "work")
    sent = client.info("stats")["total_net_output_bytes"]
    client.close()

    assert row.unacknowledged is None
    assert sent < 3 * module.MOST_BYTES


def test_an_exchange_with_the_name_of_its_queue_is_the_queues() -> None:
    found = by_queue([Destination("work", "work")], ["work"], {})

    assert (found.counts, found.why_not) == ({"work": 1}, None)


# -- messages ------------------------------------------------------------------------------------------------------


async def test_the_next_messages_come_in_the_order_of_delivery(redis: RedisServer) -> None:
    later = send(redis.url, "work", 2, priority=9)
    first = send(redis.url, "work", 12, priority=0)
    with looking(redis.url) as queues:
        found = await queues.peek("work", 13)

    assert [message.id for message in found] == [*first, later[0]]


async def test_a_peek_reads_and_moves_nothing(redis: RedisServer) -> None:
    options = {"global_keyprefix": "team-a:"}
    send(redis.url, "work", 3, options=options)
    client = redis_client.Redis.from_url(redis.url)
    before = client.lrange("team-a:work", 0, -1)
    with looking(redis.url, transport_options=options) as queues:
        found = await queues.peek("work", 2)
    after = client.lrange("team-a:work", 0, -1)
    client.close()

    assert len(found) == 2
    assert (after, len(after)) == (before, 3)


async def test_a_message_says_what_its_sender_wrote(redis: RedisServer) -> None:
    (task,) = send(redis.url, "work", priority=6, countdown=3600, expires=7200, shadow=None)
    with looking(redis.url) as queues:
        (message,) = await queues.peek("work", 1)

    assert (message.id, message.root_id, message.task, message.args) == (task, task, "tests.add", "(0, 2)")
    assert (message.kwargs, message.retries, message.priority, message.routing_key) == ("{}", 0, 6, "work")
    assert (message.exchange, message.redelivered, message.content_type) == ("", False, "application/json")
    assert message.eta
    assert message.expires
    assert "@" in (message.origin or "")


async def test_large_messages_end_a_peek(redis: RedisServer) -> None:
    client = redis_client.Redis.from_url(redis.url)
    for number in range(60):
        message = {"body": "x" * 200_000, "headers": {}, "properties": {"delivery_tag": str(number)}}
        client.lpush("work", json.dumps(message))
    client.config_resetstat()
    with looking(redis.url) as queues:
        found = await queues.peek("work", 60)
    sent = client.info("stats")["total_net_output_bytes"]
    client.close()

    assert 0 < len(found) < 60
    assert sent < 2 * module.MOST_BYTES


async def test_the_tasks_that_are_next_are_told(redis: RedisServer) -> None:
    (first, _) = send(redis.url, "work", 2, priority=0)
    (other, _) = send(redis.url, "work", 2, priority=9)

    assert (await only(redis.url, "work")).heads == (first, other)


# -- purging -------------------------------------------------------------------------------------------------------


async def test_a_purge_deletes_every_priority_and_nothing_that_consumers_have(redis: RedisServer) -> None:
    options = {"global_keyprefix": "team-a:"}
    for priority in (0, 9):
        send(redis.url, "work", 2, priority=priority, options=options)
    send(redis.url, "mail", 1, options=options)
    client = redis_client.Redis.from_url(redis.url)
    client.hset("team-a:unacked", "tag", "a message")
    with looking(redis.url, transport_options=options) as queues:
        purged = await queues.purge("work", 4)
        left = [row.ready for row in (await queues.look(["work", "mail"], {})).rows]
    kept = client.hgetall("team-a:unacked")
    client.close()

    assert (purged, left, kept) == (4, [0, 1], {b"tag": b"a message"})


async def test_a_purge_is_refused_when_more_waits_than_was_seen(redis: RedisServer) -> None:
    send(redis.url, "work", 3)
    with looking(redis.url) as queues:
        with pytest.raises(QueueLonger) as caught:
            await queues.purge("work", 2)
        left = (await queues.look(["work"], {})).rows[0].ready

    assert (caught.value.ready, left) == (3, 3)


async def test_less_than_was_seen_is_purged(redis: RedisServer) -> None:
    send(redis.url, "work", 1)
    with looking(redis.url) as queues:
        assert [await queues.purge("work", 5), await queues.purge("work", 0)] == [1, 0]
