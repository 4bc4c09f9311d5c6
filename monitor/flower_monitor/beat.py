"""Entries of Celery beat, read from an app in the process that starts the monitor, as plain data.

Beat itself sends no events of its entries: they are known only where the monitor is given the app.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

MOST = 1000
"""Entries that are taken over: a configuration with more was made by a program."""

LONGEST = 1000
"""Characters of an entry's arguments."""


class BeatEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of `beat_schedule`."""

    name: str
    task: str
    raw: str
    """The schedule as Celery writes it."""

    every: float | None = None
    """Seconds between two runs, of an interval."""

    crontab: tuple[str, str, str, str, str] | None = None
    """Minute, hour, day of the week, day of the month, month of the year, as the app wrote them."""

    args: str = ""
    kwargs: str = ""
    queue: str | None = None
    """Queue it is sent to, where the entry says."""


def entries(app: Any) -> tuple[BeatEntry, ...]:
    """The entries of an app, its `add_periodic_task` among them."""
    return tuple(_entries(app.conf.beat_schedule or {}))[:MOST]


def _entries(schedule: Mapping[str, Mapping[str, Any]]) -> Iterator[BeatEntry]:
    from celery.schedules import maybe_schedule

    for name, entry in schedule.items():
        every, crontab, raw = _when(maybe_schedule(entry["schedule"]))
        yield BeatEntry(
            name=str(name),
            task=str(entry["task"]),
            raw=raw,
            every=every,
            crontab=crontab,
            args=repr(tuple(entry.get("args") or ()))[:LONGEST],
            kwargs=repr(dict(entry.get("kwargs") or {}))[:LONGEST],
            queue=_queue(entry.get("options") or {}),
        )


def _when(found: Any) -> tuple[float | None, tuple[str, str, str, str, str] | None, str]:
    """Interval, crontab and text. Of a class of the app's own only the text: it works in the app's processes alone."""
    from celery.schedules import crontab, schedule

    if type(found) is schedule:
        return found.seconds, None, repr(found)
    if type(found) is crontab:
        parts = ("minute", "hour", "day_of_week", "day_of_month", "month_of_year")
        minute, hour, weekday, day, month = (str(getattr(found, f"_orig_{part}")) for part in parts)
        return None, (minute, hour, weekday, day, month), repr(found)
    return None, None, repr(found)


def _queue(options: Mapping[str, Any]) -> str | None:
    queue = options.get("queue")
    return queue if isinstance(queue, str) or queue is None else str(getattr(queue, "name", queue))
