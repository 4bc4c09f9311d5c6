"""What is asked of Redis."""

from pathlib import Path
from typing import Any

import pytest

from flower_monitor.config import Config
from flower_monitor.receive import redis, url


def config(**transport: Any) -> Config:
    return Config(broker_url="redis://", store=Path("unused"), transport_options=transport)


@pytest.mark.parametrize(
    ("transport", "pattern"),
    [
        ({}, b"/3.celeryev/*"),
        ({"global_keyprefix": "team:"}, b"team:/3.celeryev/*"),
        ({"global_keyprefix": "a[b]*"}, b"a\\[b\\]\\*/3.celeryev/*"),
        ({"fanout_prefix": "/{db}/events."}, b"/3/events.celeryev/*"),
        ({"fanout_prefix": False}, b"celeryev/*"),
        ({"fanout_patterns": False}, b"/3.celeryev"),
    ],
)
def test_the_pattern_is_that_of_kombus_channels(transport: dict[str, Any], pattern: bytes) -> None:
    assert redis.pattern(url.parse("redis://h/3"), config(**transport)) == pattern


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        (b"-WRONGPASS invalid username-password pair\r\n", "refused the user name or password"),
        (b"-NOAUTH Authentication required.\r\n", "wants a password"),
        (b"-NOPERM this user has no permissions\r\n", "may not subscribe"),
        (b"-ERR max number of clients reached\r\n", "max number of clients reached"),
    ],
)
def test_a_refusal_says_what_to_do(reply: bytes, says: str) -> None:
    assert says in str(redis.refusal(reply))
