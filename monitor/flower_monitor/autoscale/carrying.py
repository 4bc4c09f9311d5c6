"""Carries decisions out: asks the webhook, sizes the pools, writes down and counts what came of it.

A worker that refuses or is silent is left alone for a while, longer each time: `worker_enable_remote_control=False` is
common advice, and no reason for a storm of errors.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from http import HTTPStatus

import msgspec

from flower_monitor.audit import AuditEntry
from flower_monitor.autoscale.decide import Decision
from flower_monitor.autoscale.hooks import Hooks, Notification, new_id
from flower_monitor.autoscale.policies import Policies
from flower_monitor.autoscale.policy import Policy, Webhooks
from flower_monitor.autoscale.waiting import Attempt, Waiting
from flower_monitor.config import Config
from flower_monitor.web.audit import Audit
from flower_monitor.web.pools import Pools
from flower_monitor.web.problems import Problem

MOST_CHANGES = 10
"""Pools that are sized in one round, of all policies together: the others follow in the next ones."""

ROLE = "policy"
"""The role of who acts, in the audit."""

_RESULTS = {409: "refused", 422: "unable", 503: "failed", 504: "silent"}


@dataclass(frozen=True)
class Parts:
    """What decisions are carried out with."""

    config: Config
    policies: Policies
    pools: Pools
    audit: Audit
    hooks: Hooks


@dataclass(frozen=True)
class Order:
    """A decision of a policy, to be carried out."""

    policy: Policy
    decision: Decision
    sizes: Mapping[str, int]
    """What the pools have now, by host name."""

    def attempt(self, name: str) -> Attempt:
        """What is tried with a worker."""
        return Attempt(name, self.decision.sizes[name] > self.sizes[name])


class Carrier:
    """Carries decisions out.

    Args:
        parts: What that takes.
        clock: Seconds, only forward.
        wall: Epoch seconds.
    """

    def __init__(self, parts: Parts, clock: Callable[[], float], wall: Callable[[], float] = time.time) -> None:
        self._parts = parts
        self._wall = wall
        self._room = MOST_CHANGES
        self.waiting = Waiting(clock)
        self.counts: Counter[tuple[str, str]] = Counter()
        """Policy and result -> how often, since this process started."""

    def begin(self) -> None:
        """A round begins."""
        self._room = MOST_CHANGES

    def dry(self, policy: Policy) -> bool:
        """Whether nothing is done, whatever is decided."""
        return policy.dry_run or self._parts.config.read_only

    def note_dry(self, order: Order) -> None:
        """Write down what would have been done: each change of the level once, and what it begins with."""
        decision = order.decision
        if decision.level == decision.before or (decision.before is None and not decision.sizes):
            return
        self._count(order.policy, "dry-run")
        path = f"/api/v1/autoscale/policies/{order.policy.name}"
        before = "/".join(map(str, sorted(set(order.sizes.values())))) if decision.before is None else decision.before
        detail = f"concurrency={decision.level}, before={before}, {decision.why}"
        self._write(order.policy, path, detail, HTTPStatus.OK, "dry run: nothing was done")

    async def carry_out(self, order: Order, hooks: Webhooks | None) -> str | None:
        """Size the pools that are due, after asking; why the webhook has vetoed it."""
        due = [name for name in sorted(order.decision.sizes) if self.waiting.over(order.attempt(name))]
        names, later = due[: self._room], due[self._room :]
        if later:
            self._count(order.policy, "limited", len(later))
        if not names:
            return None
        self._room -= len(names)
        told = self._told(order, names)
        objection = await self._parts.hooks.objection(hooks, told)
        if objection is not None:
            self._vetoed(order, names, objection)
            return objection
        outcomes = await asyncio.gather(*(self._resize(order, name) for name in names))
        workers = {name: {**told.workers[name], "outcome": said} for name, said in zip(names, outcomes, strict=True)}
        await self._parts.hooks.tell(hooks, msgspec.structs.replace(told, phase="after", workers=workers))
        return None

    def _told(self, order: Order, names: Collection[str]) -> Notification:
        return Notification(
            phase="before",
            id=new_id(),
            at=self._wall(),
            monitor=self._parts.config.name,
            namespace=self._parts.config.namespace,
            policy=order.policy.name,
            why=order.decision.why,
            workers={name: {"before": order.sizes[name], "wanted": order.decision.sizes[name]} for name in names},
        )

    def _vetoed(self, order: Order, names: Collection[str], objection: str) -> None:
        self._count(order.policy, "vetoed", len(names))
        for name in names:
            self.waiting.pause(order.attempt(name), order.policy.cooldown)
            self._note(order, name, HTTPStatus.FORBIDDEN, objection)

    async def _resize(self, order: Order, name: str) -> str:
        """Have one pool sized; what came of it, in a word."""
        if not self._holds(order.policy):
            self._count(order.policy, "off")
            return "off"
        wanted = order.decision.sizes[name]
        try:
            body = await self._parts.pools.resize(name, wanted, None)
        except Problem as problem:
            return self._failed(order, name, problem)
        self.waiting.forget(name)
        reached = body.concurrency == wanted
        result = ("grown" if order.attempt(name).grows else "shrunk") if reached else "pending"
        self._count(order.policy, result)
        self._note(
            order, name, HTTPStatus.OK if reached else HTTPStatus.ACCEPTED, f"{body.before} -> {body.concurrency}"
        )
        return result

    def _holds(self, policy: Policy) -> bool:
        """Whether nobody has switched it off, deleted or changed it since this was decided: asking takes seconds."""
        plan = self._parts.policies.current()
        held = plan.find(policy.name)
        return plan.enabled and held is not None and held.policy == policy

    def _failed(self, order: Order, name: str, problem: Problem) -> str:
        result = _RESULTS.get(problem.status, "failed")
        self.waiting.wait(order.attempt(name))
        self._count(order.policy, result)
        self._note(order, name, problem.status, problem.detail)
        return result

    def _count(self, policy: Policy, result: str, n: int = 1) -> None:
        self.counts[policy.name, result] += n

    def _note(self, order: Order, name: str, status: int, outcome: str) -> None:
        detail = f"concurrency={order.decision.sizes[name]}, {order.decision.why}"
        self._write(order.policy, f"/api/v1/workers/{name}/pool", detail, status, outcome)

    def _write(self, policy: Policy, path: str, detail: str, status: int, outcome: str) -> None:
        entry = AuditEntry(
            at=self._wall(),
            user=f"autoscale:{policy.name}",
            role=ROLE,
            address="-",
            method="PUT",
            path=path,
            detail=detail,
            status=status,
            outcome=outcome,
        )
        self._parts.audit.write(entry)
