"""Broker URLs: kombu's rules, no credentials shown, and errors that say what to write."""

import pytest

from flower_monitor.exceptions import UsageError
from flower_monitor.receive import url


@pytest.mark.parametrize(
    ("text", "public"),
    [
        ("redis://", "redis://127.0.0.1:6379/0"),
        ("redis://:p%40ss@host/3", "redis://host:6379/3"),
        ("redis://user:secret@[::1]:7000/1", "redis://[::1]:7000/1"),
        ("rediss://:secret@host?ssl_cert_reqs=none", "rediss://host:6379/0"),
        ("redis+socket://:secret@/run/redis.sock?virtual_host=2", "redis+socket:///run/redis.sock"),
        ("amqp://guest:secret@host//", "amqp://host:5672/"),
        ("amqp://host/team", "amqp://host:5672/team"),
        ("amqps://host", "amqps://host:5671/"),
    ],
)
def test_a_url_is_shown_without_credentials_and_options(text: str, public: str) -> None:
    assert url.parse(text).public == public


@pytest.mark.parametrize(
    ("text", "database"),
    [("redis://h", "0"), ("redis://h/", "0"), ("redis://h/5", "5"), ("redis+socket:///s?virtual_host=4", "4")],
)
def test_redis_databases(text: str, database: str) -> None:
    assert url.parse(text).virtual_host == database


@pytest.mark.parametrize(
    ("text", "host"), [("amqp://h", "/"), ("amqp://h/", "/"), ("amqp://h//", "/"), ("amqp://h/a%2Fb", "a/b")]
)
def test_virtual_hosts_of_rabbitmq(text: str, host: str) -> None:
    assert url.parse(text).virtual_host == host


def test_credentials_are_decoded() -> None:
    broker = url.parse("amqp://us%3Aer:p%40ss%2Fword@h/")

    assert (broker.user, broker.password) == ("us:er", "p@ss/word")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("sqs://key:secret@", "'sqs' is not supported; supported are redis"),
        ("localhost:secret", "not a URL"),
        ("redis://:secret@h/x", "number of a Redis database"),
        ("redis://:secret@h:port/0", "Port could not be cast"),
        ("redis://:secret@h:99999/0", "out of range"),
        ("redis+socket://:secret@", "needs the path"),
        ("amqp://a:secret@h//;amqp://b:secret@h2//", "several URLs"),
    ],
)
def test_what_cannot_be_used_is_refused_without_showing_the_password(text: str, says: str) -> None:
    with pytest.raises(UsageError, match=says) as refused:
        url.parse(text)

    assert str(refused.value).startswith("--broker: ")
    assert "secret" not in str(refused.value)
