"""What is said about the broker."""

import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flower_monitor.receive.url import parse_all
from flower_operator.controller.checks import broker
from flower_operator.controller.findings import Finding, State
from flower_operator.controller.observation import Observation
from flower_operator.spec import Monitor

from .made import encoded, monitor

BY_SECRET = monitor(broker={"urlSecretRef": {"name": "orders-broker"}})


def refusal(subject: Monitor, secret: dict[str, str] | None = None) -> Finding:
    found = broker.check_url(subject, secret)
    assert isinstance(found, Finding)
    assert found.state is State.REFUSED
    return found


@pytest.mark.parametrize(
    "url",
    [
        "redis://redis:6379/0",
        "rediss://:secret@redis.example.com/1?ssl_cert_reqs=required",
        "amqp://user:secret@rabbitmq:5672//",
        "pyamqp://guest@localhost",
        "amqps://user:p%40ss@rabbitmq/team",
        "redis://[::1]:6379/0",
        "amqp://user:secret@one//;amqps://user:secret@two:5671//",
    ],
)
def test_a_usable_url_is_taken_as_it_is(url: str) -> None:
    assert broker.check_url(BY_SECRET, encoded(url=url)) == url


@pytest.mark.parametrize(
    "options",
    [{"transportOptions": {"master_name": "main"}}, {"transportOptionsSecretRef": {"name": "options"}}],
    ids=["named", "by a Secret"],
)
def test_sentinels_are_taken_with_a_master(options: dict[str, Any]) -> None:
    url = "sentinel://one:26379;sentinel://two:26379"
    assert broker.check_url(monitor(broker={"url": url, **options}), None) == url


def test_a_missing_secret_names_field_and_fix() -> None:
    found = refusal(BY_SECRET)
    assert found.reason == "SecretNotFound"
    assert "orders-broker in namespace team-a" in found.message
    assert "spec.broker.urlSecretRef.name" in found.message


def test_a_missing_key_names_field_and_the_keys_that_are_there() -> None:
    found = refusal(BY_SECRET, encoded(uri="redis://redis"))
    assert found.reason == "SecretKeyNotFound"
    assert "no key url (its keys: uri)" in found.message
    assert "spec.broker.urlSecretRef.key" in found.message


@pytest.mark.parametrize(
    ("url", "reason", "text"),
    [
        ("kafka://kafka:9092", "UnknownTransport", "'kafka'"),
        ("REDIS://redis", "UnknownTransport", "'REDIS'"),
        ("redis:6379", "InvalidBrokerUrl", "no transport"),
        ("redis://one;amqp://two", "InvalidBrokerUrl", "different kinds"),
        ("redis://:pass;word@host", "InvalidBrokerUrl", "Percent-encode it"),
        ("redis://:pass;kafka://@host", "InvalidBrokerUrl", "Percent-encode it"),
        ("redis://one;redis://", "InvalidBrokerUrl", "no valid host"),
        ("sentinel://one", "NoMasterName", "spec.broker.transportOptions.master_name"),
        ("", "InvalidBrokerUrl", "no transport"),
        ("redis://", "InvalidBrokerUrl", "no valid host"),
        ("redis://redis:port/0", "InvalidBrokerUrl", "no valid host and port"),
        ("redis://redis:99999/0", "InvalidBrokerUrl", "no valid host and port"),
        ("redis://:se#cret@redis:6379/0", "InvalidBrokerUrl", "percent-encoded"),
        ("redis://redis:6379/0\n", "InvalidBrokerUrl", "line break"),
    ],
)
def test_a_bad_url_says_why(url: str, reason: str, text: str) -> None:
    found = refusal(BY_SECRET, encoded(url=url))
    assert (found.reason, text in found.message) == (reason, True), found.message
    assert "urlSecretRef" in found.message or "orders-broker" in found.message


def test_bytes_that_are_no_text_are_refused() -> None:
    found = refusal(BY_SECRET, {"url": base64.b64encode(b"\xff\xfe").decode()})
    assert "not text" in found.message


PASSWORDS = st.text(st.characters(codec="ascii", exclude_categories=["C"]), min_size=8, max_size=40)
"""Each ends as no word of ours does: Hypothesis also draws the words that it finds in our sources."""


@given(PASSWORDS.map(lambda text: f"{text}Q7"))
def test_no_message_shows_what_may_be_a_password(text: str) -> None:
    """A Secret may hold a password where its URL should be; only what stands before :// is ever shown."""
    for url in (text, f"redis://:{text}@", f" {text}"):
        found = broker.check_url(BY_SECRET, encoded(url=url))
        if isinstance(found, Finding) and "://" not in text:
            assert text not in found.message.replace("redis://host:6379/0", "")


@pytest.mark.parametrize(("url", "kind"), [("rediss://h", "redis"), ("pyamqp://h", "amqp")])
def test_the_kind_of_a_broker(url: str, kind: str) -> None:
    assert broker.kind(url) == kind


@pytest.mark.parametrize(("scheme", "kind"), broker.TRANSPORTS.items())
def test_the_monitor_follows_every_transport_that_is_let_through(scheme: str, kind: str) -> None:
    one = f"{scheme}://user:secret@host:1234/0"

    assert {found.kind for found in parse_all(f"{one};{one}")} == {kind}


def test_without_a_pod_nobody_can_tell() -> None:
    assert broker.check_reachable(False, Observation(broker_state="connected"), {}).state is State.UNKNOWN


def test_a_monitor_that_was_not_asked_is_starting() -> None:
    assert broker.check_reachable(True, None, {}).state is State.STARTING
    assert broker.check_reachable(True, None, {"reason": "NotAsked", "message": ""}).state is State.STARTING


@pytest.mark.parametrize(
    ("reason", "state"),
    [("Connected", State.HOLDS), ("BrokerUnreachable", State.FAILING), ("MonitorUnreachable", State.UNKNOWN)],
)
def test_after_a_restart_the_last_answer_holds_until_the_next(reason: str, state: State) -> None:
    found = broker.check_reachable(True, None, {"reason": reason, "message": "as it was"})
    assert (found.state, found.reason, found.message) == (state, reason, "as it was")


@pytest.mark.parametrize(
    ("observation", "state", "reason"),
    [
        (Observation(broker_state="connected"), State.HOLDS, "Connected"),
        (Observation(broker_state="connecting"), State.STARTING, "Connecting"),
        (Observation(broker_state="disconnected", broker_error="refused"), State.FAILING, "BrokerUnreachable"),
        (Observation(broker_state="connecting", broker_error="bad password"), State.FAILING, "BrokerUnreachable"),
        (Observation(error="no answer in 5 s"), State.UNKNOWN, "MonitorUnreachable"),
    ],
)
def test_what_the_monitor_says_becomes_a_finding(observation: Observation, state: State, reason: str) -> None:
    found = broker.check_reachable(True, observation, {"reason": "Other", "message": ""})
    assert (found.state, found.reason) == (state, reason)


def test_an_unreachable_broker_says_why_and_where_to_look() -> None:
    found = broker.check_reachable(True, Observation(broker_state="disconnected", broker_error="WRONGPASS"), {})
    assert "WRONGPASS" in found.message
    assert "spec.broker" in found.message
