"""A monitor's `/api/v1/summary`, as far as the fleet reads it. Pure.

The answer itself is passed on as it came: a newer monitor may say more than this fleet knows.
"""

from typing import Annotated

import msgspec

from flower_operator.untrusted import decode

Count = Annotated[int, msgspec.Meta(ge=0)]


class MonitorPart(msgspec.Struct):
    """Who answered."""

    name: str
    version: str | None = None
    started: float | None = None


class BrokerPart(msgspec.Struct):
    """The monitor's own connection to its broker."""

    kind: str | None = None
    url: str | None = None
    state: str | None = None


class WorkersPart(msgspec.Struct):
    """Celery workers by state."""

    online: Count = 0
    offline: Count = 0
    lost: Count = 0


class TasksPart(msgspec.Struct):
    """What the monitor keeps."""

    kept: Count = 0
    states: dict[str, Count] = {}


class EventsPart(msgspec.Struct):
    """What went through the monitor."""

    received: Count = 0
    dropped: Count = 0
    invalid: Count = 0
    rate: float | None = None
    lag: float | None = None
    seen: float | None = None


class StorePart(msgspec.Struct):
    """Where the monitor keeps it."""

    bytes: Count | None = None
    free: Count | None = None


class Summary(msgspec.Struct):
    """The parts of a summary that become metrics."""

    monitor: MonitorPart
    broker: BrokerPart
    workers: WorkersPart = msgspec.field(default_factory=WorkersPart)
    tasks: TasksPart = msgspec.field(default_factory=TasksPart)
    events: EventsPart = msgspec.field(default_factory=EventsPart)
    store: StorePart = msgspec.field(default_factory=StorePart)


def decode_summary(body: bytes) -> Summary:
    """Read an answer; raises `msgspec.MsgspecError` that names the field when it is not a summary."""
    return decode(body, Summary)
