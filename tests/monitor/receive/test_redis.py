"""What is asked of Redis."""

from pathlib import Path
from typing import Any

import pytest

from flower_monitor.config import Config
from flower_monitor.receive import redis, resp, url
from tests.monitor.receive.test_stream import message


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
    assert redis.pattern(url.parse("redis://h/3"), transport) == pattern


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        ("WRONGPASS invalid username-password pair", "refused the user name or password"),
        ("NOAUTH Authentication required.", "wants a password"),
        ("NOPERM this user has no permissions", "may not subscribe"),
        ("ERR max number of clients reached", "max number of clients reached"),
    ],
)
def test_a_refusal_says_what_to_do(reply: str, says: str) -> None:
    assert says in str(resp.refusal(reply))


@pytest.mark.parametrize("cut", [1, 30, 90])
def test_a_message_that_comes_in_two_parts_is_whole_though_nothing_was_there_between_them(cut: int) -> None:
    feed = redis.RedisFeed(url.parse_all("redis://h"), Config(broker_url="redis://h", store=Path("unused")))
    data = message(b"one") + message(b"two")
    taken = []
    for part in (data[:cut], data[cut:]):
        feed._stream.put(part)
        taken += feed.take()
        taken += feed.take()

    assert taken == [b"one", b"two"]
    assert feed.losses().messages == 0
