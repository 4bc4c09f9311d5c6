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
        ("sentinel://:secret@a/2;sentinel://b:7000;c:1", "sentinel://a:26379,b:7000,c:1/2"),
        ("filesystem://", "filesystem://"),
        ("mongodb://user:secret@host:1,other/db", "mongodb://host"),
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
        ("zookeeper://key:secret@", "'zookeeper' is not supported; supported are redis"),
        ("sqs://key:secret@", "'sqs' can't be followed: Celery sends no events over it"),
        ("sqla+sqlite:///secret", "'sqla.sqlite' can't be followed"),
        ("memory://secret", "lives inside one process"),
        ("localhost:secret", "not a URL"),
        ("redis://:secret@h/x", "number of a Redis database"),
        ("redis://:secret@h:port/0", "Port could not be cast"),
        ("redis://:secret@h:99999/0", "out of range"),
        ("redis+socket://:secret@", "needs the path"),
        ("amqp://a:secret@h//;redis://b:secret@h2", "different kinds of brokers"),
        ("redis://:secret@h/0;sentinel://h2", "different kinds of brokers"),
        ("amqp://:secret@h;:5", "has no host"),
    ],
)
def test_what_cannot_be_used_is_refused_without_showing_the_password(text: str, says: str) -> None:
    with pytest.raises(UsageError, match=says) as refused:
        url.parse(text)

    assert str(refused.value).startswith("--broker: ")
    assert "secret" not in str(refused.value)


def test_several_urls_are_tried_in_their_order_each_with_its_own_login() -> None:
    first, second, third = url.parse_all("amqp://a:1@h1/v;amqp://b:2@h2:7/w;h3")

    assert (first.host, first.user, first.virtual_host) == ("h1", "a", "v")
    assert (second.host, second.port, second.password, second.virtual_host) == ("h2", 7, "2", "w")
    assert (third.host, third.port, third.user, third.virtual_host) == ("h3", 5672, "a", "v")


def test_sentinels_are_one_broker() -> None:
    (broker,) = url.parse_all("sentinel://:pw@a:1/3;sentinel://b:2")

    assert broker.sentinels == (("a", 1), ("b", 2))
    assert (broker.password, broker.virtual_host, broker.kind) == ("pw", "3", "redis")


@pytest.mark.parametrize("names", [{"ca_certs": "ca", "cert_reqs": 2}, {"ssl_ca_certs": "ca", "ssl_cert_reqs": 2}])
def test_options_of_celery_count_as_those_of_the_url_whose_own_win(names: dict[str, object]) -> None:
    broker = url.parse("redis://h/0?ssl_keyfile=k", {**names, "keyfile": "other"})

    assert broker.tls
    assert broker.query == {"ssl_ca_certs": "ca", "ssl_cert_reqs": "2", "ssl_keyfile": "k"}


def test_tls_can_be_asked_for_without_options() -> None:
    assert url.parse("amqp://h", True).tls
    assert not url.parse("amqp://h", False).tls


@pytest.mark.parametrize(
    ("text", "kombus"),
    [
        ("redis://:pw@h/1", "redis://:pw@h/1"),
        ("rediss://:pw@h/1?ssl_ca_certs=/ca&ssl_cert_reqs=none", "rediss://:pw@h/1"),
        ("redis+socket:///s?virtual_host=2&ssl_x=1", "redis+socket:///s?virtual_host=2"),
        ("amqp://a:b@h1//v;h2:5", "amqp://a:b@h1//v;amqp://a:b@h2:5//v"),
        ("sentinel://h1/2;h2", "sentinel://h1/2;sentinel://h2/2"),
    ],
)
def test_kombu_gets_each_url_whole(text: str, kombus: str) -> None:
    assert url.for_kombu(text) == kombus
