"""Transports that only kombu knows: one that real workers can share, and what is refused with the reason."""

import contextlib
import uuid
from pathlib import Path
from typing import Any

import pytest

from tests.monitor.receive.live import Taker
from tests.monitor.receive.live import following as following_by_name
from tests.support.events import sender
from tests.support.processes import until


def following(broker: str, **fields: Any) -> contextlib.AbstractContextManager[Taker]:
    """With a queue of its own: within one process kombu declares a name once, whatever the folder."""
    return following_by_name(broker, name=uuid.uuid4().hex, **fields)


@pytest.fixture
def folders(tmp_path: Path) -> dict[str, str | float]:
    """kombu's options for a broker that is a folder."""
    data = tmp_path / "data"
    data.mkdir()
    (tmp_path / "control").mkdir()
    folder = str(data)
    control = str(tmp_path / "control")
    return {"data_folder_in": folder, "data_folder_out": folder, "control_folder": control, "polling_interval": 0.05}


def test_events_come_by_files(folders: dict[str, str | float]) -> None:
    with (
        following("filesystem://", transport_options=folders) as seen,
        sender("filesystem://", broker_transport_options=folders) as worker,
    ):
        seen.connected()
        worker.task()
        until(lambda: seen.take() is not None and len(seen.events) == 3, "files come in no order")
        status = seen.feed.link.status

    assert {event.type for event in seen.events} == {"task-received", "task-started", "task-succeeded"}
    assert (status.kind, status.mode, status.url) == ("filesystem", "consumer", "filesystem://")


def test_a_full_buffer_leaves_them_in_the_folder(folders: dict[str, str | float]) -> None:
    with (
        following("filesystem://", transport_options=folders, buffer_bytes=0) as seen,
        sender("filesystem://", broker_transport_options=folders) as worker,
    ):
        seen.connected()
        tasks = [worker.task() for _ in range(3)]
        until(lambda: seen.feed.waiting() > 0, "one is taken in")
        assert list(Path(str(folders["data_folder_in"])).glob("*.msg"))
        until(lambda: seen.take() is not None and len(seen.events) == 9, "all of them")

    assert {event.uuid for event in seen.events} == set(tasks)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    missing = {"data_folder_in": str(tmp_path / "no"), "data_folder_out": str(tmp_path / "no")}
    with following("filesystem://", transport_options={**missing, "control_folder": str(tmp_path)}) as seen:
        assert seen.disconnected()


def test_a_message_of_another_serializer_is_counted(folders: dict[str, str | float]) -> None:
    with (
        following("filesystem://", transport_options=folders) as seen,
        sender("filesystem://", broker_transport_options=folders, event_serializer="pickle") as worker,
    ):
        seen.connected()
        worker.task("received")
        until(lambda: seen.take() is not None and bool(seen.broken), "it is counted")

    assert seen.broken[0].reason == "serializer"
