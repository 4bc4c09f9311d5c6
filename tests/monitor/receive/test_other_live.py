"""Transports that only kombu knows: one that real workers can share, and what is refused with the reason."""

import contextlib
import uuid
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Folders:
    """A broker that is a folder. What is sent gets there by `deliver`: kombu takes files that are still being written,
    finds them empty, and loses them."""

    place: Path

    def options(self, out: str) -> dict[str, str | float]:
        """kombu's, for one that writes into a folder."""
        folders = {"data_folder_in": "in", "data_folder_out": out, "control_folder": "control"}
        return {key: str(self.place / name) for key, name in folders.items()} | {"polling_interval": 0.05}

    @property
    def monitor(self) -> dict[str, str | float]:
        """Options of the monitor."""
        return self.options("in")

    @property
    def worker(self) -> dict[str, str | float]:
        """Options of who sends."""
        return self.options("out")

    def deliver(self) -> None:
        """Hand over what was sent, each file whole."""
        for file in (self.place / "out").iterdir():
            file.rename(self.place / "in" / file.name)


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    """A broker that is a folder."""
    for name in ("in", "out", "control"):
        (tmp_path / name).mkdir()
    return Folders(tmp_path)


def test_events_come_by_files(folders: Folders) -> None:
    with (
        following("filesystem://", transport_options=folders.monitor) as seen,
        sender("filesystem://", broker_transport_options=folders.worker) as worker,
    ):
        seen.connected()
        worker.task()
        folders.deliver()
        until(lambda: seen.take() is not None and len(seen.events) == 3, "files come in no order")
        status = seen.feed.link.status

    assert {event.type for event in seen.events} == {"task-received", "task-started", "task-succeeded"}
    assert (status.kind, status.mode, status.url) == ("filesystem", "consumer", "filesystem://")


def test_a_full_buffer_leaves_them_in_the_folder(folders: Folders) -> None:
    with (
        following("filesystem://", transport_options=folders.monitor, buffer_bytes=0) as seen,
        sender("filesystem://", broker_transport_options=folders.worker) as worker,
    ):
        seen.connected()
        tasks = [worker.task() for _ in range(3)]
        folders.deliver()
        until(lambda: seen.feed.waiting() > 0, "one is taken in")
        assert list((folders.place / "in").glob("*.msg"))
        until(lambda: seen.take() is not None and len(seen.events) == 9, "all of them")

    assert {event.uuid for event in seen.events} == set(tasks)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    missing = {"data_folder_in": str(tmp_path / "no"), "data_folder_out": str(tmp_path / "no")}
    with following("filesystem://", transport_options={**missing, "control_folder": str(tmp_path)}) as seen:
        seen.disconnected()


def test_a_message_of_another_serializer_is_counted(folders: Folders) -> None:
    with (
        following("filesystem://", transport_options=folders.monitor) as seen,
        sender("filesystem://", broker_transport_options=folders.worker, event_serializer="pickle") as worker,
    ):
        seen.connected()
        worker.task("received")
        folders.deliver()
        until(lambda: seen.take() is not None and bool(seen.broken), "it is counted")

    assert seen.broken[0].reason == "serializer"
