"""What a monitor told us about itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flower_operator.resources.deletion_cost import Active


@dataclass(frozen=True)
class Observation:
    """One answer, or why there is none. Equal observations lead to equal status, so only a change wakes a key."""

    error: str | None = None
    """Why the monitor could not be asked; the rest is then empty."""
    version: str | None = None
    broker_kind: str | None = None
    broker_url: str | None = None
    """Address without user and password, as the monitor shows it."""
    broker_state: str | None = None
    """connecting, connected or disconnected."""
    broker_error: str | None = None
    """Why it could not connect the last time; None when it has not failed since it last could."""
    workers: int | None = None
    """Workers that are online."""
    unread: str | None = None
    """Why what its workers run could not be read, where it was asked for."""
    active: Active | None = field(default=None, compare=False, repr=False)
    """What they run; None: not asked for, or not known. It changes all the time and is no part of the status."""


def parse(summary: Mapping[str, Any]) -> Observation:
    """Read a summary (`GET /api/v1/summary`), taking only what the status shows."""
    broker = _part(summary, "broker")
    return Observation(
        version=_text(_part(summary, "monitor").get("version")),
        broker_kind=_text(broker.get("kind")),
        broker_url=_text(broker.get("url")),
        broker_state=_text(broker.get("state")),
        broker_error=_text(broker.get("last_error")),
        workers=_count(_part(summary, "workers").get("online")),
    )


def clock(summary: Mapping[str, Any]) -> float | None:
    """The monitor's clock when it answered, epoch seconds."""
    value = _part(summary, "monitor").get("now")
    return float(value) if isinstance(value, int | float) else None


def _part(summary: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = summary.get(name)
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str | None:
    return value[:500] if isinstance(value, str) and value else None


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
