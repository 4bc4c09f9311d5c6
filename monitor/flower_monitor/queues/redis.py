"""Queues in Redis, on a connection of kombu: a list for each priority, filled at the left, emptied at the right.

Keys are made as `kombu.transport.redis.Channel._q_for_pri` makes them. kombu's own client puts `global_keyprefix`
before the keys of some commands only, so these go through a plain client on its pool, which has all that kombu knows
of the URL: TLS, user, database, socket, Sentinel.
"""

import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from flower_monitor.queues import messages
from flower_monitor.queues.failures import QueueLonger, QueueMissing, refusals
from flower_monitor.queues.records import Bindings, Depth, Depths, Peeked
from flower_monitor.unacknowledged import MOST_MESSAGES, Destination, destinations

MOST_BYTES = 4 << 20
"""Bytes of messages that one look or peek reads. Those of Celery have some hundreds each."""

MOST_SECONDS = 2.0
"""Seconds that reading messages may take."""

PIECE = 10
"""Messages read at a time: what a limit in bytes can be passed by."""

_PURGE = """
local waiting = 0
for _, key in ipairs(KEYS) do waiting = waiting + redis.call('llen', key) end
if waiting > tonumber(ARGV[1]) then return {0, waiting} end
if waiting > 0 then redis.call('unlink', unpack(KEYS)) end
return {1, waiting}
"""
"""Counts and deletes in one step, so that nothing that came meanwhile goes too; UNLINK: no client waits for it."""

_WRONG_TYPE = "WRONGTYPE"


class Unacknowledged(NamedTuple):
    """How many messages consumers have, by queue; or why that is not known."""

    counts: dict[str, int]
    why_not: str | None = None


def look(connection: Any, names: Sequence[str], bindings: Bindings) -> Depths:
    """How long queues are. One that is empty is not told from one that never was.

    Raises:
        BrokerError: Redis refused a command.
    """
    with refusals(connection):
        channel = connection.channel()
        client = plain(channel)
        lengths = _lengths(client, channel, names)
        held = _unacknowledged(client, channel, names, bindings)
        heads = _heads(client, channel, lengths)
    return Depths("redis", tuple(_depth(name, steps, held, heads.get(name)) for name, steps in lengths.items()))


def purge(connection: Any, name: str, expect: int) -> int:
    """Delete the messages that wait in a queue; how many it were. Those that consumers have stay.

    Raises:
        QueueLonger: More wait than expected; nothing was deleted.
    """
    with refusals(connection), _wrong_type(name):
        channel = connection.channel()
        keys = list(keys_of(channel, name).values())
        done, waiting = plain(channel).eval(_PURGE, len(keys), *keys, expect)
    if not done:
        raise QueueLonger(int(waiting), expect)
    return int(waiting)


def peek(connection: Any, name: str, limit: int) -> list[Peeked]:
    """The messages that are delivered next, the first first. It reads; nothing is moved."""
    found: dict[str, Peeked] = {}
    with refusals(connection), _wrong_type(name):
        channel = connection.channel()
        client = plain(channel)
        for raw in _first(client, keys_of(channel, name).values(), limit):
            message = messages.decode(raw)
            # One that somebody handed back meanwhile would come twice.
            found.setdefault(message.tag or str(len(found)), message)
    return list(found.values())


def plain(channel: Any) -> Any:
    """A client on the pool of kombu's channel that leaves keys as they are."""
    from redis import Redis

    return Redis(connection_pool=channel.pool)


def keys_of(channel: Any, name: str) -> dict[str, str]:
    """Step of priority -> key of its list, the first delivered first."""
    prefix = getattr(channel, "global_keyprefix", "") or ""
    return {
        str(step): f"{prefix}{name}{channel.sep}{step}" if step else f"{prefix}{name}"
        for step in channel.priority_steps
    }


def _depth(name: str, steps: dict[str, int], held: Unacknowledged, heads: tuple[str, ...] | None) -> Depth:
    ready = sum(steps.values())
    unknown = {"unacknowledged": held.why_not} if held.why_not else {}
    if heads is None and ready:
        unknown["oldest_age"] = "The messages that are next are too large to look at them all"
    return Depth(
        name=name,
        ready=ready,
        unacknowledged=None if held.why_not else held.counts.get(name, 0),
        by_priority=steps,
        heads=heads or (),
        unknown=unknown,
    )


def _lengths(client: Any, channel: Any, names: Iterable[str]) -> dict[str, dict[str, int]]:
    """Queue -> step -> messages; without names whose key is something else than a list."""
    keys = {name: keys_of(channel, name) for name in names}
    with client.pipeline(transaction=False) as pipe:
        for key in (key for steps in keys.values() for key in steps.values()):
            pipe.llen(key)
        answers = iter(pipe.execute(raise_on_error=False))
    found = {name: {step: next(answers) for step in steps} for name, steps in keys.items()}
    return {name: steps for name, steps in found.items() if _are_lengths(steps.values())}


def _are_lengths(answers: Iterable[Any]) -> bool:
    errors = [answer for answer in answers if isinstance(answer, Exception)]
    for error in errors:
        if not str(error).startswith(_WRONG_TYPE):
            raise error
    return not errors


@contextmanager
def _wrong_type(name: str) -> Iterator[None]:
    """A key of that name which is no list, as `QueueMissing`."""
    from redis import ResponseError

    try:
        yield
    except ResponseError as error:
        if _WRONG_TYPE in str(error):
            raise QueueMissing(f"Redis has a key {name!r}, but it is no queue") from error
        raise


# -- what is unacknowledged ----------------------------------------------------------------------------------------


def _unacknowledged(client: Any, channel: Any, names: Collection[str], bindings: Bindings) -> Unacknowledged:
    prefix = getattr(channel, "global_keyprefix", "") or ""
    total = client.hlen(f"{prefix}{channel.unacked_key}")
    if not total:
        return Unacknowledged({})
    found = destinations(channel, MOST_BYTES) if total <= MOST_MESSAGES else None
    if found is None:
        return Unacknowledged({}, f"Consumers have {total} messages of all queues, too many to look at each")
    return by_queue(found, names, bindings)


def by_queue(found: Iterable[Destination], names: Collection[str], bindings: Bindings) -> Unacknowledged:
    """Counts by queue. Redis keeps exchange and routing key of each message, and no queue. Pure."""
    counts: Counter[str] = Counter()
    for where, n in Counter(found).items():
        queue = _queue_of(where, names, bindings)
        if queue is None:
            return Unacknowledged(
                {}, f"No worker says which queue has exchange {where.exchange!r}, routing key {where.routing_key!r}"
            )
        counts[queue] += n
    return Unacknowledged(dict(counts))


def _queue_of(where: Destination, names: Collection[str], bindings: Bindings) -> str | None:
    if not where.exchange:  # the default exchange: the routing key is the queue
        return where.routing_key
    if found := bindings.get((where.exchange, where.routing_key)):
        return found
    # Celery's exchange of a queue has its name unless it is told another.
    return where.routing_key if where.exchange == where.routing_key and where.routing_key in names else None


# -- messages ------------------------------------------------------------------------------------------------------


def _heads(client: Any, channel: Any, lengths: dict[str, dict[str, int]]) -> dict[str, tuple[str, ...]]:
    """Queue -> tasks that are next, of each step; without queues for which there was no room or time."""
    found: dict[str, tuple[str, ...]] = {}
    left, until = MOST_BYTES, time.monotonic() + MOST_SECONDS
    for name, steps in lengths.items():
        if not any(steps.values()):
            continue
        if left <= 0 or time.monotonic() > until:
            return found
        keys = keys_of(channel, name)
        raws = [raw for step, n in steps.items() if n and (raw := client.lindex(keys[step], -1)) is not None]
        left -= sum(map(len, raws))
        found[name] = tuple(task for raw in raws if (task := messages.decode(raw).id))
    return found


def _first(client: Any, keys: Iterable[str], limit: int) -> Iterator[bytes]:
    """The first messages of some lists, one list after the other, within the limits."""
    size, until = 0, time.monotonic() + MOST_SECONDS
    for key in keys:
        taken = 0
        while limit > 0:
            piece = min(limit, PIECE)
            raws = client.lrange(key, -taken - piece, -taken - 1)[::-1]
            yield from raws
            taken, limit, size = taken + len(raws), limit - len(raws), size + sum(map(len, raws))
            if size > MOST_BYTES or time.monotonic() > until:
                return
            if len(raws) < piece:
                break
