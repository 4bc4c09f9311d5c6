"""Queues of other transports of kombu."""

from pathlib import Path

import pytest
from kombu.connection import Connection
from kombu.transport.virtual import Channel

from flower_monitor.exceptions import BrokerError
from flower_monitor.queues import other
from flower_monitor.queues.failures import NotPossible, QueueLonger
from tests.monitor.queues.sending import looking, send

pytestmark = pytest.mark.anyio


@pytest.fixture
def options(tmp_path: Path) -> dict[str, str]:
    """Those of a broker that is some folders."""
    folders = {"in": "data", "out": "data", "processed": "processed", "control": "control"}
    found = {name: tmp_path / folder for name, folder in folders.items()}
    for folder in found.values():
        folder.mkdir(exist_ok=True)
    names = {"in": "data_folder_in", "out": "data_folder_out", "processed": "processed_folder"}
    names["control"] = "control_folder"
    return {names[name]: str(folder) for name, folder in found.items()}


async def test_lengths_and_a_purge(options: dict[str, str]) -> None:
    send("filesystem://", "work", 3, options=options)
    with looking("filesystem://", transport_options=options) as queues:
        found = await queues.look(["work", "mail"], {})
        with pytest.raises(QueueLonger):
            await queues.purge("work", 2)
        purged = await queues.purge("work", 3)

    assert (found.source, [row.ready for row in found.rows], purged) == ("size", [3, 0], 3)


async def test_messages_are_not_shown(options: dict[str, str]) -> None:
    unsupported = pytest.raises(NotPossible, match="not supported by filesystem")
    with looking("filesystem://", transport_options=options) as queues, unsupported:
        await queues.peek("work", 1)


def test_a_transport_that_does_not_count_is_an_error_and_not_0() -> None:
    """kombu says 0 for it. Those without it need services, so kombu's base of all channels stands for one."""
    unsupported = pytest.raises(BrokerError, match="lengths of queues are not supported by memory")
    with Connection("memory://") as connection, unsupported:
        other._check(connection, Channel.__new__(Channel))
