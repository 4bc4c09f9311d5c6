"""The live feed."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import pytest

from flower_operator.exceptions import Unreachable
from flower_operator.fleet import stream
from flower_operator.fleet.roster import Entry, Roster
from flower_operator.fleet.sight import within
from flower_operator.fleet.stream import Feed, SeenBy
from flower_operator.fleet.view import ClusterView
from flower_operator.spec import Key
from tests.fleet.made import ORDERS, monitor
from tests.support.patience import PATIENCE

pytestmark = pytest.mark.anyio

OTHER = Key("team-b", "other")


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty events a second instead of one."""
    monkeypatch.setattr(stream, "PERIOD", 0.05)
    monkeypatch.setattr(stream, "HEARTBEAT", 0.1)


def feed_of(roster: Roster, life: float = 60) -> Feed:
    return Feed(roster.changes, lambda: ClusterView("east", 1.0, None), life=life)


def all_of(*rosters: Roster) -> SeenBy:
    """What somebody sees who may see all."""

    async def seen_by() -> list[Entry]:
        return [entry for roster in rosters for entry in roster.entries()]

    return seen_by


def parse(event: bytes) -> dict[str, Any]:
    """The fields of an event, its data read."""
    lines = event.decode().removesuffix("\n\n").split("\n")
    fields: dict[str, Any] = dict(line.split(": ", 1) for line in lines)
    return fields | {"data": json.loads(fields["data"])}


async def next_of(events: AsyncIterator[bytes]) -> dict[str, Any]:
    async with asyncio.timeout(PATIENCE):
        return parse(await anext(events))


async def test_the_first_event_is_everything() -> None:
    roster = Roster()
    roster.put(monitor(OTHER))
    roster.put(monitor())
    async with aclosing(feed_of(roster).events(all_of(roster))) as events:
        first = await next_of(events)
    assert (first["event"], first["retry"]) == ("monitors", "2000")
    assert first["data"]["full"] is True
    assert [item["name"] for item in first["data"]["items"]] == ["orders", "other"]
    assert first["data"]["cluster"] == {"name": "east", "heard": 1.0, "trouble": None}


async def test_then_come_changes_only() -> None:
    roster = Roster()
    roster.put(monitor(OTHER))
    roster.put(monitor())
    async with aclosing(feed_of(roster).events(all_of(roster))) as events:
        first = await next_of(events)
        roster.put(monitor(ready=False))
        second = await next_of(events)
    assert second["data"]["full"] is False
    assert [(item["name"], item["ready"]) for item in second["data"]["items"]] == [("orders", False)]
    assert int(second["id"]) > int(first["id"])


async def test_what_went_is_named() -> None:
    roster = Roster()
    roster.put(monitor())
    async with aclosing(feed_of(roster).events(all_of(roster))) as events:
        await next_of(events)
        roster.remove(ORDERS)
        assert (await next_of(events))["data"]["removed"] == [
            {"cluster": None, "namespace": "team-a", "name": "orders"}
        ]


async def test_one_that_came_and_went_between_two_events_is_not_mentioned() -> None:
    roster = Roster()
    async with aclosing(feed_of(roster).events(all_of(roster))) as events:
        await next_of(events)
        roster.put(monitor())
        roster.remove(ORDERS)
        data = (await next_of(events))["data"]
    assert (data["items"], data["removed"]) == ([], [])


async def test_one_that_went_and_came_back_between_two_events_is_a_change() -> None:
    roster = Roster()
    roster.put(monitor())
    async with aclosing(feed_of(roster).events(all_of(roster))) as events:
        await next_of(events)
        roster.remove(ORDERS)
        roster.put(monitor())
        data = (await next_of(events))["data"]
    assert ([item["name"] for item in data["items"]], data["removed"]) == (["orders"], [])


async def test_a_slow_subscriber_gets_one_large_step_instead_of_many() -> None:
    roster = Roster()
    async with aclosing(feed_of(roster).events(all_of(roster))) as events:
        await next_of(events)
        for number in range(100):
            roster.put(monitor(Key("a", f"m{number:03}")))
            roster.put(monitor(Key("a", f"m{number:03}"), ready=False))
        data = (await next_of(events))["data"]
        assert len(data["items"]) == 100
        assert not any(item["ready"] for item in data["items"])
        assert (await next_of(events))["data"]["items"] == []


async def test_events_are_a_period_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "PERIOD", 0.3)
    roster = Roster()
    loop = asyncio.get_running_loop()
    async with aclosing(feed_of(roster).events(all_of(roster))) as events:
        await next_of(events)
        start = loop.time()
        for _ in range(2):
            roster.put(monitor(ready=False))
            roster.put(monitor())
            await next_of(events)
        assert loop.time() - start >= 0.6


async def test_silence_is_broken_by_an_event_that_says_nothing() -> None:
    async with aclosing(feed_of(Roster()).events(all_of())) as events:
        await next_of(events)
        assert (await next_of(events))["data"]["items"] == []


async def test_closing_ends_all_streams() -> None:
    feed = feed_of(Roster())
    async with aclosing(feed.events(all_of())) as one, aclosing(feed.events(all_of())) as other:
        await next_of(one)
        await next_of(other)
        assert feed.subscribers == 2
        feed.close()
        async with asyncio.timeout(PATIENCE):
            assert [event async for event in one][1:] == []
            assert [event async for event in other][1:] == []
    assert feed.subscribers == 0


async def test_a_stream_ends_after_its_life_so_that_rights_are_checked_again() -> None:
    async with asyncio.timeout(PATIENCE):
        assert [event async for event in feed_of(Roster(), life=0.2).events(all_of())]


async def test_a_subscriber_gets_what_they_may_see() -> None:
    roster = Roster()
    roster.put(monitor(OTHER))
    roster.put(monitor())

    async def team_a() -> list[Entry]:
        return within(roster.entries(), {"team-a"})

    async with aclosing(feed_of(roster).events(team_a)) as events:
        first = await next_of(events)
        roster.put(monitor(OTHER, ready=False))
        second = await next_of(events)
    assert [item["name"] for item in first["data"]["items"]] == ["orders"]
    assert (second["data"]["items"], second["data"]["removed"]) == ([], [])


async def test_a_right_that_comes_or_goes_is_followed() -> None:
    roster = Roster()
    roster.put(monitor(OTHER))
    roster.put(monitor())
    seen = {"team-a"}

    async def seen_by() -> list[Entry]:
        return within(roster.entries(), seen)

    async with aclosing(feed_of(roster).events(seen_by)) as events:
        await next_of(events)
        seen = {"team-b"}
        second = await next_of(events)
    assert [item["name"] for item in second["data"]["items"]] == ["other"]
    assert second["data"]["removed"] == [{"cluster": None, "namespace": "team-a", "name": "orders"}]


async def test_a_stream_ends_when_nobody_can_say_who_may_see_it() -> None:
    roster = Roster()
    roster.put(monitor())
    reachable = True

    async def seen_by() -> list[Entry]:
        if not reachable:
            raise Unreachable("no route")
        return roster.entries()

    feed = feed_of(roster)
    events = feed.events(seen_by)
    await next_of(events)
    reachable = False
    assert [event async for event in events] == []
    assert feed.subscribers == 0


async def test_monitors_of_the_same_name_in_two_clusters_are_told_apart() -> None:
    here = Roster()
    there = Roster("west", here.changes)
    for roster in (here, there):
        roster.put(monitor())
    async with aclosing(feed_of(here).events(all_of(here, there))) as events:
        first = await next_of(events)
        there.remove(ORDERS)
        second = await next_of(events)
    assert [item["cluster"] for item in first["data"]["items"]] == [None, "west"]
    assert second["data"]["removed"] == [{"cluster": "west", "namespace": "team-a", "name": "orders"}]
    assert second["data"]["items"] == []


async def test_other_clusters_are_told_with_every_event() -> None:
    views = [ClusterView("west", None, "It is away.")]
    feed = Feed(Roster().changes, lambda: ClusterView("east", 1.0, None), lambda: views)
    async with aclosing(feed.events(all_of())) as events:
        assert (await next_of(events))["data"]["clusters"] == [
            {"name": "west", "heard": None, "trouble": "It is away."}
        ]
