"""Messages to events. Never raises on what it is given: what is no event is described, so that it can be counted.

The fast path takes a message whole. Only what it refuses is looked at piece by piece (lenient.py): one odd event
in a list must not take the others with it.
"""

from collections.abc import Iterator
from functools import partial

import msgspec

from flower_monitor.fold import lenient
from flower_monitor.fold.events import Broken, Decoded, Event


class Envelope(msgspec.Struct, gc=False):
    """kombu's message on Redis. msgspec takes the base64 off the body by its type."""

    body: bytes


_envelope = msgspec.json.Decoder(Envelope).decode
_one = msgspec.json.Decoder(Event).decode
_many = msgspec.json.Decoder(list[Event]).decode


def envelopes(messages: list[bytes]) -> Decoded:
    """Events of messages as kombu puts them on Redis."""
    events: list[Event] = []
    found: list[Broken] = []
    for message in messages:
        try:
            body = _envelope(message).body
        except (msgspec.DecodeError, UnicodeDecodeError):
            opened = lenient.envelope(message)
            if isinstance(opened, Broken):
                found.append(opened)
                continue
            body = opened
        if not _body(body, events):
            _slowly(message, body, events, found)
    return Decoded(events, found, partial(_opened, messages))


def bodies(messages: list[bytes]) -> Decoded:
    """Events of messages whose envelope the transport took off, as on RabbitMQ."""
    events: list[Event] = []
    found: list[Broken] = []
    for message in messages:
        if not _body(message, events):
            lenient.body(message, events, found)
    return Decoded(events, found, lambda: messages)


def _opened(messages: list[bytes]) -> Iterator[bytes]:
    """Bodies of messages as kombu puts them on Redis."""
    for message in messages:
        try:
            body = _envelope(message).body
        except (msgspec.DecodeError, UnicodeDecodeError):
            body = b""
        opened = body if body[:1] in (b"[", b"{") else lenient.envelope(message)
        if not isinstance(opened, Broken):
            yield opened


def _slowly(message: bytes, body: bytes, events: list[Event], found: list[Broken]) -> None:
    """A body that is no JSON of an event: its envelope may say that it never was."""
    opened = lenient.envelope(message)
    lenient.body(body if isinstance(opened, Broken) else opened, events, found)


def _body(body: bytes, events: list[Event]) -> bool:
    """One body, an event or a list of them (`task.multi`); False when it needs a closer look."""
    try:
        if body[:1] == b"[":
            events += _many(body)
        else:
            events.append(_one(body))
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    return True
