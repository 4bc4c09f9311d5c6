"""Names of `flowerconfig.py` to options."""

import logging
from pathlib import Path
from typing import Any

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


@pytest.mark.parametrize(("value", "kind"), [({}, "dict"), (object(), "object")])
def test_a_value_that_no_option_has_is_refused(value: object, kind: str) -> None:
    with pytest.raises(UsageError, match=f"port in flowerconfig.py can't be {kind}"):
        options(port=value)


@pytest.mark.parametrize(("value", "text"), [(True, "true"), ({"a": 1}, '{"a": 1}'), ('{"b": 2}', '{"b": 2}')])
def test_options_that_are_json_may_be_given_as_text_or_as_data(value: object, text: str) -> None:
    assert options(broker_transport_options=value) == {"broker_transport_options": text}
