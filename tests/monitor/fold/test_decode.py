"""What is received becomes events, or a description of what was wrong; never an exception."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flower_monitor.fold import decode
from flower_monitor.fold.events import Decoded

SENT = {"type": "task-sent", "hostname": "gen1@client", "timestamp": 1.5, "uuid": "u", "clock": None}


def envelope(body: Any, **properties: Any) -> bytes:
    """A message as kombu puts it on Redis."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return json.dumps(
        {
            "body": base64.b64encode(data).decode(),
            "content-type": "application/json",
            "content-encoding": "utf-8",
            "properties": {"body_encoding": "base64", **properties},
        }
    ).encode()


def reasons(decoded: Decoded) -> list[str]:
    return [found.reason for found in decoded.broken]


def test_an_event_and_a_list_of_events_are_decoded() -> None:
    decoded = decode.envelopes([envelope(SENT), envelope([SENT, SENT])])

    assert [event.uuid for event in decoded.events] == ["u", "u", "u"]
    assert decoded.broken == []


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (b"", "envelope"),
        (b"hello", "envelope"),
        (b"\xff\xfe\x00", "envelope"),
        (b"{}", "envelope"),
        (b'{"body": 5}', "envelope"),
        (b"[" * 100_000, "envelope"),
        (envelope(b"hello"), "body"),
        (envelope(b""), "body"),
        (envelope(b"[" * 100_000), "body"),
        (envelope(5), "body"),
        (envelope([5]), "body"),
        (envelope({"type": "task-sent"}), "field"),
        (envelope({**SENT, "timestamp": None}), "field"),
        (envelope({**SENT, "timestamp": 1e300}), "field"),
        (envelope({**SENT, "timestamp": -1}), "field"),
        (envelope({**SENT, "uuid": 7}), "field"),
    ],
)
def test_what_is_no_event_is_described(message: bytes, reason: str) -> None:
    decoded = decode.envelopes([message])

    assert decoded.events == []
    assert reasons(decoded) == [reason]


def test_one_broken_event_of_a_list_takes_no_other_with_it() -> None:
    decoded = decode.envelopes([envelope([SENT, {"type": "task-sent"}, SENT])])

    assert len(decoded.events) == 2
    assert reasons(decoded) == ["field"]


def test_the_description_says_what_and_how_long_and_keeps_a_short_sample() -> None:
    decoded = decode.envelopes([envelope({"type": "task-sent", "args": "x" * 10_000})])

    (found,) = decoded.broken
    assert "hostname" in found.detail
    assert found.length > 10_000
    assert len(found.sample) <= 200


def test_odd_but_honest_values_are_mended() -> None:
    """Clients in other languages send arguments as lists, and Python's json writes NaN."""
    odd = {**SENT, "args": [1, "two"], "timestamp": "12.5", "retries": 2**80, "runtime": float("nan"), "clock": -1}

    (event,) = decode.envelopes([envelope(odd)]).events

    assert (event.args, event.timestamp) == ('[1, "two"]', 12.5)
    assert (event.retries, event.runtime, event.clock) == (None, None, None)


@pytest.mark.parametrize("field", ["runtime", "freq"])
@pytest.mark.parametrize("seconds", [-1.0, 1e300])
def test_seconds_that_nothing_can_take_are_left_out(field: str, seconds: float) -> None:
    """They would end sums that only grow, and keep a worker from ever being lost."""
    (event,) = decode.envelopes([envelope({**SENT, field: seconds})]).events

    assert getattr(event, field) is None


def test_a_list_that_becomes_a_text_keeps_its_letters() -> None:
    """Rules are held against it: `pässwort` must be found in it."""
    (event,) = decode.bodies([json.dumps({**SENT, "args": ["pässwort"], "kwargs": {"schlüssel": 1}}).encode()]).events

    assert (event.args, event.kwargs) == ('["pässwort"]', '{"schlüssel": 1}')


def test_half_a_surrogate_becomes_a_question_mark() -> None:
    """SQLite can't store it, and one such text must not stop all others."""
    (event,) = decode.envelopes([envelope({**SENT, "args": "a\ud800b"})]).events

    assert event.args == "a?b"


def test_a_body_that_is_not_base64_is_read_as_it_is() -> None:
    message = json.dumps({"body": json.dumps(SENT), "properties": {}}).encode()

    assert len(decode.envelopes([message]).events) == 1


def test_an_event_of_a_megabyte_is_whole() -> None:
    (event,) = decode.bodies([json.dumps({**SENT, "args": "x" * 1_000_000}).encode()]).events

    assert event.args is not None
    assert len(event.args) == 1_000_000


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)
events = st.dictionaries(
    st.sampled_from(["type", "hostname", "uuid", "timestamp", "clock", "args", "pid"]), json_values
)


@given(st.lists(st.one_of(json_values, events, st.just(SENT)), max_size=4))
def test_every_message_gives_as_many_events_and_descriptions_as_it_has_items(items: list[Any]) -> None:
    decoded = decode.envelopes([envelope(items)])

    assert len(decoded.events) + len(decoded.broken) == len(items)


@given(st.binary(max_size=200))
def test_no_bytes_raise(message: bytes) -> None:
    decode.envelopes([message, envelope(message)])
    decode.bodies([message])
