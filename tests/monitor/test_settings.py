"""From options to a Config."""

import re
from pathlib import Path
from typing import Any

import pytest

import flower_monitor
from flower_monitor import commandline, config, durations, settings
from flower_monitor.config import Config, User
from flower_monitor.exceptions import UsageError

OPTIONS: dict[str, Any] = {
    "broker": "redis://h/0",
    "broker_transport_options": None,
    "result_backend": None,
    "enable_events": True,
    "name": "flower",
    "namespace": None,
    "log_format": "text",
    "store": "store",
    "max_tasks": 10,
    "retention_age": "30d",
    "address": "",
    "port": 5555,
    "url_prefix": "",
    "basic_auth": None,
    "credentials_dir": None,
    "fleet_token_sha256": None,
}


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("3600", 3600), ("1.5", 1.5), ("90s", 90), ("5m", 300), ("720h", 2592000), ("30d", 2592000), ("1h30m", 5400)],
)
def test_durations_are_read_as_people_and_kubernetes_write_them(text: str, seconds: float) -> None:
    assert durations.seconds(text) == seconds


@pytest.mark.parametrize("text", ["", "soon", "5 m", "h", "-5s", "5y", "1h30"])
def test_other_texts_are_no_durations(text: str) -> None:
    with pytest.raises(ValueError, match="no duration"):
        durations.seconds(text)


def test_age_0_is_for_ever() -> None:
    assert settings.parse_age("0") is None


def test_several_users_may_be_given_and_a_password_may_hold_a_colon() -> None:
    assert settings.parse_users("a:b,c:d:e") == (User("a", "b"), User("c", "d:e"))


@pytest.mark.parametrize("text", ["a", "a:", ":b", "a:b,"])
def test_half_a_user_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(UsageError, match="--basic-auth: give user:password"):
        settings.parse_users(text)


@pytest.mark.parametrize(("text", "prefix"), [("", ""), ("/", ""), ("flower", "/flower"), ("/a/b/", "/a/b")])
def test_a_prefix_begins_with_a_slash_and_ends_with_none(text: str, prefix: str) -> None:
    assert settings.parse_prefix(text) == prefix


def test_without_users_a_password_is_generated_each_time_anew() -> None:
    first, password = settings.make(OPTIONS)
    _, other = settings.make(OPTIONS)

    assert first.users == (User("flower", password or ""),)
    assert password != other


@pytest.mark.parametrize("given", [{"basic_auth": "a:b"}, {"credentials_dir": Path("/")}])
def test_with_users_none_is_generated(given: dict[str, Any]) -> None:
    made, password = settings.make({**OPTIONS, **given})

    assert password is None
    assert User("flower", "") not in made.users


def test_a_config_comes_out_of_the_pipe_as_it_went_in() -> None:
    made, _ = settings.make({**OPTIONS, "credentials_dir": Path("/creds"), "basic_auth": "a:b"})

    assert config.load(config.dump(made)) == made


def test_service_links_are_found_by_their_value() -> None:
    environment = {"FLOWER_PORT": "tcp://10.0.0.1:5555", "FLOWER_NAME": "x", "OTHER": "tcp://10.0.0.1:1"}

    assert commandline.service_links(environment, "FLOWER_") == ["FLOWER_PORT"]


def test_the_version_is_the_distributions() -> None:
    project = (Path(__file__).parents[2] / "pyproject.toml").read_text()

    assert re.findall(r'^version = "(.*)"', project, re.MULTILINE) == [flower_monitor.__version__]


def test_every_option_is_a_field_of_the_config() -> None:
    """What is read and then forgotten is a field without effect."""
    named = {"broker": "broker_url", "broker_transport_options": "transport_options", "basic_auth": "users"}

    assert {named.get(name, name) for name in OPTIONS} <= set(Config.__struct_fields__)
