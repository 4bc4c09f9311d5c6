"""Control against real brokers and a real worker."""

import asyncio
import socket
from collections.abc import Coroutine
from pathlib import Path
from typing import TypeVar

import kombu.transport.redis  # noqa: F401 - so that no test measures how long it takes to import
import pytest
import redis as redis_client
from celery import Celery

from flower_monitor import control as module
from flower_monitor.control import VISIBILITY_TIMEOUT, Control, transport_options
from flower_monitor.exceptions import BrokerError
from flower_monitor.web.inspection import DETAILS, OVERVIEW
from tests.monitor.web.apps import config_for
from tests.support import ports
from tests.support.celery import worker
from tests.support.patience import PATIENCE
from tests.support.processes import until
from tests.support.rabbitmq import VirtualHost
from tests.support.redis import RedisServer

pytestmark = pytest.mark.anyio

Answer = TypeVar("Answer")

#: Seconds that a test waits out, where one who answers has to be waited for as long as nobody does.
QUICK = 3.0

#: A question whose answer every serializer can hold: at one that it can't a worker answers nothing and is deaf a while.
PING: dict[str, dict[str, object]] = {"ping": {}}

#: Seconds of patience that no test waits out.
FOR_EVER = 3600.0


def control_of(url: str, **fields: object) -> Control:
    return Control(config_for(Path("unused"), broker_url=url, **fields))


async def at_once(call: Coroutine[None, None, Answer]) -> Answer:
    """The answer to a call, long before its patience ends."""
    async with asyncio.timeout(PATIENCE):
        return await call


@pytest.mark.parametrize("given", [{}, {"visibility_timeout": 1}])
def test_no_option_can_make_redis_hand_messages_back(given: dict[str, object]) -> None:
    assert transport_options("redis", given)["visibility_timeout"] == VISIBILITY_TIMEOUT


async def test_a_worker_answers_every_question(redis: RedisServer, tmp_path: Path) -> None:
    control = control_of(redis.url)
    with worker(redis.url, tmp_path):
        replies = await control.ask(DETAILS, None, ["w1@test"], patience=PATIENCE)
    control.close()

    assert set(replies["w1@test"]) == set(DETAILS)
    assert replies["w1@test"]["stats"]["pid"]
    assert "tests.support.celery_app.add" in replies["w1@test"]["registered"]


async def test_workers_that_answer_in_pickle_are_understood(
    redis: RedisServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    serialize_as("pickle", monkeypatch)
    control = control_of(redis.url)
    with worker(redis.url, tmp_path):
        replies = await control.ask({**DETAILS, "pool_grow": {"n": 1}}, None, ["w1@test"], patience=PATIENCE)
    control.close()

    assert replies["w1@test"]["stats"]["pid"]
    assert replies["w1@test"]["stats"]["total"] == {}  # a Counter
    assert "tests.support.celery_app.add" in replies["w1@test"]["registered"]
    assert "error" in replies["w1@test"]["pool_grow"]  # a solo pool can't


async def test_an_answer_that_is_not_understood_is_told_and_takes_no_other_along(
    redis: RedisServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    control = control_of(redis.url)
    with worker(redis.url, tmp_path, name="w2"):
        serialize_as("yaml", monkeypatch)
        # Its mingle would be in YAML too, and w2, which does not read that, deaf for a while.
        with worker(redis.url, tmp_path, name="w1", options=["--without-mingle", "--without-gossip"]):
            until(lambda: "x-yaml" in _told(control, caplog), "the log tells of w1's answer beside w2's")
            until(lambda: "x-yaml" in _refused(control, "w1@test"), "w1's alone is an error")
    control.close()


def serialize_as(serializer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of workers that start from now on."""
    monkeypatch.setenv("TESTS_TASK_SERIALIZER", serializer)
    monkeypatch.setenv("C_FORCE_ROOT", "1")  # Celery takes no pickles as root otherwise


def _told(control: Control, caplog: pytest.LogCaptureFixture) -> str:
    """What is logged of a question that w2 has answered."""
    replies = control._ask(PING, None, ["w2@test", "w1@test"], QUICK)
    return caplog.text if list(replies) == ["w2@test"] else ""


def _refused(control: Control, name: str) -> str:
    """What a question to one worker fails with."""
    try:
        control._ask(PING, [name], None, QUICK)
    except BrokerError as error:
        return str(error)
    return ""


async def test_all_answers_end_the_waiting(redis: RedisServer, tmp_path: Path) -> None:
    control = control_of(redis.url)
    with worker(redis.url, tmp_path):
        await control.ask(OVERVIEW, ["w1@test"], None, patience=PATIENCE)
        replies = await at_once(control.ask(OVERVIEW, ["w1@test"], None, patience=FOR_EVER))
    control.close()

    assert list(replies) == ["w1@test"]


async def test_where_nobody_is_known_the_first_answers_end_the_waiting(redis: RedisServer, tmp_path: Path) -> None:
    control = control_of(redis.url)
    with worker(redis.url, tmp_path):
        await control.ask(OVERVIEW, ["w1@test"], None, patience=PATIENCE)
        replies = await at_once(control.ask(OVERVIEW, None, None, patience=FOR_EVER))
    control.close()

    assert set(replies["w1@test"]) == set(OVERVIEW)


async def test_a_worker_that_is_not_known_is_heard_beside_one_that_is(redis: RedisServer, tmp_path: Path) -> None:
    control = control_of(redis.url)
    with worker(redis.url, tmp_path, name="w1"), worker(redis.url, tmp_path, name="w2"):
        until(lambda: _heard(control, "w1@test", "w2@test"), "both answer though one is expected")
    control.close()


def _heard(control: Control, known: str, other: str) -> bool:
    return other in control._ask(OVERVIEW, None, [known], PATIENCE)


async def test_no_answer_is_no_error(redis: RedisServer) -> None:
    control = control_of(redis.url)

    assert await control.ask(OVERVIEW, ["nobody@test"], None, patience=0.1) == {}
    control.close()


async def test_nothing_is_left_behind_on_redis(redis: RedisServer, tmp_path: Path) -> None:
    control = control_of(redis.url)
    client = redis_client.Redis.from_url(redis.url)
    with worker(redis.url, tmp_path):
        before = set(client.keys())
        await control.ask(OVERVIEW, None, ["w1@test"], patience=PATIENCE)
        await control.tell("enable_events", ["w1@test"])
        after = set(client.keys())
    control.close()
    client.close()

    # kombu's list of what is to expire, and what its workers lock for a moment now and then; every worker makes both.
    assert (after ^ before) <= {b"_kombu.binding_deadlines", b"unacked_mutex"}


async def test_what_a_killed_monitor_left_on_redis_goes_with_the_next_question(redis: RedisServer) -> None:
    """With an older kombu nothing expires there by itself, so the reply queue has the same name each time."""
    client = redis_client.Redis.from_url(redis.url)
    control, next_one = control_of(redis.url), control_of(redis.url)
    await control.tell("enable_events", ["w1@test"])
    before = set(client.keys())
    with control._connection() as connection, control._reply_queue(connection, 0) as left:  # and is killed here
        client.lpush(left.name, "a reply that nobody read")
        killed = set(client.keys())
        await next_one.ask(OVERVIEW, ["nobody@test"], None, patience=0.1)
        after = set(client.keys())
    for one in (control, next_one, client):
        one.close()

    assert b"_kombu.binding.reply.celery.pidbox" in killed - before
    # kombu's list of what is to expire; every worker makes it too.
    assert after - {b"_kombu.binding_deadlines"} == before


async def test_a_broker_that_is_down_is_an_error_without_its_password() -> None:
    control = control_of(f"redis://:hunter2@127.0.0.1:{ports.free()}/0")

    with pytest.raises(BrokerError, match=r"redis://127\.0\.0\.1") as caught:
        await control.ask(OVERVIEW, None, None)
    control.close()

    assert "hunter2" not in str(caught.value)


async def test_what_a_redis_refuses_is_told_with_its_reason(redis: RedisServer) -> None:
    """One that is full; so is a replica that takes no writes, and a user without the right."""
    redis_client.Redis(port=redis.port).config_set("maxmemory", 1)
    control = control_of(redis.url)

    with pytest.raises(BrokerError, match="command not allowed when used memory > 'maxmemory'"):
        await control.ask(OVERVIEW, ["w1@test"], None, patience=PATIENCE)

    control.close()


async def test_so_is_what_a_user_may_not_do_on_redis(redis: RedisServer) -> None:
    """The rights that the documents give a monitor which only listens."""
    rights = ["+auth", "+ping", "+psubscribe", "+client|setname", "+info", "+role"]
    redis_client.Redis(port=redis.port).acl_setuser(
        "monitor", enabled=True, passwords=["+secret"], commands=rights, channels=["/0.celeryev/*"]
    )
    control = control_of(redis.url.replace("//", "//monitor:secret@"))

    with pytest.raises(BrokerError, match="no permissions"):
        await control.ask(OVERVIEW, ["w1@test"], None, patience=PATIENCE)

    control.close()


async def test_so_is_what_a_user_may_not_do_on_rabbitmq(rabbitmq: VirtualHost) -> None:
    control = control_of(rabbitmq.user("monitor", configure="^$", write="^$", read="^$"))

    with pytest.raises(BrokerError, match="ACCESS_REFUSED"):
        await control.ask(OVERVIEW, ["w1@test"], None, patience=PATIENCE)

    control.close()


async def test_a_broker_that_hangs_costs_a_caller_no_more_than_its_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    """D8: and threads that are stuck in it come free by the time limit of their sockets."""
    monkeypatch.setattr(module, "DEADLINE", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as mute:  # its connections are never accepted
        control = control_of(f"redis://127.0.0.1:{mute.getsockname()[1]}/0")
        with pytest.raises(BrokerError, match="did not answer within"):
            await at_once(control.tell("enable_events", ["w1@test"]))
        control.close()


async def test_rabbitmq_is_asked_too_and_nothing_is_left_behind(rabbitmq: VirtualHost, tmp_path: Path) -> None:
    control = control_of(rabbitmq.url)
    with worker(rabbitmq.url, tmp_path):
        replies = await control.ask(OVERVIEW, None, ["w1@test"], patience=PATIENCE)
        await control.tell("enable_events", ["w1@test"])
        # The management API learns of a deleted queue with a delay, as of the one that the worker had for replies.
        until(lambda: all(map(_of_the_worker, rabbitmq.queues())), "only the worker's queues are left")
    control.close()

    assert set(replies["w1@test"]) == set(OVERVIEW)


def _of_the_worker(queue: str) -> bool:
    return queue == "tests" or queue.startswith(("w1@test.celery.pidbox", "celeryev."))


def test_messages_to_workers_are_addressed_as_celery_addresses_them() -> None:
    theirs, ours = Celery().control.mailbox, control_of("redis://127.0.0.1:1/0")._mailbox
    shown = ("exchange", "reply_exchange", "queue_ttl", "queue_expires", "reply_queue_ttl", "reply_queue_expires")

    assert {name: getattr(ours, name) for name in shown} == {name: getattr(theirs, name) for name in shown}


async def test_the_environment_does_not_change_the_broker(redis: RedisServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Celery prefers CELERY_BROKER_URL to its own configuration; a flag must win over the environment."""
    monkeypatch.setenv("CELERY_BROKER_URL", f"redis://127.0.0.1:{ports.free()}/0")
    control = control_of(redis.url)

    await control.tell("enable_events", ["w1@test"])
    control.close()
