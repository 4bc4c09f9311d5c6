"""From options to a Config."""

import re
from pathlib import Path
from typing import Any

import pytest

import flower_monitor
from flower_monitor import command, commandline, config, durations, settings
from flower_monitor.config import Config, User
from flower_monitor.constants import METRIC_SETS
from flower_monitor.exceptions import UsageError
from flower_monitor.redact import Rule

OPTIONS: dict[str, Any] = {
    "broker": "redis://h/0",
    "broker_transport_options": None,
    "broker_use_ssl": None,
    "broker_api": None,
    "queues": None,
    "queue_type": "classic",
    "queue_expires": "24h",
    "queue_bytes": 256,
    "result_backend": None,
    "enable_events": True,
    "name": "flower",
    "namespace": None,
    "log_format": "text",
    "logging": "info",
    "debug": False,
    "store": "store",
    "db": "flower",
    "max_tasks": 10,
    "retention_age": "30d",
    "retention_bytes": "80%",
    "redact": None,
    "redact_file": None,
    "roles": None,
    "auth": None,
    "auth_provider": None,
    "oauth2_key": None,
    "oauth2_secret": None,
    "oauth2_redirect_uri": None,
    "oauth2_base_url": None,
    "oauth2_groups": None,
    "oauth2_min_access_level": None,
    "oauth2_name_claim": "email",
    "cookie_secret": None,
    "token_file": None,
    "max_args": 10,
    "max_kwargs": 10,
    "max_result": 10,
    "max_exception": 10,
    "max_traceback": 10,
    "rollup_age": "90d",
    "inspect_timeout": 1000.0,
    "autoscale_file": None,
    "autoscale_webhook_secret_file": None,
    "autoscale_token_sha256": None,
    "pods_file": None,
    "purge_offline_workers": 86400.0,
    "task_runtime_metric_buckets": None,
    "read_only": False,
    "unix_socket": None,
    "certfile": None,
    "keyfile": None,
    "ca_certs": None,
    "xheaders": False,
    "trusted_proxies": None,
    "address": "",
    "port": 5555,
    "url_prefix": "",
    "basic_auth": None,
    "credentials_dir": None,
    "fleet_token_sha256": None,
    "fleet_public_key": None,
    "metrics": "flower,own",
    "metrics_max_series": 1000,
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


@pytest.mark.parametrize(
    ("text", "size"),
    [("1000", 1000), ("8Gi", 8 << 30), ("1GiB", 1 << 30), ("500M", 500_000_000), ("1.5k", 1500), ("2 Ki", 2048)],
)
def test_sizes_are_read_as_people_and_kubernetes_write_them(text: str, size: int) -> None:
    assert settings.parse_bytes(text) == size
    assert settings.parse_share(text) is None


def test_a_size_may_be_a_part_of_the_volume_or_none() -> None:
    assert (settings.parse_bytes("80%"), settings.parse_share("80%")) == (None, 0.8)
    assert (settings.parse_bytes("0"), settings.parse_share("0")) == (None, None)


@pytest.mark.parametrize("text", ["", "much", "8X", "-1", "120%", "5.5.5"])
def test_other_texts_are_no_sizes(text: str) -> None:
    with pytest.raises(UsageError, match=r"--retention-bytes: .* write "):
        settings.parse_bytes(text)


@pytest.mark.parametrize("text", ["soon", "59m", "0"])
def test_rollups_are_kept_for_an_hour_at_least(text: str) -> None:
    with pytest.raises(UsageError, match="--rollup-age"):
        settings.parse_rollup_age(text)


def test_redaction_rules_are_a_list_or_one(tmp_path: Path) -> None:
    (tmp_path / "rules").write_text('[{"task": "pay.*"}, {"pattern": "x"}]')

    made, _ = settings.make({**OPTIONS, "redact": '{"argument": "password"}', "redact_file": tmp_path / "rules"})

    assert made.redact == (Rule(argument="password"), Rule(task="pay.*"), Rule(pattern="x"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("password", "--redact: JSON is malformed.*give a JSON list"),
        ('[{"argument": 5}]', r"--redact: Expected `str \| null`, got `int` - at `\$\[0\].argument`"),
        ('[{"kwarg": "x"}]', "--redact: Object contains unknown field `kwarg`"),
        ('[{"pattern": "x"}, {"pattern": "("}]', r"--redact: rule 2: '\(' is no regular expression: missing \)"),
    ],
)
def test_a_bad_rule_is_refused_at_the_start(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        settings.make({**OPTIONS, "redact": text})


def test_a_file_of_rules_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=f"--redact-file: {tmp_path}/no can't be read: "):
        settings.make({**OPTIONS, "redact_file": tmp_path / "no"})


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


@pytest.mark.parametrize(("text", "names"), [(None, ()), ("", ()), ("a", ("a",)), (" a, b ,,a", ("a", "b"))])
def test_queues_are_separated_by_commas(text: str | None, names: tuple[str, ...]) -> None:
    assert settings.parse_queues(text) == names


def test_the_management_api_is_checked_at_the_start() -> None:
    made, _ = settings.make({**OPTIONS, "broker_api": "http://u:p@h:15672/api"})

    assert made.broker_api == "http://u:p@h:15672/api"
    with pytest.raises(UsageError, match="--broker-api"):
        settings.make({**OPTIONS, "broker_api": "h:15672"})


@pytest.mark.parametrize(("broker", "warned"), [("redis://h/0", True), ("amqp://h//", False)])
def test_an_option_without_effect_is_told(broker: str, warned: bool, capsys: pytest.CaptureFixture[str]) -> None:
    made, _ = settings.make({**OPTIONS, "broker": broker, "broker_api": "http://u:hunter2@h:15672/api"})

    command.warn_unused(made)

    said = capsys.readouterr().err
    assert ("--broker-api is not used" in said) is warned
    assert "hunter2" not in said


def test_service_links_are_found_by_their_value() -> None:
    environment = {"FLOWER_PORT": "tcp://10.0.0.1:5555", "FLOWER_NAME": "x", "OTHER": "tcp://10.0.0.1:1"}

    assert commandline.service_links(environment, "FLOWER_") == ["FLOWER_PORT"]


def test_the_version_is_the_distributions() -> None:
    project = (Path(__file__).parents[2] / "pyproject.toml").read_text()

    assert re.findall(r'^version = "(.*)"', project, re.MULTILINE) == [flower_monitor.__version__]


def test_every_option_is_a_field_of_the_config() -> None:
    """What is read and then forgotten is a field without effect."""
    named = {
        "broker": "broker_url",
        "broker_transport_options": "transport_options",
        "basic_auth": "users",
        "redact_file": "redact",
        "logging": "log_level",
        "debug": "log_level",
        "db": "store",
        "xheaders": "trusted_proxies",
        "auth": "oauth",
        "auth_provider": "oauth",
    }
    checked = {"task_runtime_metric_buckets"}

    names = OPTIONS.keys() - checked
    found = {"oauth" if name.startswith("oauth2_") else named.get(name, name) for name in names}

    assert found <= set(Config.__struct_fields__)


PROVIDER = {
    "auth_provider": "oidc",
    "auth": "*@example.com|ann@other.org",
    "oauth2_key": "id",
    "oauth2_secret": "s3cret",
    "oauth2_redirect_uri": "https://flower.example.com/login",
    "oauth2_base_url": "https://issuer.example.com/",
}


def test_a_provider_needs_no_password_of_ours() -> None:
    made, password = settings.make({**OPTIONS, **PROVIDER})

    assert password is None
    assert made.oauth is not None
    assert made.oauth.allowed == ("*@example.com", "ann@other.org")
    assert made.oauth.base_url == "https://issuer.example.com"


@pytest.mark.parametrize(
    ("given", "provider", "base_url"),
    [
        ({"auth_provider": "flower.views.auth.GoogleAuth2LoginHandler"}, "google", "https://accounts.google.com"),
        ({"auth_provider": "flower.views.auth.GithubLoginHandler"}, "github", "https://github.com"),
        ({"auth_provider": "GitLab", "oauth2_base_url": "git.example.com"}, "gitlab", "https://git.example.com"),
        ({"auth_provider": "okta", "oauth2_base_url": "https://x.okta.com/oauth2"}, "okta", "https://x.okta.com"),
    ],
)
def test_flowers_names_of_providers_are_known(given: dict[str, str], provider: str, base_url: str) -> None:
    made, _ = settings.make({**OPTIONS, **PROVIDER, "oauth2_base_url": None, **given})

    assert made.oauth is not None
    assert (made.oauth.provider, made.oauth.base_url) == (provider, base_url)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"auth_provider": "my.module.Handler"}, "--auth-provider: 'my.module.Handler' is not known"),
        ({"auth_provider": None}, "--auth is for a login provider: name it with --auth-provider"),
        ({"oauth2_secret": ""}, "--oauth2-secret is missing"),
        ({"auth": ""}, "--auth is missing"),
        ({"auth": "*@*.com"}, "--auth: .* in the domain"),
        ({"auth": r".*@example\.com"}, "--auth: .* would fit nobody: it is a regular expression"),
        ({"auth": ".+@(a|b).com"}, "--auth: .* would fit nobody: it is a regular expression"),
        ({"auth": "^ann@example.com$"}, "--auth: .* would fit nobody: it is a regular expression"),
        ({"oauth2_redirect_uri": "flower/login"}, "--oauth2-redirect-uri: .*https://host/login"),
        ({"url_prefix": "/flower"}, "--oauth2-redirect-uri: .*https://host/flower/login"),
        ({"oauth2_base_url": None}, "--oauth2-base-url is missing"),
    ],
)
def test_what_a_provider_lacks_is_told_at_the_start(given: dict[str, str | None], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        settings.make({**OPTIONS, **PROVIDER, **given})


def test_workers_are_waited_for_as_long_as_there_is_patience_at_most() -> None:
    made, _ = settings.make({**OPTIONS, "inspect_timeout": 30_000.0})

    assert made.inspect_timeout == 10.0


def test_roles_that_make_no_sense_are_refused() -> None:
    with pytest.raises(UsageError, match=r"--roles: .*give JSON such as"):
        settings.make({**OPTIONS, "roles": "admin=ann"})


def test_a_file_of_tokens_is_looked_through_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "tokens").write_text('{"name": "ci"}')

    with pytest.raises(UsageError, match=r"--token-file: .*line 1: .*sha256"):
        settings.make({**OPTIONS, "token_file": tmp_path / "tokens"})


@pytest.mark.parametrize(
    ("text", "sets"),
    [
        ("own", ("own",)), ("own, flower", ("flower", "own")), ("flower,flower,", ("flower",)), ("all", METRIC_SETS),
        ("own,all", METRIC_SETS),
    ],
)  # fmt: skip
def test_sets_of_metrics_are_named_with_commas(text: str, sets: tuple[str, ...]) -> None:
    assert settings.parse_metrics(text) == sets


@pytest.mark.parametrize("text", ["flowers", "flower;own", "Flower", "", ","])
def test_a_set_of_metrics_that_does_not_exist_is_refused_with_those_that_do(text: str) -> None:
    with pytest.raises(UsageError, match=r"--metrics: .* flower, datadog, exporter, tasks, own, or all"):
        settings.parse_metrics(text)
