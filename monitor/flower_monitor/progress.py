"""How far a task is, where it says so as Celery's guide does: with the numbers `current` and `total`. Pure."""

from typing import Any

import msgspec


class TaskProgress(msgspec.Struct, frozen=True):
    """How far a task is, as it says itself."""

    current: float
    """Done so far."""

    total: float
    """To do in all."""

    percent: float | None
    """The same from 0 to 100; None: the total is 0."""


def progress(told: Any) -> TaskProgress | None:
    """How far a task is by what it told; None: it did not say."""
    if not isinstance(told, dict):
        return None
    current, total = _number(told.get("current")), _number(told.get("total"))
    if current is None or total is None:
        return None
    percent = min(100.0, max(0.0, 100 * current / total)) if total else None
    return TaskProgress(current, total, percent)


def _number(value: Any) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
