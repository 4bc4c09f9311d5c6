"""Credentials of a mounted Secret follow its changes."""

import base64
import logging
from pathlib import Path

import pytest

from flower_monitor.web.credential_files import CHECK_INTERVAL, CredentialFiles
from flower_monitor.web.credentials import authenticate


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def put(folder: Path, **files: str) -> None:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


def may_enter(files: CredentialFiles, name: str, password: str) -> bool:
    header = b"Basic " + base64.b64encode(f"{name}:{password}".encode())
    return authenticate(header, files.current()) is not None


def test_username_and_password_let_in_without_the_line_end_of_an_editor(tmp_path: Path) -> None:
    put(tmp_path, username="admin\n", password="old\n")

    assert may_enter(CredentialFiles(tmp_path), "admin", "old")


def test_the_token_lets_in(tmp_path: Path) -> None:
    put(tmp_path, token="abc")

    assert authenticate(b"Bearer abc", CredentialFiles(tmp_path).current()) is not None


def test_a_changed_password_locks_the_old_one_out(tmp_path: Path) -> None:
    clock = Clock()
    put(tmp_path, username="admin", password="old")
    files = CredentialFiles(tmp_path, clock)
    assert may_enter(files, "admin", "old")

    put(tmp_path, password="newer")
    clock.now += CHECK_INTERVAL

    assert not may_enter(files, "admin", "old")
    assert may_enter(files, "admin", "newer")


def test_those_before_a_rotation_let_in_until_they_are_removed(tmp_path: Path) -> None:
    clock = Clock()
    put(
        tmp_path, username="admin", password="new", token="new-token", previousPassword="old", previousToken="old-token"
    )
    files = CredentialFiles(tmp_path, clock)
    assert [may_enter(files, "admin", password) for password in ("new", "old", "other")] == [True, True, False]
    assert authenticate(b"Bearer old-token", files.current()) is not None

    for name in ("previousPassword", "previousToken"):
        (tmp_path / name).unlink()
    clock.now += CHECK_INTERVAL

    assert [may_enter(files, "admin", password) for password in ("new", "old")] == [True, False]
    assert authenticate(b"Bearer old-token", files.current()) is None


def test_a_switched_link_is_a_change(tmp_path: Path) -> None:
    """Kubernetes replaces the whole folder of a Secret behind a symbolic link."""
    clock = Clock()
    for version in ("one", "two"):
        (tmp_path / version).mkdir()
        put(tmp_path / version, username="admin", password=version)
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "one")
    files = CredentialFiles(link, clock)
    assert may_enter(files, "admin", "one")

    link.unlink()
    link.symlink_to(tmp_path / "two")
    clock.now += CHECK_INTERVAL

    assert may_enter(files, "admin", "two")
    assert not may_enter(files, "admin", "one")


def test_files_that_are_missing_let_nobody_in_and_are_reported(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        assert CredentialFiles(tmp_path / "late").current().users == ()

    assert "nobody can log in until it holds username and password, or token" in caplog.text


def test_a_secret_that_appears_late_lets_in(tmp_path: Path) -> None:
    clock = Clock()
    files = CredentialFiles(tmp_path, clock)
    assert not may_enter(files, "admin", "late")

    put(tmp_path, username="admin", password="late")
    clock.now += CHECK_INTERVAL

    assert may_enter(files, "admin", "late")


def test_a_user_without_password_is_nobody(tmp_path: Path) -> None:
    put(tmp_path, username="admin", password="")

    assert not may_enter(CredentialFiles(tmp_path), "admin", "")


def test_files_are_not_looked_at_more_than_once_a_second(tmp_path: Path) -> None:
    clock = Clock()
    files = CredentialFiles(tmp_path, clock)
    files.current()

    put(tmp_path, username="admin", password="x")
    clock.now += CHECK_INTERVAL / 2

    assert not may_enter(files, "admin", "x")


def test_no_password_reaches_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    put(tmp_path, username="admin", password="hunter2", token="tok3n")

    with caplog.at_level(logging.DEBUG):
        CredentialFiles(tmp_path).current()

    assert "credentials read" in caplog.text
    assert "hunter2" not in caplog.text
    assert "tok3n" not in caplog.text
