"""What of the roster somebody may see."""

from collections.abc import Collection

from fastapi import HTTPException, Request

from flower_operator.constants import GROUP, PLURAL
from flower_operator.fleet.identity import Identity
from flower_operator.fleet.rights import Rights, Role
from flower_operator.fleet.roster import Entry, Roster
from flower_operator.spec import Key


class Sight:
    """The roster of one cluster, as far as its Kubernetes lets somebody see it."""

    def __init__(self, roster: Roster, rights: Rights) -> None:
        self._roster = roster
        self._rights = rights

    async def namespaces(self, who: Identity) -> frozenset[str]:
        """Those that somebody sees; empty: none."""
        return await self._rights.namespaces(who, self._roster.namespaces())

    async def everywhere(self, who: Identity) -> bool:
        """Whether somebody sees all there is, be it nothing yet."""
        return await self._rights.everywhere(who)

    async def seen(self, who: Identity) -> list[Entry]:
        """All monitors that somebody sees, by namespace and name; empty: none."""
        return within(self._roster.entries(), await self.namespaces(who))

    async def entry(self, who: Identity, key: Key) -> tuple[Entry, Role]:
        """One monitor, and what somebody is in it. 403 comes before 404, so that nobody learns what there is."""
        role = await self._rights.role(who, key)
        if role is None:
            raise HTTPException(403, refusal(who, str(key)))
        entry = self._roster.get(key)
        if entry is None:
            raise HTTPException(404, f"There is no FlowerMonitor {key}.")
        return entry, role


def within(entries: Collection[Entry], namespaces: Collection[str]) -> list[Entry]:
    """Those of some namespaces."""
    return [entry for entry in entries if entry.monitor.key.namespace in namespaces]


def refusal(who: Identity, what: str) -> str:
    """Why somebody does not see something, with the fix."""
    return (
        f"{who.name} may not get {PLURAL}.{GROUP} in {what}; bind it to a role that allows it, such as"
        " the ClusterRole `view` with the chart's aggregated roles."
    )


def who(request: Request) -> Identity:
    """The one whom the door let in."""
    identity: Identity = request.scope["identity"]
    return identity
