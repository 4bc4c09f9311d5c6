"""Names of `flowerconfig.py` to options."""

import logging
import sys
from pathlib import Path
from typing import Any

import click
import pytest

from flower_monitor import conf_file
from flower_monitor.exceptions import UsageError

KNOWN = {"port", "max_tasks", "basic_auth", "broker_transport_options", "trusted_proxies", "logging", "format_task"}


def options(**names: Any) -> dict[str, Any]:
    return conf_file.options(names, KNOWN, "flowerconfig.py")


def test_values_become_those_of_a_command_line() -> None:
    found = options(
        port=5556,
        basic_auth=["a:b,c"],
        broker_transport_options={"global_keyprefix": "x:"},
        trusted_proxies=("10.0.0.1", "10.0.0.2"),
        max_tasks=None,
    )

    assert found == {
        "port": 5556,
        "basic_auth": ["a:b,c"],
        "broker_transport_options": '{"global_keyprefix": "x:"}',
        "trusted_proxies": "10.0.0.1,10.0.0.2",
    }


def test_what_was_imported_or_defined_is_no_option() -> None:
    assert options(logging=logging, os=Path, helper=lambda: None, COLOURS={}, _port=5, people=["a"]) == {}


def test_a_function_that_formats_tasks_is_one() -> None:
    assert "format_task" in options(format_task=lambda task: task)


@pytest.mark.parametrize(("name", "meant"), [("prot", "port"), ("max_task", "max_tasks"), ("basicauth", "basic_auth")])
def test_a_misspelt_option_is_refused_with_what_was_meant(name: str, meant: str) -> None:
    with pytest.raises(UsageError, match=f"{name} in flowerconfig.py is no option; did you mean {meant}"):
        options(**{name: 1})


CODE = """
import os
broker_user, broker_pass = "guest", "a/b"
ports = (5556, 5557)
prefix = os.path.basename(os.path.dirname(__file__))
broker_api = f"http://{broker_user}:{broker_pass}@rabbit:15672/api/"
port = ports[0]
url_prefix = prefix
"""


def read(path: Path, *known: str) -> dict[str, Any]:
    """What `--conf` takes of a file."""
    found: dict[str, Any] = {}
    command = click.Command("x", params=[click.Option([f"--{name}", name]) for name in known])
    context = click.Context(command)
    conf_file.read_option(context, command.params[0], str(path))
    found.update(context.default_map or {})
    return found


def test_what_a_file_names_for_its_own_use_is_no_misspelt_option(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when it is named by a path that begins where the monitor is started."""
    (tmp_path / "team").mkdir()
    (tmp_path / "team" / "flowerconfig.py").write_text(CODE)
    monkeypatch.chdir(tmp_path / "team")

    found = read(Path("flowerconfig.py"), "broker_api", "broker_use_ssl", "port", "url_prefix")

    assert found == {"broker_api": "http://guest:a/b@rabbit:15672/api/", "port": 5556, "url_prefix": "team"}


def test_a_file_may_import_what_the_monitor_does_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """main.py hides it from msgspec."""
    monkeypatch.setitem(sys.modules, "typing_extensions", None)
    (tmp_path / "conf.py").write_text("from typing_extensions import Literal\nport = 5556\n")

    assert read(tmp_path / "conf.py", "port") == {"port": 5556}


def test_an_import_of_flower_is_told_with_what_there_is_instead(tmp_path: Path) -> None:
    (tmp_path / "conf.py").write_text("\nfrom flower.utils.template import humanize\n")

    with pytest.raises(UsageError, match=r"conf.py, line 2: ModuleNotFoundError.*flower_monitor.*--redact"):
        read(tmp_path / "conf.py", "port")


def test_settings_of_celery_are_told_and_are_no_misspelt_options(capsys: pytest.CaptureFixture[str]) -> None:
    known = {"broker", "broker_use_ssl", "queue_expires"}

    assert conf_file.options({"broker_url": "redis://h", "timezone": "UTC"}, known, "celeryconfig.py") == {}
    assert "broker_url in celeryconfig.py is a setting of Celery's and has no effect" in capsys.readouterr().err


@pytest.mark.parametrize(("value", "kind"), [({}, "dict"), (object(), "object")])
def test_a_value_that_no_option_has_is_refused(value: object, kind: str) -> None:
    with pytest.raises(UsageError, match=f"port in flowerconfig.py can't be {kind}"):
        options(port=value)


@pytest.mark.parametrize(("value", "text"), [(True, "true"), ({"a": 1}, '{"a": 1}'), ('{"b": 2}', '{"b": 2}')])
def test_options_that_are_json_may_be_given_as_text_or_as_data(value: object, text: str) -> None:
    assert options(broker_transport_options=value) == {"broker_transport_options": text}
