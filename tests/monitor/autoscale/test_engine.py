"""What follows from decisions: rounds on a made-up situation, with pools that do what they are told, or don't."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

from flower_monitor.audit import AuditEntry
from flower_monitor.autoscale.carrying import MOST_CHANGES, Parts
from flower_monitor.autoscale.engine import Autoscaler
from flower_monitor.autoscale.hooks import Notification
from flower_monitor.autoscale.observatory import Situation, stale
from flower_monitor.autoscale.policies import Policies
from flower_monitor.autoscale.waiting import FIRST
from flower_monitor.web.pool_size import Pool
from flower_monitor.web.problems import Problem
from flower_monitor.web.shapes import PoolBody
from tests.monitor.autoscale.made import policy, row, situation, worker
from tests.monitor.web.apps import config_for
from tests.support.patience import PATIENCE

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


class World:
    """Workers whose pools get the size that they are told; the queue has what it is given.

    Made up: real workers take seconds for each change, and refuse only when they are busy (test_autoscaling.py).
    """

    def __init__(self) -> None:
        self.workers = {"w1": worker("work", size=2)}
        self.ready = 0
        self.now = 1000.0
        self.blind = False
        self.refuses: Problem | None = None
        self.asked: list[tuple[str, int]] = []
        self.looked: list[str] = []
        self.audited: list[AuditEntry] = []
        self.objections: list[str] = []
        self.told: list[Notification] = []

    def clock(self) -> float:
        return self.now

    async def situation(self) -> Situation:
        if self.blind:
            raise stale("broker", "it is down")
        return situation([row("work", self.ready)], dict(self.workers))

    async def resize(self, name: str, wanted: int, expect: int | None) -> PoolBody:
        self.asked.append((name, wanted))
        if self.refuses is not None:
            raise self.refuses
        before = self.workers[name].size or 0
        self.workers[name] = replace(self.workers[name], size=wanted, most=wanted)
        return PoolBody(worker=name, pool=None, before=before, concurrency=wanted, wanted=wanted)

    async def look(self, name: str) -> Pool:
        self.looked.append(name)
        return Pool(None, self.workers[name].size or 0, False)

    def write(self, entry: AuditEntry) -> None:
        self.audited.append(entry)

    async def objection(self, hooks: object, told: Notification) -> str | None:
        self.told.append(told)
        return self.objections.pop(0) if self.objections else None

    async def tell(self, hooks: object, told: Notification) -> None:
        self.told.append(told)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def policies(tmp_path: Path) -> Policies:
    return Policies(None, tmp_path / "kept.json")


@pytest.fixture
def make(world: World, policies: Policies, tmp_path: Path) -> Callable[..., Autoscaler]:
    def made(**fields: Any) -> Autoscaler:
        parts: Any = Parts(config_for(tmp_path / "s", **fields), policies, world, world, world)  # type: ignore[arg-type]
        return Autoscaler(parts, world, world.clock)  # type: ignore[arg-type]  # the parts of them that are used

    return made


@pytest.fixture
def autoscaler(make: Callable[..., Autoscaler], policies: Policies) -> Autoscaler:
    policies.put(quick())
    return make()


def quick(**fields: Any) -> Any:
    """A policy that decides at once."""
    return policy(
        **{"target": 1, "stabilizationSeconds": {"up": 0, "down": 0}, "cooldown": 0, "scaleDownStep": 9, **fields}
    )


async def rounds(autoscaler: Autoscaler, world: World, n: int = 1) -> None:
    for _ in range(n):
        await autoscaler.round()
        world.now += 5


async def test_a_backlog_grows_a_pool_and_its_end_shrinks_it(autoscaler: Autoscaler, world: World) -> None:
    await rounds(autoscaler, world)
    world.ready = 8
    await rounds(autoscaler, world)
    world.ready = 0
    await rounds(autoscaler, world, 2)

    assert world.asked == [("w1", 8), ("w1", 1)]
    assert autoscaler.counts() == {("p", "grown"): 1, ("p", "shrunk"): 1}


async def test_each_change_is_written_down_with_what_was_seen(autoscaler: Autoscaler, world: World) -> None:
    await rounds(autoscaler, world)
    world.ready = 8
    await rounds(autoscaler, world)

    (entry,) = world.audited
    assert (entry.user, entry.method, entry.path) == ("autoscale:p", "PUT", "/api/v1/workers/w1/pool")
    assert (entry.status, entry.outcome) == (200, "2 -> 8")
    assert entry.detail.startswith("concurrency=8, work 8, 1 workers")


async def test_a_dry_run_does_nothing_and_says_each_change_once(
    make: Callable[..., Autoscaler], policies: Policies, world: World
) -> None:
    policies.put(quick(dryRun=True))
    autoscaler = make()
    await rounds(autoscaler, world)
    world.ready = 8
    await rounds(autoscaler, world, 5)

    assert (world.asked, world.told) == ([], [])
    assert [(entry.path, entry.outcome) for entry in world.audited] == [
        ("/api/v1/autoscale/policies/p", "dry run: nothing was done")
    ]
    assert autoscaler.counts() == {("p", "dry-run"): 1}


async def test_a_dry_run_says_what_it_would_begin_with(
    make: Callable[..., Autoscaler], policies: Policies, world: World
) -> None:
    """Sizes outside of its bounds would be brought into them at once."""
    policies.put(quick(dryRun=True, max=4))
    world.workers["w1"] = worker("work", size=9)
    world.ready = 4
    autoscaler = make()
    await rounds(autoscaler, world, 3)

    assert [entry.detail.split(", work")[0] for entry in world.audited] == ["concurrency=4, before=9"]
    assert autoscaler.counts() == {("p", "dry-run"): 1}


async def test_a_monitor_that_may_only_read_sizes_nothing(
    make: Callable[..., Autoscaler], policies: Policies, world: World
) -> None:
    policies.put(quick(min=5))
    await rounds(make(read_only=True), world, 3)

    assert world.asked == []


async def test_the_switch_stops_everything(autoscaler: Autoscaler, policies: Policies, world: World) -> None:
    await rounds(autoscaler, world)
    policies.switch(False)
    world.ready = 8
    await rounds(autoscaler, world, 3)
    stopped = list(world.asked)
    policies.switch(True)
    await rounds(autoscaler, world, 2)

    assert (stopped, world.asked) == ([], [("w1", 8)])


async def test_the_switch_stops_what_was_just_decided(
    autoscaler: Autoscaler, policies: Policies, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def meanwhile(hooks: object, told: Notification) -> None:
        policies.switch(False)

    monkeypatch.setattr(world, "objection", meanwhile)
    await rounds(autoscaler, world)
    world.ready = 8
    await rounds(autoscaler, world)

    assert (world.asked, autoscaler.counts()) == ([], {("p", "off"): 1})


@pytest.mark.parametrize(
    "change",
    [lambda held: held.remove("p"), lambda held: held.put(quick(dryRun=True))],
    ids=["deleted", "changed"],
)
async def test_a_policy_that_was_deleted_or_changed_does_not_do_what_was_just_decided(
    autoscaler: Autoscaler,
    policies: Policies,
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Policies], None],
) -> None:
    async def meanwhile(hooks: object, told: Notification) -> None:
        change(policies)

    monkeypatch.setattr(world, "objection", meanwhile)
    await rounds(autoscaler, world)
    world.ready = 8
    await rounds(autoscaler, world)

    assert (world.asked, autoscaler.counts()) == ([], {("p", "off"): 1})


async def test_what_is_not_known_is_not_called_right(autoscaler: Autoscaler, world: World) -> None:
    world.workers["w2"] = worker("work", size=None)
    await rounds(autoscaler, world)
    state = autoscaler.state("p")

    assert state is not None
    assert "unknown (another worker of its queues has not said" in state.why
    assert state.why.endswith("it stays at 2")


async def test_a_veto_leaves_all_as_it_is_and_is_written_down(autoscaler: Autoscaler, world: World) -> None:
    await rounds(autoscaler, world)
    world.ready, world.objections = 8, ["a sale is on"]
    await rounds(autoscaler, world)

    assert (world.asked, autoscaler.counts()) == ([], {("p", "vetoed"): 1})
    assert [(entry.status, entry.outcome) for entry in world.audited] == [(403, "a sale is on")]


async def test_a_veto_is_asked_for_again_later(autoscaler: Autoscaler, world: World) -> None:
    await rounds(autoscaler, world)
    world.ready, world.objections = 8, ["a sale is on"]
    await rounds(autoscaler, world)
    world.now += FIRST
    await rounds(autoscaler, world)

    assert world.asked == [("w1", 8)]


async def night(autoscaler: Autoscaler, world: World, objections: int, cooldowns: int) -> None:
    """A backlog while the webhook says no so often, for some cooldowns of 30 s, six rounds each."""
    await rounds(autoscaler, world)
    world.ready, world.objections = 8, ["it is night"] * objections
    await rounds(autoscaler, world, 6 * cooldowns)


async def test_a_veto_is_asked_for_again_after_each_cooldown_however_often_it_came(
    make: Callable[..., Autoscaler], policies: Policies, world: World
) -> None:
    """Who says no until eight o'clock must not be asked for the first time at nine."""
    policies.put(quick(cooldown=30, scaleUpStep=1))
    await night(make(), world, objections=1000, cooldowns=20)

    assert (len(world.told), world.asked) == (20, [])


async def test_what_was_vetoed_is_not_made_up_for_in_one_step(
    make: Callable[..., Autoscaler], policies: Policies, world: World
) -> None:
    policies.put(quick(cooldown=30, scaleUpStep=1))
    await night(make(), world, objections=20, cooldowns=21)

    assert world.asked == [("w1", 3)]


async def test_a_worker_that_came_back_is_asked_for_after_each_cooldown_too(
    make: Callable[..., Autoscaler], policies: Policies, world: World
) -> None:
    policies.put(quick(cooldown=30, min=4))
    autoscaler = make()
    world.objections = ["it is night"] * 1000
    await rounds(autoscaler, world, 6 * 20)

    assert len(world.told) == 20


async def test_what_a_policy_has_come_to_tells_of_a_veto(
    make: Callable[..., Autoscaler], policies: Policies, world: World
) -> None:
    policies.put(quick(cooldown=30))
    autoscaler = make()
    await rounds(autoscaler, world)
    world.ready, world.objections = 8, ["a sale is on"]
    told = []
    for _ in range(2):
        await rounds(autoscaler, world)
        told.append(autoscaler.state("p"))

    assert [(state.level, state.why.partition(": ")[2]) for state in told if state] == [
        (2, "from 2 towards 8; not done: a sale is on"),
        (2, "8 would be right; that was vetoed less than 30 s ago"),
    ]


async def test_the_webhook_hears_before_and_after(autoscaler: Autoscaler, world: World) -> None:
    await rounds(autoscaler, world)
    world.ready = 8
    await rounds(autoscaler, world)

    before, after = world.told
    assert (before.phase, before.workers) == ("before", {"w1": {"before": 2, "wanted": 8}})
    assert (after.phase, after.id) == ("after", before.id)
    assert after.workers == {"w1": {"before": 2, "wanted": 8, "outcome": "grown"}}


@pytest.mark.parametrize(
    ("status", "result"),
    [
        (HTTPStatus.CONFLICT, "refused"),
        (HTTPStatus.GATEWAY_TIMEOUT, "silent"),
        (HTTPStatus.SERVICE_UNAVAILABLE, "failed"),
    ],
)
async def test_who_refuses_is_left_alone_for_a_while(
    autoscaler: Autoscaler, world: World, status: HTTPStatus, result: str
) -> None:
    await rounds(autoscaler, world)
    world.ready, world.refuses = 8, Problem(status, "x", "all processes busy")
    await rounds(autoscaler, world, 2)
    tried = len(world.asked)
    world.now += FIRST
    await rounds(autoscaler, world)

    assert (tried, len(world.asked)) == (1, 2)
    assert autoscaler.counts() == {("p", result): 2}
    assert world.audited[0].outcome == "all processes busy"


async def test_no_more_than_some_pools_are_sized_in_a_round(
    make: Callable[..., Autoscaler], policies: Policies, world: World
) -> None:
    policies.put(quick(min=4))
    world.workers = {f"w{n}": worker("work", size=2) for n in range(MOST_CHANGES + 3)}
    autoscaler = make()
    await rounds(autoscaler, world)
    first = len(world.asked)
    await rounds(autoscaler, world)

    assert (first, len(world.asked)) == (MOST_CHANGES, MOST_CHANGES + 3)
    assert autoscaler.counts()["p", "limited"] == 3


async def test_while_nothing_is_known_nothing_changes(autoscaler: Autoscaler, world: World) -> None:
    await rounds(autoscaler, world)
    world.ready = 8
    await rounds(autoscaler, world)
    world.blind = True
    await rounds(autoscaler, world, 3)
    state = autoscaler.state("p")

    assert world.asked == [("w1", 8)]
    assert state is not None
    assert (state.level, state.why) == (8, "nothing is known: it is down")


async def test_a_worker_that_was_started_anew_is_asked_for_its_size(autoscaler: Autoscaler, world: World) -> None:
    await rounds(autoscaler, world)
    world.workers["w1"] = replace(world.workers["w1"], identity=(8, 1, 2.0))
    await rounds(autoscaler, world, 2)

    assert world.looked == ["w1"]


async def test_a_worker_that_came_back_after_it_was_away_is_asked_too(autoscaler: Autoscaler, world: World) -> None:
    await rounds(autoscaler, world)
    gone = world.workers.pop("w1")
    await rounds(autoscaler, world)
    world.workers["w1"] = replace(gone, identity=(8, 1, 2.0))
    await rounds(autoscaler, world)

    assert world.looked == ["w1"]


async def test_a_policy_that_says_something_else_begins_anew(
    autoscaler: Autoscaler, policies: Policies, world: World
) -> None:
    await rounds(autoscaler, world)
    policies.put(quick(min=5))
    await rounds(autoscaler, world)

    assert world.asked == [("w1", 5)]


async def test_without_policies_nobody_is_asked(
    make: Callable[..., Autoscaler], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[None] = []

    async def counted() -> Situation:
        looks.append(None)
        return situation([], {})

    monkeypatch.setattr(world, "situation", counted)
    await rounds(make(), world, 3)

    assert looks == []


async def test_a_webhook_that_takes_its_time_over_one_policy_holds_up_no_other(
    make: Callable[..., Autoscaler], policies: Policies, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("first", "second"):
        policies.put(quick(name=name, match={"hostname": name}))
        world.workers[name] = worker("work", size=2)
    autoscaler = make()
    await rounds(autoscaler, world)
    world.ready = 8
    second = asyncio.Event()

    async def asked(hooks: object, told: Notification) -> str | None:
        if told.policy == "second":
            second.set()
        async with asyncio.timeout(PATIENCE):
            await second.wait()
        return None

    monkeypatch.setattr(world, "objection", asked)
    await rounds(autoscaler, world)
    assert sorted(name for name, _ in world.asked) == ["first", "second"]
