"""When entries of Celery beat were last seen to be sent, and when they are due. It blocks: for a thread."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from flower_monitor.beat import BeatEntry
from flower_monitor.config import CeleryApp
from flower_monitor.redact import Redaction
from flower_monitor.store.reader import Reader
from flower_monitor.store.records import TaskQuery

GRACE = 60.0
"""Seconds after which what was due and was not seen is missed: beat sleeps between its looks, and where nobody tells of
sending, a worker has to receive the task first. A tenth of an interval where that is more."""


class EntryRow(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of beat's schedule."""

    name: Annotated[str, Meta(description="Its name in `beat_schedule`")]
    task: Annotated[str, Meta(description="The task that it sends")]
    raw: Annotated[str, Meta(description="Its schedule as Celery writes it")]
    every: Annotated[float | None, Meta(description="Seconds between two runs; null: it is no interval")]
    crontab: Annotated[
        list[str] | None,
        Meta(description="Minute, hour, day of the week, day of the month, month; null: it is no crontab"),
    ]
    args: Annotated[str, Meta(description="Its positional arguments, as text")]
    kwargs: Annotated[str, Meta(description="Its keyword arguments, as text")]
    queue: Annotated[str | None, Meta(description="Queue it is sent to; null: the entry does not say")]
    last: Annotated[float | None, Meta(description="When a task of this name was last sent or seen; null: none kept")]
    shared: Annotated[bool, Meta(description="Other entries send the same task: `last` may be theirs")]
    next: Annotated[float | None, Meta(description="When it is due, epoch seconds; null: not known")]
    missed: Annotated[bool, Meta(description="It was due, and no task of its name was seen since")]


class ScheduleBody(msgspec.Struct, frozen=True, kw_only=True):
    """Beat's schedule, as far as it can be known."""

    known: Annotated[bool, Meta(description="The monitor was given the app (`-A`), whose schedule this is")]
    scheduler: Annotated[
        str | None, Meta(description="`beat_scheduler` where it is not Celery's own: it may have further entries")
    ]
    timezone: Annotated[str, Meta(description="Time zone of the crontabs")]
    items: Annotated[list[EntryRow], Meta(description="The entries, by name")]


def read(app: CeleryApp, redaction: Redaction, now: float, reader: Reader) -> ScheduleBody:
    """The schedule of an app with what was seen of it."""
    last = {task: _last(reader, task) for task in {entry.task for entry in app.schedule}}
    return ScheduleBody(
        known=bool(app.name or app.task_names),
        scheduler=app.scheduler,
        timezone=app.timezone,
        items=rows(app, last, redaction, now),
    )


def _last(reader: Reader, task: str) -> float | None:
    found = reader.tasks(TaskQuery(name=task, limit=1)).items
    return (found[0].sent or found[0].received or found[0].timestamp) if found else None


def rows(app: CeleryApp, last: Mapping[str, float | None], redaction: Redaction, now: float) -> list[EntryRow]:
    """The entries at a time (epoch seconds). `last`: task -> when it was last sent."""
    tasks = [entry.task for entry in app.schedule]
    return [
        _row(entry, last[entry.task], tasks.count(entry.task) > 1, app, redaction, now)
        for entry in sorted(app.schedule, key=lambda entry: entry.name)
    ]


def _row(
    entry: BeatEntry, last: float | None, shared: bool, app: CeleryApp, redaction: Redaction, now: float
) -> EntryRow:
    due = _due(entry, now if last is None else last, app.timezone, now)
    late = due is not None and last is not None and now - due > max(GRACE, (entry.every or 0) / 10)
    return EntryRow(
        name=entry.name,
        task=entry.task,
        raw=entry.raw,
        every=entry.every,
        crontab=list(entry.crontab) if entry.crontab else None,
        args=redaction.text(entry.task, entry.args),
        kwargs=redaction.text(entry.task, entry.kwargs),
        queue=entry.queue,
        last=last,
        shared=shared,
        next=_due(entry, now, app.timezone, now) if late else due,
        missed=late,
    )


def _due(entry: BeatEntry, last: float, timezone: str, now: float) -> float | None:
    """When an entry is due that was last sent at a time; None: only the app itself could say."""
    if entry.every is not None:
        return last + entry.every
    if entry.crontab is None:
        return None
    at = datetime.fromtimestamp(now, UTC)
    left: timedelta = _crontab(entry.crontab, timezone, at).remaining_estimate(datetime.fromtimestamp(last, UTC))
    return now + left.total_seconds()


def _crontab(parts: Sequence[str], timezone: str, now: datetime) -> Any:
    """Celery's own schedule, so that it is due when beat finds it due."""
    from flower_monitor.from_celery import Celery, crontab

    app = Celery("flower_monitor.schedule", set_as_current=False, changes={"timezone": timezone})
    minute, hour, weekday, day, month = parts
    local = now.astimezone(app.timezone)
    return crontab(minute, hour, weekday, day, month, nowfun=lambda: local, app=app)
