"""Every option of Flower is honoured, or refused with a reason, or said to be without effect; none silently."""

from pathlib import Path

import click
import pytest

from flower_monitor import command
from flower_monitor.exceptions import UsageError
from flower_monitor.flower_options import IDLE, REFUSED

#: Those of Flower 2.2.0, flower/options.py.
FLOWERS = (
    *("port", "address", "unix_socket", "debug", "inspect_timeout", "auth", "basic_auth", "oauth2_key"),
    *("oauth2_secret", "oauth2_redirect_uri", "max_workers", "max_tasks", "db", "persistent", "state_save_interval"),
    *("broker_api", "ca_certs", "certfile", "keyfile", "xheaders", "auto_refresh", "purge_offline_workers"),
    *("cookie_secret", "conf", "enable_events", "format_task", "natural_time", "tasks_columns", "auth_provider"),
    *("url_prefix", "task_runtime_metric_buckets", "read_only"),
    # Tornado's.
    *("logging", "log_to_stderr", "log_file_prefix", "log_file_max_size", "log_file_num_backups"),
    *("log_rotate_when", "log_rotate_interval", "log_rotate_mode"),
)


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def configured(*arguments: str) -> None:
    """Do everything but start."""

    def configure(context: click.Context) -> None:
        command.configure(context)

    made = command.program(configure)
    made.main(["--broker=redis://h/0", *arguments], prog_name="flower-monitor", standalone_mode=False)


def test_all_of_flowers_options_are_known() -> None:
    known = {str(parameter.name) for parameter in command.program(lambda _: None).params}

    assert set(FLOWERS) <= known


@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_option_of_the_command_line_ends_the_start(name: str) -> None:
    with pytest.raises(UsageError, match=f"^--{name.replace('_', '-')}: "):
        configured(f"--{name}=x")


@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_variable_ends_the_start(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    variable = f"FLOWER_{name.upper()}"
    monkeypatch.setenv(variable, "x")

    with pytest.raises(UsageError, match=rf"^--{name.replace('_', '-')} \(from {variable}\): "):
        configured()


@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_line_of_the_file_ends_the_start(name: str, tmp_path: Path) -> None:
    (tmp_path / "flowerconfig.py").write_text(f"{name} = 'x'\n")

    with pytest.raises(UsageError, match=rf"^--{name.replace('_', '-')} \(from flowerconfig.py\): "):
        configured()


def test_a_function_that_formats_tasks_is_refused_with_what_hides_texts(tmp_path: Path) -> None:
    (tmp_path / "flowerconfig.py").write_text("def format_task(task):\n    return task\n")

    with pytest.raises(UsageError, match=r"--format-task .*--redact"):
        configured()


@pytest.mark.parametrize("name", IDLE)
def test_an_option_without_effect_is_told(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    configured(f"--{name}=x")

    assert f"Warning: --{name.replace('_', '-')} has no effect: {IDLE[name]}" in capsys.readouterr().err


def test_what_is_done_anyway_is_taken_in_silence(capsys: pytest.CaptureFixture[str]) -> None:
    configured("--persistent=True", "--auth=", "--basic_auth=a:b")

    assert capsys.readouterr().err == ""


def test_patience_that_is_more_than_there_is_does_not_keep_it_from_starting(capsys: pytest.CaptureFixture[str]) -> None:
    configured("--inspect_timeout=30000", "--basic_auth=a:b")

    assert "--inspect-timeout: workers are waited for 10000 ms at most" in capsys.readouterr().err


def test_history_can_not_be_switched_off_and_that_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    configured("--persistent=False")

    assert "Warning: --persistent: history is always kept" in capsys.readouterr().err


@pytest.mark.parametrize(("value", "told"), [("true", True), ("1", True), ("false", False), ("", False)])
def test_the_api_is_never_open_and_that_is_told(
    value: str, told: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FLOWER_UNAUTHENTICATED_API", value)

    configured()

    assert ("FLOWER_UNAUTHENTICATED_API has no effect: the API is never open" in capsys.readouterr().err) is told


def test_a_misspelt_variable_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("FLOWER_MAX_TASK", "5")

    configured()

    assert "FLOWER_MAX_TASK is no option and is ignored. Did you mean FLOWER_MAX_TASKS?" in capsys.readouterr().err


def test_a_variable_for_the_broker_is_told_how_it_is_called(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FLOWER_BROKER_URL", "redis://h")

    configured()

    assert "FLOWER_BROKER_URL is no option and is ignored: the option is broker (--broker," in capsys.readouterr().err


@pytest.mark.parametrize("name", ["FLOWER_SERVICE_PORT", "FLOWER_PORT_5555_TCP_ADDR", "FLOWER_OPERATOR_NAME"])
def test_variables_of_others_are_left_alone(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(name, "5")

    configured()

    assert name not in capsys.readouterr().err
