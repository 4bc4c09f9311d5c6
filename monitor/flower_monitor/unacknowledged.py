"""Which messages Redis holds as delivered and not acknowledged: kombu keeps them in one hash.

It is read piece by piece (HSCAN), some hundreds of messages and some MiB at most: nothing is moved, and no other
client waits. RabbitMQ tells no client what it holds for another.
"""

import time
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

import msgspec

#: Messages that one HSCAN asks for: each can be large.
STEP = 20

#: Where looking ends.
MOST_MESSAGES = 2000
MOST_BYTES = 8 << 20
MOST_SECONDS = 2.0


class Held(NamedTuple):
    """What was found."""

    tasks: frozenset[str]
    """Of those asked for."""

    whole: bool
    """All of the hash was looked at: the others are not in it."""


class _Headers(msgspec.Struct):
    id: str | None = None


class _Message(msgspec.Struct):
    headers: _Headers


_decode = msgspec.json.Decoder(tuple[_Message, str | None, str | None]).decode


class Destination(NamedTuple):
    """Where a message was sent."""

    exchange: str
    routing_key: str


def look(connection: Any, wanted: Collection[str]) -> Held:
    """Look for the messages of some tasks on a connection of kombu to Redis."""
    tasks: set[str] = set()
    for values, last in _pieces(connection.channel(), MOST_BYTES):
        tasks.update(task for value in values.values() if (task := task_of(value)) in wanted and task)
        if last:
            return Held(frozenset(tasks), True)
    return Held(frozenset(tasks), False)


def destinations(channel: Any, most_bytes: int) -> list[Destination] | None:
    """Where each of the messages was sent, on a channel of kombu to Redis; None: they are too many to look at."""
    found: dict[bytes, Destination] = {}
    for values, last in _pieces(channel, most_bytes):
        found |= {tag: where for tag, value in values.items() if (where := _destination_of(value))}
        if last:
            return list(found.values())
    return None


def _pieces(channel: Any, most_bytes: int) -> Iterator[tuple[dict[bytes, bytes], bool]]:
    """The hash in pieces, some twice, each with whether it was the last; up to where looking ends."""
    key = f"{getattr(channel, 'global_keyprefix', '') or ''}{channel.unacked_key}"
    cursor, messages, size = 0, 0, 0
    until = time.monotonic() + MOST_SECONDS
    while messages < MOST_MESSAGES and size < most_bytes and time.monotonic() < until:
        cursor, found = channel.client.hscan(key, cursor, count=STEP)
        messages += len(found)
        size += sum(len(value) for value in found.values())
        yield found, not int(cursor)
        if not int(cursor):
            return


def _destination_of(value: bytes | str) -> Destination | None:
    """None when it is no message of kombu."""
    try:
        _, exchange, routing_key = _decode(value)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return Destination(exchange or "", routing_key or "")


def task_of(value: bytes | str) -> str | None:
    """The task of a message as kombu stores it; None when it is no message of Celery."""
    try:
        return _decode(value)[0].headers.id
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
