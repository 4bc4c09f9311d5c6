"""Where options are read from, and which of them wins."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import pytest
from celery import Celery

from flower_monitor import command
from flower_monitor.commandline import origin
from flower_monitor.exceptions import UsageError


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def parsed(*arguments: str, app: Any = None) -> dict[str, tuple[Any, str | None]]:
    """Option -> its value and where that was set."""
    found: dict[str, tuple[Any, str | None]] = {}

    def read(context: click.Context) -> None:
        for parameter in context.command.params:
            name = str(parameter.name)
            found[name] = (context.params.get(name), origin(context, parameter))

    command.program(read).main(list(arguments), prog_name="flower-monitor", standalone_mode=False, obj=app)
    return found


def test_the_command_line_wins_over_environment_file_and_app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "flowerconfig.py").write_text('broker = "redis://file"\nport = 3\naddress = "3"\nmax_tasks = 3\n')
    for name in ("FLOWER_BROKER", "FLOWER_PORT", "FLOWER_ADDRESS"):
        monkeypatch.setenv(name, "2")
    app = Celery("proj", broker="redis://app", backend="redis://results", set_as_current=False)

    found = parsed("--address=1", app=app)

    assert found["address"] == ("1", "command line")
    assert found["port"] == (2, "FLOWER_PORT")
    assert found["max_tasks"] == (3, "flowerconfig.py")
    assert found["result_backend"] == ("redis://results", "the app's result_backend")
    assert found["name"] == ("flower", None)


def test_the_file_wins_over_the_app(tmp_path: Path) -> None:
    (tmp_path / "other.py").write_text('broker = "redis://file"\n')
    app = Celery("proj", broker="redis://app", set_as_current=False)

    assert parsed("--conf=other.py", app=app)["broker"] == ("redis://file", "other.py")


@pytest.mark.parametrize(
    ("arguments", "value"),
    [
        (["--enable_events=False"], False),
        (["--enable-events=0"], False),
        (["--enable_events=True"], True),
        (["--no-enable-events"], False),
        (["--enable_events"], True),
    ],
)
def test_a_switch_takes_a_value_as_flowers_do(arguments: Sequence[str], value: bool) -> None:
    assert parsed(*arguments)["enable_events"] == (value, "command line")


def test_a_wrong_value_of_a_switch_is_refused() -> None:
    with pytest.raises(click.BadParameter, match="'maybe' is not a valid boolean"):
        parsed("--debug=maybe")


@pytest.mark.parametrize("value", ["True", "true", "1", "yes", "on"])
def test_switches_in_the_environment_are_read_as_flower_does(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLOWER_READ_ONLY", value)

    assert parsed()["read_only"] == (True, "FLOWER_READ_ONLY")


def test_a_wrong_value_is_told_with_the_variable_it_is_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLOWER_PORT", "many")

    with pytest.raises(click.BadParameter, match=r"'many' is not a valid integer range. \(from FLOWER_PORT\)"):
        parsed()


def test_a_wrong_value_is_told_with_the_file_it_is_from(tmp_path: Path) -> None:
    (tmp_path / "flowerconfig.py").write_text("port = 'many'\n")

    with pytest.raises(click.BadParameter, match=r"\(from flowerconfig.py\)"):
        parsed()


@pytest.mark.parametrize("name", ["logging", "loglevel"])
def test_levels_may_be_written_as_in_flowers_sample_file(name: str) -> None:
    assert parsed(f"--{name}=DEBUG")["logging"] == ("debug", "command line")


def test_a_file_that_is_named_must_be_there() -> None:
    with pytest.raises(UsageError, match=r"--conf: there is no file missing\.py"):
        parsed("--conf=missing.py")


def test_a_file_of_somebody_else_is_run_only_when_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "flowerconfig.py").write_text("port = 1\n")
    tmp_path.chmod(0o777)
    if os.getuid() == 0:
        os.chown(tmp_path / "flowerconfig.py", 12345, -1)
    else:
        monkeypatch.setattr(os, "geteuid", lambda: 12345)

    with pytest.raises(UsageError, match=r"--conf: .*flowerconfig.py belongs to user .*; to have it run, name it"):
        parsed()
    assert parsed("--conf=flowerconfig.py")["port"] == (1, "flowerconfig.py")


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a file away")
def test_a_file_of_somebody_else_is_run_where_only_we_can_have_put_it(tmp_path: Path) -> None:
    """As one that is mounted into a container."""
    (tmp_path / "flowerconfig.py").write_text("port = 1\n")
    os.chown(tmp_path / "flowerconfig.py", 12345, -1)
    tmp_path.chmod(0o755)

    assert parsed()["port"] == (1, "flowerconfig.py")


@pytest.mark.parametrize("suffix", ["", ".db", ".dir"])
def test_what_flower_kept_is_pointed_out_until_something_is_kept_here(
    suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / f"flower{suffix}").write_text("kept by Flower")
    db, store = str(tmp_path / "flower"), tmp_path / "flower.sqlite3"

    command.warn_flowers_file(db, store)
    told = capsys.readouterr().err
    store.touch()
    command.warn_flowers_file(db, store)

    assert f"flower-monitor import {db} --store {store}" in told
    assert capsys.readouterr().err == ""


def test_no_file_of_flowers_is_nothing_to_tell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command.warn_flowers_file(str(tmp_path / "flower"), tmp_path / "flower.sqlite3")

    assert capsys.readouterr().err == ""


def test_a_file_that_fails_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "flowerconfig.py").write_text("port = 1\nmax_tasks = 1 / 0\n")

    with pytest.raises(UsageError, match=r"--conf: flowerconfig.py, line 2: ZeroDivisionError"):
        parsed()


def test_a_file_may_compute_its_values(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "hush")
    (tmp_path / "flowerconfig.py").write_text("import logging, os\nbasic_auth = [f'me:{os.environ[\"SECRET\"]}']\n")

    found = parsed()

    assert found["basic_auth"] == (["me:hush"], "flowerconfig.py")
    assert found["logging"] == ("info", None)
