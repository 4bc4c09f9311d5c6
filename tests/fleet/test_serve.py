"""Starting and stopping."""

import asyncio
import logging
import socket

import pytest

from flower_operator.exceptions import StartError
from flower_operator.fleet.serve import in_background, listen
from tests.support.patience import PATIENCE


def test_a_port_in_use_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(StartError, match=rf"127\.0\.0\.1 port {port} is in use by another program.*--port"):
            listen("127.0.0.1", port)


def test_a_port_in_use_is_named_when_listening_everywhere() -> None:
    with listen("", 0) as taken, pytest.raises(StartError, match=r"all addresses port \d+ is in use"):
        listen("", taken.getsockname()[1])


def test_an_address_that_is_not_ours_is_named() -> None:
    with pytest.raises(StartError, match=r"Can't listen on 192\.0\.2\.1 port 0"):
        listen("192.0.2.1", 0)


def test_an_empty_address_takes_ipv4() -> None:
    with listen("", 0) as listener, socket.create_connection(("127.0.0.1", listener.getsockname()[1])):
        pass


async def forever() -> None:
    await asyncio.Event().wait()


async def dies() -> None:
    raise RuntimeError("broken")


@pytest.mark.anyio
async def test_work_that_dies_stops_the_program_and_says_why(caplog: pytest.LogCaptureFixture) -> None:
    failed = asyncio.Event()
    async with in_background(failed.set, {"watch": dies(), "poller": forever()}), asyncio.timeout(PATIENCE):
        await failed.wait()
    assert [record.message for record in caplog.records if record.levelno == logging.CRITICAL] == [
        "watch has died; stopping."
    ]
    assert "RuntimeError: broken" in caplog.text


@pytest.mark.anyio
async def test_work_is_over_when_the_body_is() -> None:
    failed = asyncio.Event()
    async with in_background(failed.set, {"watch": forever()}):
        pass
    assert not failed.is_set()
    assert [task.get_name() for task in asyncio.all_tasks() if task.get_name() == "watch"] == []
