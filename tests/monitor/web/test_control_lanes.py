"""D8: workers that are silent cost those who ask them, and nobody else."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from flower_monitor import control as module
from flower_monitor.control import LANE, THREADS
from flower_monitor.exceptions import BrokerError
from tests.monitor.web.test_control import control_of
from tests.support.celery import worker
from tests.support.patience import PATIENCE
from tests.support.redis import RedisServer

pytestmark = pytest.mark.anyio

CALLERS = THREADS + LANE
"""More than there are threads."""


async def test_callers_of_a_stopped_worker_do_not_keep_those_of_another_waiting(
    redis: RedisServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "DEADLINE", 3 * PATIENCE)
    control = control_of(redis.url)
    with worker(redis.url, tmp_path, name="stopped") as stopped, worker(redis.url, tmp_path, name="quick"):
        await control.ask({"ping": {}}, ["quick@test", "stopped@test"], None, PATIENCE)
        os.kill(stopped.pid, signal.SIGSTOP)
        waiting = [control.ask({"ping": {}}, ["stopped@test"], None, 2 * PATIENCE) for _ in range(CALLERS)]
        hanging = [asyncio.create_task(call) for call in waiting]
        await asyncio.sleep(0)
        replies = await control.ask({"ping": {}}, ["quick@test"], None, PATIENCE)
        still = [one for one in hanging if not one.done()]
        os.kill(stopped.pid, signal.SIGCONT)
        await asyncio.gather(*hanging, return_exceptions=True)
    control.close()

    assert replies == {"quick@test": {"ping": {"ok": "pong"}}}
    assert len(still) == CALLERS


async def test_what_has_not_begun_by_the_deadline_is_never_done(
    redis: RedisServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shutdown that its caller was told has failed must not come minutes later."""
    monkeypatch.setattr(module, "LANE", 1)
    monkeypatch.setattr(module, "DEADLINE", 0.2)
    control = control_of(redis.url)
    with worker(redis.url, tmp_path) as program:
        async with control._lane(("w1@test",)):  # another caller is in its way
            with pytest.raises(BrokerError, match="did not answer within"):
                await control.tell("shutdown", ["w1@test"])
        monkeypatch.setattr(module, "DEADLINE", 2 * PATIENCE)
        replies = await control.ask({"ping": {}}, ["w1@test"], None, PATIENCE)

        assert replies == {"w1@test": {"ping": {"ok": "pong"}}}
        assert program.alive()
    control.close()
