"""The commands beside the monitor itself, as people run them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from flower_monitor.web import passwords, tokens
from flower_monitor.web.credentials import Credentials, authenticate
from tests.support.patience import PATIENCE


def run(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    """What a command prints."""
    command = [sys.executable, "-m", "flower_monitor", *arguments]
    return subprocess.run(command, input=given, capture_output=True, text=True, timeout=PATIENCE, check=False)


def test_a_token_is_shown_once_and_kept_as_a_line_of_the_file() -> None:
    done = run("token", "ci", "--role", "operator", "--permission", "view", "--expires", "90d")

    shown = done.stderr.splitlines()[0].removeprefix("Authorization: ").encode()
    principal = authenticate(shown, Credentials(tokens=tokens.parse(done.stdout)), 1.0)
    assert principal is not None
    assert (principal.name, principal.role.name, [one.value for one in principal.only or ()]) == (
        "ci",
        "OPERATOR",
        ["view"],
    )


def test_the_token_is_not_in_what_is_kept() -> None:
    done = run("token", "ci")

    assert set(json.loads(done.stdout)) == {"name", "sha256"}
    assert done.stderr.splitlines()[0].rpartition(" ")[2] not in done.stdout


def test_a_password_is_hashed_from_stdin() -> None:
    done = run("hash-password", given="s3cret\n")

    assert passwords.fits(b"s3cret", done.stdout.strip().encode())


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["token"], "Missing argument 'NAME'"),
        (["token", "ci", "--role", "boss"], "'boss' is not one of"),
        (["token", "ci", "--expires", "soon"], "--expires"),
        (["hash-password"], "the password is empty"),
        (["import"], "Missing argument 'FILE'"),
        (["import", "nothing.db", "--store", "s.sqlite3"], "name the file as Flower's --db did"),
    ],
)
def test_what_is_wrong_is_told(
    arguments: list[str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    done = run(*arguments)

    assert done.returncode == 2
    assert told in done.stderr


def test_the_help_names_them() -> None:
    told = run("--help").stdout

    assert all(f"flower-monitor {name}" in told for name in ("config", "import", "token", "hash-password"))
