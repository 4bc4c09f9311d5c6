"""Events as Celery sends them, decoded and typed."""

from collections.abc import Callable, Iterable
from typing import Annotated, Any

import msgspec

#: What SQLite's 64 bits and JavaScript's numbers both hold.
Int = Annotated[int, msgspec.Meta(ge=0, le=2**53)]

#: Epoch seconds until the year 5138: what comes after is no time.
Time = Annotated[float, msgspec.Meta(ge=0, le=1e11)]

#: How long something ran: thirty years at most, as long as sketches tell apart. One of a made-up event would else make
#: a sum that only grows fall, or so large that nothing adds to it any more.
Seconds = Annotated[float, msgspec.Meta(ge=0, le=1e9)]

#: Seconds from heartbeat to heartbeat: after three of them a worker is lost, and it has to be some time.
Beat = Annotated[float, msgspec.Meta(ge=0, le=86400)]


class Event(msgspec.Struct, gc=False):
    """Any event. One wide type, because telling kinds apart before decoding costs more than it saves.

    What is missing is None: so an event can add to a task but never blank what it knows.
    """

    type: str
    hostname: str
    timestamp: Time
    clock: Int | None = None
    uuid: str | None = None
    pid: Int | None = None

    # task-sent and task-received
    name: str | None = None
    args: str | None = None
    kwargs: str | None = None
    root_id: str | None = None
    parent_id: str | None = None
    retries: Int | None = None
    eta: str | None = None
    expires: str | None = None
    queue: str | None = None
    exchange: str | None = None
    routing_key: str | None = None

    # task-succeeded, task-failed, task-retried
    result: str | None = None
    runtime: Seconds | None = None
    exception: str | None = None
    traceback: str | None = None

    # worker-online, worker-heartbeat, worker-offline
    freq: Beat | None = None
    active: Int | None = None
    processed: Int | None = None
    loadavg: list[float] | None = None
    sw_ident: str | None = None
    sw_ver: str | None = None
    sw_sys: str | None = None


class Broken(msgspec.Struct, frozen=True):
    """Something received that is no event."""

    reason: str
    """`envelope`: not a message of kombu; `body`: not JSON; `serializer`: one that is not understood; `field`: one is
    missing or wrong; `type`: unknown."""

    detail: str
    """What exactly, without what the message held."""

    length: int
    """Bytes of the message."""

    sample: str
    """Its first characters."""


class Decoded(msgspec.Struct, gc=False):
    """What some messages held."""

    events: list[Event]
    broken: list[Broken]
    bodies: Callable[[], Iterable[bytes]] = tuple
    """Gives the bodies of the messages once more, for who needs what an `Event` has not (fold/custom.py)."""


#: Characters of a broken message that are kept: enough to see who sends it.
SAMPLE = 200


def broken(reason: str, detail: str, message: Any) -> Broken:
    """Describe a broken message (bytes), or a broken event of one (whatever JSON gave)."""
    data = message if isinstance(message, bytes) else msgspec.json.encode(message, enc_hook=str)
    return Broken(reason, detail, len(data), data[: SAMPLE * 4].decode("utf-8", "replace")[:SAMPLE])
