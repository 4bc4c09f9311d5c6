"""What the API says of a monitor."""

import json

import msgspec
import pytest

from flower_operator.fleet.roster import Entry, Roster
from flower_operator.fleet.view import STALE_AFTER, is_stale, view_of
from tests.fleet.made import ORDERS, answered, monitor, summary_body

NOW = 1_000.0


def entry(roster: Roster) -> Entry:
    found = roster.get(ORDERS)
    assert found is not None
    return found


def test_the_summary_is_passed_on_with_fields_that_the_fleet_does_not_know() -> None:
    roster = Roster()
    roster.put(monitor())
    answered(roster, ORDERS, NOW, news={"from": "the future"})
    shown = json.loads(msgspec.json.encode(view_of(entry(roster), NOW)))
    assert shown["summary"] == json.loads(summary_body(news={"from": "the future"}))


def test_the_backlog_is_there_beside_the_summary_that_it_is_read_of() -> None:
    roster = Roster()
    roster.put(monitor())
    answered(roster, ORDERS, NOW, tasks={"kept": 5, "states": {"PENDING": 4, "RECEIVED": 1}})
    shown = json.loads(msgspec.json.encode(view_of(entry(roster), NOW)))
    assert shown["backlog"] == {"tasks": 5, "sent": 4, "received": 1, "unknown": None}


def test_version_and_broker_are_the_monitors_own() -> None:
    roster = Roster()
    roster.put(monitor(version="0.0.9", broker="amqp"))
    answered(roster, ORDERS, NOW)
    view = view_of(entry(roster), NOW)
    assert view.version == "0.1.0"
    assert view.broker is not None
    assert (view.broker.kind, view.broker.state) == ("redis", "connected")


def test_before_the_first_answer_the_controllers_word_stands() -> None:
    roster = Roster()
    roster.put(monitor())
    view = view_of(entry(roster), NOW)
    assert view.version == "0.1.0"
    assert view.broker is not None
    assert (view.broker.kind, view.broker.state, view.broker.url) == ("redis", None, "redis://broker:6379/0")


def test_nothing_known_is_null() -> None:
    roster = Roster()
    roster.put(monitor(broker=None, version=None, url=None))
    view = view_of(entry(roster), NOW)
    assert (view.broker, view.version, view.url, view.summary) == (None, None, None, None)


@pytest.mark.parametrize(("age", "stale"), [(0.0, False), (STALE_AFTER, False), (STALE_AFTER + 0.1, True)])
def test_an_answer_grows_stale(age: float, stale: bool) -> None:
    roster = Roster()
    roster.put(monitor())
    answered(roster, ORDERS, NOW - age)
    observed = view_of(entry(roster), NOW).observed
    assert observed.stale is stale
    assert observed.age == pytest.approx(age)


def test_a_failure_shows_beside_an_answer_that_is_still_fresh() -> None:
    roster = Roster()
    roster.put(monitor())
    answered(roster, ORDERS, NOW)
    roster.failed(ORDERS, "no answer")
    observed = view_of(entry(roster), NOW).observed
    assert (observed.stale, observed.error) == (False, "no answer")


def test_one_that_never_answered_is_stale_without_an_age() -> None:
    roster = Roster()
    roster.put(monitor())
    observed = view_of(entry(roster), NOW).observed
    assert (observed.stale, observed.age, observed.at) == (True, None, None)


def test_a_suspended_one_is_not_stale() -> None:
    roster = Roster()
    roster.put(monitor(suspended=True))
    assert not is_stale(entry(roster), NOW)


def test_a_clock_that_was_set_back_gives_no_negative_age() -> None:
    roster = Roster()
    roster.put(monitor())
    answered(roster, ORDERS, NOW + 60)
    assert view_of(entry(roster), NOW).observed.age == 0
