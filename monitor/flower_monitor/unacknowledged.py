"""Which messages Redis holds as delivered and not acknowledged: kombu keeps them in one hash.

It is read piece by piece (HSCAN), some hundreds of messages and some MiB at most: nothing is moved, and no other
client waits. RabbitMQ tells no client what it holds for another.
"""

import time
from collections.abc import Collection
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


def look(connection: Any, wanted: Collection[str]) -> Held:
    """Look for the messages of some tasks on a connection of kombu to Redis."""
    channel = connection.channel()
    key = f"{getattr(channel, 'global_keyprefix', '') or ''}{channel.unacked_key}"
    tasks: set[str] = set()
    cursor, messages, size = 0, 0, 0
    until = time.monotonic() + MOST_SECONDS
    while messages < MOST_MESSAGES and size < MOST_BYTES and time.monotonic() < until:
        cursor, found = channel.client.hscan(key, cursor, count=STEP)
        messages += len(found)
        size += sum(len(value) for value in found.values())
        tasks.update(task for value in found.values() if (task := task_of(value)) in wanted and task)
        if not int(cursor):
            return Held(frozenset(tasks), True)
    return Held(frozenset(tasks), False)


def task_of(value: bytes | str) -> str | None:
    """The task of a message as kombu stores it; None when it is no message of Celery."""
    try:
        return _decode(value)[0].headers.id
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
