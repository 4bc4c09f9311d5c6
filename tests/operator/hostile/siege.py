"""Applies hostile FlowerMonitors at random, and deletes and bends at random what is made for them."""

import random
from collections import Counter
from dataclasses import dataclass, field

from flower_operator import constants, kinds
from flower_operator.exceptions import KubeError
from flower_operator.kinds import Kind, Manifest
from flower_operator.resources import integrations
from tests.operator.world import World, monitor, secret

from .objects import good, grafted, specs

CHILDREN = (kinds.DEPLOYMENT, kinds.SERVICE, kinds.SERVICE_ACCOUNT, kinds.SECRET, kinds.CLAIM, *integrations.KINDS)
WILD = 150
"""Specs that are drawn; each is used many times, beside others."""

TRIES = 10
"""Specs that are tried for one that is taken."""

BENT: dict[Kind, Manifest] = {
    kinds.DEPLOYMENT: {"spec": {"replicas": 3, "template": {"spec": {"enableServiceLinks": True}}}},
    kinds.SERVICE: {"spec": {"selector": {"app": "theirs"}}},
    kinds.SECRET: {"data": {"FLOWER_BROKER": "dGhlaXJz"}},
    kinds.CONFIG_MAP: {"data": {"theirs": "yes"}},
}
"""What somebody does to a child by hand."""


def refused(error: KubeError) -> bool:
    """Whether the API server does not take an object as it is. Of items that are there twice it says so with 500."""
    return error.status in (400, 422) or "duplicate entries for key" in error.message


@dataclass
class Siege:
    """What is done, all of it by one seed."""

    world: World
    names: list[str]
    rng: random.Random
    done: Counter[str] = field(default_factory=Counter)
    """How often what was done, and how often the API server did not take it."""

    def __post_init__(self) -> None:
        self._good = good()
        self._wild = specs(WILD, self.rng.randrange(2**32))

    async def strike(self) -> None:
        """Do one thing."""
        ways = {
            self._apply: 10,
            self._delete_child: 6,
            self._bend_child: 3,
            self._delete: 1,
            self._secret: 2,
            self._squat: 1,
        }
        way = self.rng.choices(list(ways), list(ways.values()))[0]
        name = way.__name__.strip("_")
        try:
            await way(self.rng.choice(self.names))
            self.done[name] += 1
        except KubeError as error:
            # A name that is taken, an object that is gone by now, or a machine that is too busy.
            if not (refused(error) or error.status == 404 or error.transient):
                raise
            self.done[f"{name} refused"] += 1

    async def _apply(self, name: str) -> None:
        """Try specs until the API server takes one."""
        for _ in range(TRIES - 1):
            try:
                return await self._try(name)
            except KubeError as error:
                if not refused(error):
                    raise
                self.done["spec refused"] += 1
        await self._try(name)

    async def _try(self, name: str) -> None:
        wild = self.rng.choice(self._wild)
        body = monitor(name)
        body["spec"] = wild if self.rng.random() < 0.2 else grafted(self.rng, self.rng.choice(self._good), wild)
        await self.world.api.apply(kinds.FLOWER_MONITOR, self.world.namespace, body, "hostile")

    async def _delete(self, name: str) -> None:
        await self.world.delete(kinds.FLOWER_MONITOR, name)

    async def _child(self, name: str, among: tuple[Kind, ...]) -> tuple[Kind, str] | None:
        kind = self.rng.choice(among)
        label = f"{constants.LABEL_INSTANCE}={name}"
        try:
            found = await self.world.api.list(kind, self.world.namespace, label)
        except KubeError as error:
            if error.status != 404:  # an optional API that is not here
                raise
            return None
        return (kind, self.rng.choice(found)["metadata"]["name"]) if found else None

    async def _delete_child(self, name: str) -> None:
        if (child := await self._child(name, CHILDREN)) is not None:
            await self.world.delete(*child)

    async def _bend_child(self, name: str) -> None:
        if (child := await self._child(name, tuple(BENT))) is not None:
            await self.world.api.merge(child[0], self.world.namespace, child[1], BENT[child[0]])

    async def _secret(self, _: str) -> None:
        """A Secret that the golden files name comes, goes, or holds something else."""
        name = self.rng.choice(["orders-broker", "orders-login", "orders-users", "orders-rules"])
        if self.rng.random() < 0.4:
            await self.world.delete(kinds.SECRET, name)
            return
        values = ["redis://redis:6379/0", "kafka://x", "", "ann:in the clear", "amqp://u:p@h/%2F"]
        keys = ("url", "uri", "users", "username", "password", "rules.json")
        body = secret(name, **{key: self.rng.choice(values) for key in keys})
        await self.world.api.apply(kinds.SECRET, self.world.namespace, body, "hostile")

    async def _squat(self, name: str) -> None:
        """Somebody else's object takes the name of a child."""
        theirs: dict[Kind, Manifest] = {
            kinds.SERVICE: {"metadata": {"name": f"{name}-monitor"}, "spec": {"ports": [{"port": 1}]}},
            kinds.SECRET: {"metadata": {"name": f"{name}-config"}},
            kinds.CONFIG_MAP: {"metadata": {"name": f"{name}-dashboard"}},
        }
        kind = self.rng.choice(list(theirs))
        head = {"apiVersion": kind.api_version, "kind": kind.kind}
        await self.world.api.create(kind, self.world.namespace, {**head, **theirs[kind]})
