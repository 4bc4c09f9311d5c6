"""The socket that is served on."""

import socket
import stat
from pathlib import Path

import pytest

from flower_monitor import listeners
from flower_monitor.config import Config
from flower_monitor.exceptions import MonitorError


def config(**fields: object) -> Config:
    return Config(broker_url="redis://h", store=Path("unused"), **fields)  # type: ignore[arg-type]  # by name


def test_a_unix_socket_takes_connections_of_everybody(tmp_path: Path) -> None:
    path = tmp_path / "flower.sock"
    with listeners.listen(config(unix_socket=path)), socket.socket(socket.AF_UNIX) as client:
        client.connect(str(path))

        assert stat.S_IMODE(path.stat().st_mode) == 0o666


def test_a_unix_socket_that_a_dead_process_left_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "flower.sock"
    listeners.unix(path).close()

    with listeners.unix(path), socket.socket(socket.AF_UNIX) as client:
        assert client.connect_ex(str(path)) == 0


def test_a_unix_socket_in_use_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "flower.sock"
    with listeners.unix(path), pytest.raises(MonitorError, match="--unix-socket: another program listens on"):
        listeners.unix(path)


def test_a_file_that_is_no_socket_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes"
    path.write_text("mine")

    with pytest.raises(MonitorError, match="is no socket"):
        listeners.unix(path)
    assert path.read_text() == "mine"


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"address": "127.0.0.1"}, "http://127.0.0.1:PORT/"),
        ({"address": "127.0.0.1", "url_prefix": "/f", "certfile": Path("/c")}, "https://127.0.0.1:PORT/f/"),
        ({"address": "::1"}, "http://[::1]:PORT/"),
        ({}, "http://localhost:PORT/"),
    ],
)
def test_people_are_told_where_it_is(fields: dict[str, object], told: str) -> None:
    made = config(port=0, **fields)
    with listeners.listen(made) as listener:
        assert listeners.where(listener, made) == told.replace("PORT", str(listener.getsockname()[1]))
