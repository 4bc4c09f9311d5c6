"""Rotation of the generated credentials: on request only, once for each request, the old ones accepted for a while.

All that is known of it stands in the Secret itself and changes by one write that names the version it is based on. So
of two replicas one is refused and then finds nothing to do, and one that is killed leaves it done or not begun.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flower_operator import constants, units
from flower_operator.kinds import Manifest
from flower_operator.spec import Monitor

OVERLAP = "24h"
"""How long the old credentials are accepted where `spec.access.rotationOverlap` does not say."""

PREVIOUS = {"password": "previousPassword", "token": "previousToken"}
"""Key of what is accepted -> key of what was accepted before. The monitor reads all of them, and again when they change
(monitor/flower_monitor/web/credential_files.py)."""


@dataclass(frozen=True, repr=False)
class Fresh:
    """New random values. Without a repr: they are secret."""

    password: str
    token: str


def step(monitor: Monitor, live: Manifest, fresh: Fresh, now: datetime) -> Manifest | None:
    """The patch that rotates the live Secret, or ends an overlap; None: there is nothing to do."""
    meta = live["metadata"]
    annotations = meta.get("annotations") or {}
    if monitor.rotate and annotations.get(constants.ANNOTATION_ROTATED) != monitor.rotate:
        change = _rotated(monitor, live.get("data") or {}, fresh, now)
    elif (ends := overlap_ends(live)) is not None and now >= ends:
        change = _ended()
    else:
        return None
    change["metadata"]["resourceVersion"] = meta["resourceVersion"]
    return change


def _rotated(monitor: Monitor, data: Mapping[str, str], fresh: Fresh, now: datetime) -> dict[str, Any]:
    ends = now + timedelta(seconds=units.seconds(monitor.spec.access.rotation_overlap or OVERLAP))
    annotations = {
        constants.ANNOTATION_ROTATED: monitor.rotate,
        constants.ANNOTATION_OVERLAP_ENDS: ends.strftime(constants.TIME_FORMAT),
    }
    kept = {previous: data.get(name) for name, previous in PREVIOUS.items()}
    made = {"password": _encoded(fresh.password), "token": _encoded(fresh.token)}
    return {"metadata": {"annotations": annotations}, "data": {**kept, **made}}


def _ended() -> dict[str, Any]:
    """What merge patches call null is removed."""
    return {
        "metadata": {"annotations": {constants.ANNOTATION_OVERLAP_ENDS: None}},
        "data": dict.fromkeys(PREVIOUS.values()),
    }


def overlap_ends(live: Manifest | None) -> datetime | None:
    """Until when the credentials before are accepted; None when there are none. One that can't be read is over."""
    annotations = (live or {"metadata": {}})["metadata"].get("annotations") or {}
    text = annotations.get(constants.ANNOTATION_OVERLAP_ENDS)
    if text is None:
        return None
    try:
        return datetime.strptime(text, constants.TIME_FORMAT).replace(tzinfo=UTC)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)


def lasting(data: Mapping[str, str] | None) -> dict[str, str] | None:
    """Credentials without those of before: that these go needs no restart."""
    if data is None:
        return None
    return {name: value for name, value in data.items() if name not in PREVIOUS.values()}


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
