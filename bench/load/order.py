"""How much load, how fast, and what came of it."""

from dataclasses import dataclass

from bench.options import option


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a generator is to send."""

    rate: float = option(0, "events per second; 0: as fast as possible")
    seconds: float = option(0, "stop after this time; 0: never")
    tasks: int = option(0, "stop after this many tasks; 0: never")
    window: int = option(0, "wait for the monitor at --ack-url after so many events; 0: never")
    ack_url: str | None = option(None, "base URL of the monitor")
    linger: float = option(0, "go on with heartbeats for so many seconds")


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What a generator sent."""

    events: int
    """Task events; heartbeats don't count."""

    tasks: int
    messages: int
    wall_s: float
    events_per_s: int
    bytes: int
    undelivered: int
    """Events that no subscriber was there for (Redis only)."""

    states: dict[str, int]
    types: dict[str, int]
    probe: str
    """Id of the task that was published after all others."""

    sent_monotonic: float
    """When it ended, on the machine's monotonic clock."""

    cpu_s: float
    sample: dict[str, str]
    """Ids of at most 1,000 tasks -> the state in which they ended."""
