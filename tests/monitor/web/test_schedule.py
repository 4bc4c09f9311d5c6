"""`/api/v1/schedule`: entries of beat, when they were last sent, and when they are due."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from celery import Celery
from celery.schedules import crontab, solar

from flower_monitor import beat
from flower_monitor.beat import BeatEntry
from flower_monitor.config import CeleryApp
from flower_monitor.redact import Redaction, Rule
from flower_monitor.web.schedule import EntryRow, rows
from tests.monitor.web.apps import client_of, config_for, running
from tests.monitor.web.stores import StoreFile, task

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC).timestamp()
"""A Wednesday."""

DAILY = ("30", "4", "*", "*", "*")


def read(**entry: Any) -> BeatEntry:
    """The one entry of an app, as the process that starts the monitor reads it."""
    app = Celery("shop", set_as_current=False)
    app.conf.beat_schedule = {"nightly": {"task": "shop.clean", **entry}}
    return beat.entries(app)[0]


def row(last: float | None, timezone: str = "UTC", **known: Any) -> EntryRow:
    entry = BeatEntry(**({"name": "nightly", "task": "shop.clean", "raw": "-"} | known))
    app = CeleryApp(name="shop", schedule=(entry,), timezone=timezone)
    return rows(app, {"shop.clean": last}, Redaction(()), NOON)[0]


@pytest.mark.parametrize("every", [90, 90.0, timedelta(seconds=90)], ids=["int", "float", "timedelta"])
def test_an_interval_is_read_in_seconds(every: Any) -> None:
    assert read(schedule=every).every == 90.0


def test_a_crontab_is_read_as_it_was_written() -> None:
    found = read(schedule=crontab(minute="*/5", hour="8-17", day_of_week="mon-fri"), options={"queue": "slow"})

    assert (found.crontab, found.queue) == (("*/5", "8-17", "mon-fri", "*", "*"), "slow")


def test_another_schedule_keeps_its_text_only() -> None:
    found = read(schedule=solar.__new__(type("Moon", (solar,), {"__repr__": lambda self: "<moon>"})))

    assert (found.raw, found.every, found.crontab) == ("<moon>", None, None)


def test_arguments_are_read_as_text() -> None:
    found = read(schedule=1, args=(1, "a"), kwargs={"b": 2})

    assert (found.args, found.kwargs) == ("(1, 'a')", "{'b': 2}")


def test_periodic_tasks_of_code_are_entries_too() -> None:
    app = Celery("shop", set_as_current=False)

    def clean() -> None: ...

    app.add_periodic_task(30.0, app.task(name="shop.clean")(clean).s(), name="often")

    assert [(one.name, one.task) for one in beat.entries(app)] == [("often", "shop.clean")]


def test_an_interval_is_due_after_its_last_run() -> None:
    found = row(NOON - 20, every=60.0)

    assert (found.next, found.missed) == (NOON + 40, False)


def test_an_interval_that_nobody_saw_again_was_missed() -> None:
    found = row(NOON - 600, every=60.0)

    assert (found.next, found.missed) == (NOON + 60, True)


def test_what_is_a_little_late_was_not_missed() -> None:
    assert row(NOON - 100, every=60.0).missed is False


def test_what_was_never_seen_is_due_and_not_missed() -> None:
    found = row(None, crontab=DAILY)

    assert (found.last, found.next, found.missed) == (None, NOON + 16.5 * 3600, False)


def test_a_crontab_is_due_when_celery_finds_it_due() -> None:
    assert row(NOON - 7.5 * 3600, crontab=DAILY).next == pytest.approx(NOON + 16.5 * 3600, abs=1)


def test_a_crontab_is_in_the_apps_time_zone() -> None:
    assert row(None, "Europe/Berlin", crontab=DAILY).next == pytest.approx(NOON + 15.5 * 3600, abs=1)


def test_a_crontab_that_nobody_saw_again_was_missed() -> None:
    found = row(NOON - 2 * 86400, crontab=DAILY)

    assert found.missed is True
    assert found.next == pytest.approx(NOON + 16.5 * 3600, abs=1)


def test_of_a_schedule_of_the_apps_own_nothing_is_guessed() -> None:
    found = row(NOON - 9 * 86400)

    assert (found.next, found.missed) == (None, False)


def test_entries_of_one_task_say_that_they_share_it() -> None:
    entries = tuple(BeatEntry(name=name, task="t", raw="-", every=60.0) for name in ("b", "a"))

    found = rows(CeleryApp(name="x", schedule=entries), {"t": NOON}, Redaction(()), NOON)

    assert [(one.name, one.shared) for one in found] == [("a", True), ("b", True)]


def test_arguments_are_redacted() -> None:
    entry = BeatEntry(name="a", task="t", raw="-", every=60.0, kwargs="{'password': 's3cret'}")
    rules = Redaction((Rule(argument="password"),))

    assert "s3cret" not in rows(CeleryApp(schedule=(entry,)), {"t": None}, rules, NOON)[0].kwargs


@pytest.mark.anyio
async def test_the_last_run_is_of_the_newest_task_of_its_name(store: StoreFile) -> None:
    store.add(task(name="shop.clean", sent=NOON - 9, received=NOON - 8), task(name="shop.clean", received=NOON - 90))
    entry = BeatEntry(name="nightly", task="shop.clean", raw="<freq: 1.00 minute>", every=60.0)
    config = config_for(store.path, app=CeleryApp(name="shop", schedule=(entry,)))

    async with running(config) as app, client_of(app) as client:
        body = (await client.get("/api/v1/schedule")).json()

    assert (body["known"], body["scheduler"], body["items"][0]["last"]) == (True, None, NOON - 9)


@pytest.mark.anyio
async def test_without_an_app_nothing_is_known(client: httpx.AsyncClient) -> None:
    body = (await client.get("/api/v1/schedule")).json()

    assert (body["known"], body["items"]) == (False, [])


@pytest.mark.anyio
async def test_a_stranger_learns_nothing(stranger: httpx.AsyncClient) -> None:
    assert (await stranger.get("/api/v1/schedule")).status_code == 401
