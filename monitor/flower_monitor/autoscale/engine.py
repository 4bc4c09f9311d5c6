"""Decides again and again what sizes pools should have. While there is no policy nobody is asked for anything."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from flower_monitor.autoscale import matching
from flower_monitor.autoscale.carrying import MOST_CHANGES, Carrier, Order, Parts
from flower_monitor.autoscale.decide import Memory, blind, decide, undone
from flower_monitor.autoscale.matching import Matched
from flower_monitor.autoscale.observatory import Observatory, Situation
from flower_monitor.autoscale.policies import Plan, changed
from flower_monitor.autoscale.policy import Policy
from flower_monitor.autoscale.waiting import REMEMBERED, Attempt
from flower_monitor.web.problems import Problem

logger = logging.getLogger(__name__)

INTERVAL = 5.0
"""Seconds between two rounds of decisions. Workers' heartbeats come every two, their answers once a minute."""


@dataclass(frozen=True)
class State:
    """What a policy has come to, for people."""

    at: float
    """When it was decided, epoch seconds."""

    why: str
    level: int | None = None
    recommendation: int | None = None
    sizes: Mapping[str, int] = field(default_factory=dict)
    """Sizes of the pools that it sizes, by host name."""

    left: Mapping[str, str] = field(default_factory=dict)
    """Workers that it fits and that it leaves alone, and why."""


class Autoscaler:
    """Follows policies.

    Args:
        parts: What decisions are carried out with.
        observatory: Sees what they are made of.
        clock: Seconds, only forward.
        wall: Epoch seconds.
    """

    def __init__(
        self,
        parts: Parts,
        observatory: Observatory,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self.policies = parts.policies
        self.observatory = observatory
        self._pools = parts.pools
        self._carrier = Carrier(parts, clock, wall)
        self._clock = clock
        self._wall = wall
        self._plan = Plan()
        self._memories: dict[str, Memory] = {}
        self._states: dict[str, State] = {}
        self._identities: dict[str, tuple[object, ...]] = {}

    def state(self, name: str) -> State | None:
        """What a policy has come to; None: nothing yet."""
        return self._states.get(name)

    def levels(self) -> dict[str, int]:
        """Policy -> size of each pool that it wants."""
        return {name: state.level for name, state in self._states.items() if state.level is not None}

    def counts(self) -> Counter[tuple[str, str]]:
        """Policy and result -> how often, since this process started."""
        return self._carrier.counts

    async def run(self) -> None:
        """Decide until cancelled."""
        while True:
            await self.round()
            await asyncio.sleep(INTERVAL)

    async def round(self) -> None:
        """One decision of each policy, and what follows from it."""
        self._follow(self.policies.current())
        if not self._plan.enabled or not self._plan.policies:
            self._memories.clear()
            self._states.clear()
            return
        try:
            situation = await self._situation()
        except Problem as problem:
            self._blind(problem.detail)
            return
        await self._decide_all(situation)

    def _follow(self, plan: Plan) -> None:
        """Forget what was remembered of policies that say something else now."""
        for name in changed(self._plan, plan):
            self._memories.pop(name, None)
            self._states.pop(name, None)
        self._plan = plan

    async def _situation(self) -> Situation:
        """What is seen; workers that were started anew are asked for their size first."""
        situation = await self.observatory.situation()
        found = {name: worker.identity for name, worker in situation.consumers.items()}
        anew = [name for name, identity in found.items() if self._identities.get(name, identity) != identity]
        due = [name for name in anew if self._carrier.waiting.over(Attempt(name, True))][:MOST_CHANGES]
        await asyncio.gather(*(self._look(name, found[name]) for name in due))
        self._remember({name: identity for name, identity in found.items() if name not in anew})
        return await self.observatory.situation() if due else situation

    async def _look(self, name: str, identity: tuple[object, ...]) -> None:
        """Ask a worker for its size; one that said that it is online before it listens is asked again."""
        try:
            await self._pools.look(name)
        except Problem as problem:
            logger.debug("the size of the pool of %s is not known: %s", name, problem.detail)
            self._carrier.waiting.wait(Attempt(name, True))
        else:
            self._carrier.waiting.forget(name)
            self._remember({name: identity})

    def _remember(self, identities: Mapping[str, tuple[object, ...]]) -> None:
        """Which process each worker is, those too that are away."""
        for name, identity in identities.items():
            self._identities.pop(name, None)
            self._identities[name] = identity
        while len(self._identities) > REMEMBERED:
            del self._identities[next(iter(self._identities))]

    def _blind(self, why: str) -> None:
        logger.debug("policies wait: %s", why)
        for held in self._plan.policies:
            name = held.policy.name
            memory = blind(held.policy, self._memories.get(name, Memory()), self._clock())
            self._memories[name] = memory
            self._states[name] = State(self._wall(), f"nothing is known: {why}", memory.level)

    async def _decide_all(self, situation: Situation) -> None:
        taken: dict[str, str] = {}
        self._carrier.begin()
        orders = []
        for held in self._plan.policies:
            found = matching.matched(held.policy, situation, taken)
            taken |= dict.fromkeys(found.workers, held.policy.name)
            orders.append(self._decide(held.policy, situation, found))
        # Beside each other: one webhook that is silent for its ten seconds would hold up each policy after it.
        await asyncio.gather(*map(self._carry_out, orders))

    def _decide(self, policy: Policy, situation: Situation, found: Matched) -> Order:
        seen = matching.sample(policy, situation, found, self._clock())
        decision = decide(policy, seen, self._memories.get(policy.name, Memory()))
        self._memories[policy.name] = decision.memory
        sizes = {name: worker.size for name, worker in seen.workers.items()}
        self._states[policy.name] = State(
            self._wall(), decision.why, decision.level, decision.recommendation, sizes, found.left
        )
        return Order(policy, decision, sizes)

    async def _carry_out(self, order: Order) -> None:
        policy, decision = order.policy, order.decision
        if self._carrier.dry(policy):
            self._carrier.note_dry(order)
            return
        objection = await self._carrier.carry_out(order, self._plan.webhooks)
        if objection is not None:
            memory = self._memories[policy.name] = undone(decision, self._clock())
            why = f"{decision.why}; not done: {objection}"
            self._states[policy.name] = replace(self._states[policy.name], why=why, level=memory.level)
