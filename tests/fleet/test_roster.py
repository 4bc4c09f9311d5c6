"""What the fleet knows, and when it counts as changed."""

import asyncio

import pytest

from flower_operator.fleet.roster import Revision, Roster
from flower_operator.spec import Key
from tests.fleet.made import ORDERS, answered, monitor

OTHER = Key("team-b", "billing")


def test_entries_come_by_namespace_and_name() -> None:
    roster = Roster()
    for key in (Key("b", "a"), Key("a", "b"), Key("a", "a")):
        roster.put(monitor(key))
    assert [entry.monitor.key for entry in roster.entries()] == [("a", "a"), ("a", "b"), ("b", "a")]


def test_a_full_list_removes_what_it_lacks() -> None:
    roster = Roster()
    roster.put(monitor(OTHER))
    roster.replace_all([monitor()])
    assert roster.keys() == {ORDERS}


def test_a_full_list_of_one_namespace_removes_nothing_of_others() -> None:
    roster = Roster()
    roster.put(monitor())
    roster.put(monitor(OTHER))
    roster.replace_all([], OTHER.namespace)
    assert roster.keys() == {ORDERS}


def test_a_full_list_keeps_what_monitors_said() -> None:
    roster = Roster()
    roster.put(monitor())
    answered(roster, ORDERS, 1.0)
    roster.replace_all([monitor(ready=False)])
    entry = roster.get(ORDERS)
    assert entry is not None
    assert (entry.monitor.ready, entry.observation.at) == (False, 1.0)


def test_hearing_the_same_again_is_no_change() -> None:
    roster = Roster()
    roster.put(monitor())
    before = roster.changes.value
    roster.put(monitor())
    assert roster.changes.value == before


def test_a_failure_keeps_the_last_answer() -> None:
    roster = Roster()
    roster.put(monitor())
    answered(roster, ORDERS, 1.0)
    roster.failed(ORDERS, "no")
    entry = roster.get(ORDERS)
    assert entry is not None
    assert (entry.observation.at, entry.observation.error) == (1.0, "no")


def test_an_answer_ends_the_error() -> None:
    roster = Roster()
    roster.put(monitor())
    roster.failed(ORDERS, "no")
    answered(roster, ORDERS, 1.0)
    entry = roster.get(ORDERS)
    assert entry is not None
    assert entry.observation.error is None


def test_suspending_forgets_what_the_monitor_said() -> None:
    roster = Roster()
    roster.put(monitor())
    answered(roster, ORDERS, 1.0)
    roster.put(monitor(suspended=True))
    entry = roster.get(ORDERS)
    assert entry is not None
    assert entry.observation.at is None


def test_an_answer_that_comes_after_suspending_is_not_taken() -> None:
    roster = Roster()
    roster.put(monitor(suspended=True))
    answered(roster, ORDERS, 1.0)
    entry = roster.get(ORDERS)
    assert entry is not None
    assert entry.observation.at is None


def test_an_answer_of_a_deleted_monitor_does_not_bring_it_back() -> None:
    roster = Roster()
    answered(roster, ORDERS, 1.0)
    roster.failed(ORDERS, "no")
    assert len(roster) == 0


def test_suspended_monitors_are_not_polled() -> None:
    roster = Roster()
    roster.put(monitor())
    roster.put(monitor(OTHER, suspended=True))
    assert roster.pollable() == {ORDERS}


def test_members_move_only_when_who_is_polled_may_have_changed() -> None:
    roster = Roster()
    roster.put(monitor())
    before = roster.members.value
    roster.put(monitor(ready=False))
    answered(roster, ORDERS, 1.0)
    assert roster.members.value == before
    roster.put(monitor(suspended=True))
    assert roster.members.value > before


@pytest.mark.anyio
async def test_a_revision_wakes_all_who_wait() -> None:
    revision = Revision()
    waiting = [asyncio.create_task(revision.beyond(0)) for _ in range(3)]
    await asyncio.sleep(0)
    revision.bump()
    assert await asyncio.gather(*waiting) == [1, 1, 1]


@pytest.mark.anyio
async def test_a_revision_that_moved_before_does_not_wait() -> None:
    revision = Revision()
    revision.bump()
    assert await revision.beyond(0) == 1
