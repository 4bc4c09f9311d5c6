"""Asking real workers from a script."""

import asyncio
import subprocess
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import redis as redis_client

from flower_monitor import BrokerError, Inspector, UsageError
from flower_monitor.library import connection
from flower_monitor.library.connection import Seat
from flower_monitor.library.inspector import LONGEST
from flower_monitor.web.inspection import DETAILS, OVERVIEW
from tests.monitor.web.test_harmless import Unacknowledged
from tests.support import ports
from tests.support.celery import worker
from tests.support.processes import until
from tests.support.rabbitmq import VirtualHost
from tests.support.redis import RedisServer

NAME = "w1@test"

REPLY_QUEUES = "_kombu.binding.reply.celery.pidbox"

PATIENT = LONGEST
"""Seconds: when all answer it is over sooner, and a busy machine is slow."""


def test_all_workers_tell_what_stays_small(inhabited: RedisServer) -> None:
    with Inspector(inhabited.url, timeout=PATIENT) as inspector:
        found = inspector.inspect()

    assert set(found[NAME]) == {*OVERVIEW, "timestamp"}
    assert found == inspector.workers
    assert "tests.support.celery_app.add" in found[NAME]["registered"]


def test_one_worker_tells_all(inhabited: RedisServer) -> None:
    with Inspector(inhabited.url, timeout=PATIENT) as inspector:
        found = inspector.inspect(NAME)

    assert set(found[NAME]) == {*DETAILS, "timestamp"}
    assert found[NAME]["active"] == []


def test_addresses_of_other_brokers_are_left_out(inhabited: RedisServer) -> None:
    """mher/flower#1512: they hold passwords."""
    with Inspector(inhabited.url, timeout=PATIENT) as inspector:
        assert "alternates" not in inspector.inspect()[NAME]["stats"]["broker"]


def test_what_is_done_to_the_answers_changes_nothing(inhabited: RedisServer) -> None:
    with Inspector(inhabited.url, timeout=PATIENT) as inspector:
        inspector.inspect()[NAME].clear()

        assert inspector.workers[NAME]


def test_it_works_where_an_event_loop_runs(inhabited: RedisServer) -> None:
    """As in a notebook."""

    async def cell() -> list[str]:
        with Inspector(inhabited.url, timeout=PATIENT) as inspector:
            return inspector.ping()

    assert asyncio.run(cell()) == [NAME]


def test_several_scripts_do_not_take_each_others_answers(inhabited: RedisServer) -> None:
    def ask(_: int) -> list[str]:
        with Inspector(inhabited.url, timeout=PATIENT) as inspector:
            return inspector.ping()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ask, range(8))) == [[NAME]] * 8


def test_a_worker_that_does_not_answer_is_not_there(inhabited: RedisServer) -> None:
    with Inspector(inhabited.url, timeout=0.1) as inspector:
        assert inspector.inspect("nobody@test") == {}


def test_a_broker_that_is_down_is_an_error_without_its_password() -> None:
    with Inspector(f"redis://:hunter2@127.0.0.1:{ports.free()}/0") as inspector, pytest.raises(BrokerError) as caught:
        inspector.ping()

    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("timeout", [0, -1, 60])
def test_a_timeout_that_can_not_be_kept_is_refused(timeout: float) -> None:
    with pytest.raises(UsageError, match="timeout"):
        Inspector("redis://127.0.0.1/0", timeout=timeout)


def test_a_url_that_is_none_is_refused() -> None:
    with pytest.raises(UsageError):
        Inspector("sentinel://127.0.0.1/0")


def test_rabbitmq_is_asked_too_and_nothing_is_left_behind(rabbitmq: VirtualHost, tmp_path: Path) -> None:
    with worker(rabbitmq.url, tmp_path):
        before = set(rabbitmq.queues())
        with Inspector(rabbitmq.url, timeout=PATIENT) as inspector:
            found = inspector.inspect(NAME)
        # The management API learns of a deleted queue with a delay.
        until(lambda: set(rabbitmq.queues()) <= before, "only queues of before are left")

    assert set(found[NAME]) == {*DETAILS, "timestamp"}


def test_nothing_is_left_behind_on_redis(inhabited: RedisServer) -> None:
    client = redis_client.Redis.from_url(inhabited.url)
    before = set(client.keys())
    with Inspector(inhabited.url, timeout=PATIENT) as inspector:
        inspector.inspect(NAME)
    after = set(client.keys())
    client.close()

    # kombu's list of what is to expire, and what its workers lock for a moment now and then; every worker makes both.
    assert after - {b"_kombu.binding_deadlines", b"unacked_mutex"} <= before


@pytest.mark.parametrize("options", [{}, {"visibility_timeout": 1}])
def test_a_message_that_a_worker_holds_stays_with_it(redis: RedisServer, options: dict[str, int]) -> None:
    held = Unacknowledged(redis.url)
    with Inspector(redis.url, transport_options=options, timeout=0.3) as inspector:
        inspector.ping()
        inspector.inspect()
        inspector.inspect(NAME)

    assert held.is_where_it_was()
    held.client.close()


def test_scripts_that_were_killed_leave_one_name_which_the_next_takes_away(
    redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    seats = f"test-{redis.port}"  # others that run beside this test have seats too
    monkeypatch.setattr(connection, "SEATS", seats)
    client = redis_client.Redis.from_url(redis.url)
    for _ in range(3):
        _kill_while_it_asks(redis.url, seats, client)
    left = client.smembers(REPLY_QUEUES)
    with Inspector(redis.url, timeout=0.1) as inspector:
        inspector.ping()
    after = client.smembers(REPLY_QUEUES)
    client.close()

    assert (len(left), len(after)) == (1, 0)


def _kill_while_it_asks(broker: str, seats: str, client: "redis_client.Redis") -> None:
    ask = f"Inspector({broker!r}, timeout=8).inspect('nobody@test')"
    code = f"from flower_monitor.library import connection; connection.SEATS = {seats!r}"
    process = subprocess.Popen([sys.executable, "-c", f"{code}; from flower_monitor import Inspector; {ask}"])
    until(lambda: client.info("clients")["blocked_clients"], "it waits for answers")
    process.kill()
    process.wait()
    until(lambda: not client.info("clients")["blocked_clients"], "Redis notices")


def test_a_seat_is_the_lowest_that_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "SEATS", f"test-{uuid.uuid4()}")
    one, two = Seat(), Seat()
    one.close()
    three = Seat()
    for seat in (two, three):
        seat.close()

    assert (one.number, two.number, three.number) == (0, 1, 0)
