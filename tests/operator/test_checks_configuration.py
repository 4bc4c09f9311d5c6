"""What is said about Secrets and rules that a FlowerMonitor names."""

from typing import Any

import pytest

import flower_operator
from flower_operator.controller.checks.configuration import check_configuration
from flower_operator.controller.findings import Finding, State

from .made import encoded, monitor

HASH = "$2y$05$abcdefghijklmnopqrstuuPqdpQpGLKXX7SbvuzKXdPMgXxf9QbDi"
USERS: dict[str, Any] = {"access": {"usersSecretRef": {"name": "people"}}}


def refusal(secrets: dict[str, dict[str, str]], **fields: Any) -> Finding:
    found = check_configuration(monitor(**fields), secrets)
    assert found.state is State.REFUSED
    return found


def test_a_monitor_that_names_nothing_lacks_nothing() -> None:
    assert check_configuration(monitor(), {}).state is State.HOLDS


NAMED: dict[str, tuple[str, dict[str, Any], str]] = {
    "management": (
        "spec.broker.managementUrlSecretRef",
        {"broker": {"url": "amqp://r", "managementUrlSecretRef": {"name": "s"}}},
        "url",
    ),
    "transport options": (
        "spec.broker.transportOptionsSecretRef",
        {"broker": {"url": "redis://r", "transportOptionsSecretRef": {"name": "s"}}},
        "transportOptions",
    ),
    "authority": (
        "spec.broker.tls.caSecretRef",
        {"broker": {"url": "redis://r", "tls": {"caSecretRef": {"name": "s"}}}},
        "ca.crt",
    ),
    "certificate": (
        "spec.broker.tls.clientCertSecretRef",
        {"broker": {"url": "redis://r", "tls": {"clientCertSecretRef": {"name": "s"}}}},
        "tls.crt, tls.key",
    ),
    "results": ("spec.resultBackend.urlSecretRef", {"resultBackend": {"urlSecretRef": {"name": "s"}}}, "url"),
    "rules": ("spec.redaction.rulesSecretRef", {"redaction": {"rulesSecretRef": {"name": "s"}}}, "rules.json"),
    "users": ("spec.access.usersSecretRef", {"access": {"usersSecretRef": {"name": "s"}}}, "users"),
    "tokens": ("spec.access.tokensSecretRef", {"access": {"tokensSecretRef": {"name": "s"}}}, "tokens"),
    "cookie": ("spec.access.cookieSecretRef", {"access": {"cookieSecretRef": {"name": "s"}}}, "cookie"),
    "provider": (
        "spec.access.oauth.clientSecretRef",
        {
            "access": {
                "oauth": {
                    "provider": "github",
                    "clientId": "c",
                    "clientSecretRef": {"name": "s"},
                    "redirectUri": "https://h/login",
                    "allowed": ["a"],
                }
            }
        },
        "clientSecret",
    ),
}


@pytest.mark.parametrize("case", sorted(NAMED))
def test_a_missing_secret_names_field_and_fix(case: str) -> None:
    field, fields, _ = NAMED[case]
    found = refusal({}, **fields)
    assert found.reason == "SecretNotFound"
    assert f"correct {field}.name" in found.message
    assert "no Secret s in namespace team-a" in found.message


@pytest.mark.parametrize("case", sorted(NAMED))
def test_a_missing_key_names_field_and_the_keys_that_are_there(case: str) -> None:
    field, fields, keys = NAMED[case]
    found = refusal({"s": encoded(other="x")}, **fields)
    assert found.reason == "SecretKeyNotFound"
    assert f"Secret s ({field}) lacks or has empty: {keys} (its keys: other)" in found.message


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "lacks or has empty"),
        ("# nobody\n", "holds no user"),
        (f"ann:{HASH}\nbob", "line 2 is not a name"),
        (f"a,b:{HASH}", "line 1 is not a name without comma"),
        ("ann:secret", "line 1 has no bcrypt hash"),
        (f"ann:{HASH}x", "line 1 has no bcrypt hash"),
        ("ann:$apr1$lZL6V/ci$eIMz/iKDkbtys/uU7LEK00", "line 1 has no bcrypt hash"),
    ],
)
def test_users_that_cannot_be_read_are_told_by_line_and_never_shown(text: str, why: str) -> None:
    found = refusal({"people": encoded(users=text)}, **USERS)
    assert why in found.message
    assert "secret" not in found.message
    assert "spec.access.usersSecretRef" in found.message


def test_users_that_are_no_text_are_refused() -> None:
    assert "is not text" in refusal({"people": {"users": "/w=="}}, **USERS).message


def test_users_by_htpasswd_are_taken() -> None:
    secrets = {"people": encoded(users=f"# people\r\nann:{HASH}\r\n\r\nbob@example.com:{HASH}")}
    assert check_configuration(monitor(**USERS), secrets).state is State.HOLDS


def test_a_pattern_that_python_does_not_take_is_told_by_its_place() -> None:
    found = refusal({}, redaction={"rules": [{"pattern": "[0-9]+"}, {"pattern": "("}]})
    assert found.reason == "InvalidRedaction"
    assert "spec.redaction.rules[1].pattern is no regular expression" in found.message


def test_a_version_that_is_newer_than_the_operator_is_not_started() -> None:
    found = refusal({}, version="99.0.0")
    assert found.reason == "VersionTooNew"
    assert "spec.version is 99.0.0" in found.message
    assert "Upgrade the operator first, or lower spec.version" in found.message


def test_the_operators_own_version_is_started() -> None:
    assert check_configuration(monitor(version=flower_operator.__version__), {}).state is State.HOLDS
