"""Telling systemd."""

import logging
import socket
from pathlib import Path

import pytest

from flower_monitor import notify
from tests.support.patience import PATIENCE


@pytest.mark.parametrize("abstract", [False, True])
def test_a_state_arrives(abstract: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"@{tmp_path}/notify" if abstract else f"{tmp_path}/notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(name.replace("@", "\0"))
        monkeypatch.setenv("NOTIFY_SOCKET", name)

        notify.tell("READY=1")

        systemd.settimeout(PATIENCE)
        assert systemd.recv(100) == b"READY=1"


def test_without_systemd_nothing_is_told(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)

    notify.tell("READY=1")

    assert [record for record in caplog.records if record.name == notify.__name__] == []


def test_a_systemd_that_is_gone_ends_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "gone"))

    with caplog.at_level(logging.WARNING):
        notify.tell("READY=1")

    assert "systemd could not be told READY=1" in caplog.text
