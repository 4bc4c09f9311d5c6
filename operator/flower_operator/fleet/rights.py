"""What somebody may do with which monitors: Kubernetes's decision, asked with SubjectAccessReviews."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from enum import Enum
from typing import NamedTuple

from flower_operator.fleet.identity import Identity, User
from flower_operator.fleet.memo import Memo
from flower_operator.spec import Key

MAX_KEPT = 20_000
"""Answers kept at a time, about 200 bytes each."""


class Role(Enum):
    """What somebody is in a monitor, by the monitor's names."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    ADMIN = "admin"


VERBS = {Role.VIEWER: "get", Role.OPERATOR: "update", Role.ADMIN: "administer"}
"""The verb on `flowermonitors` that makes somebody so. `administer` is our own; the others do what they say, too."""


class Question(NamedTuple):
    """Whether somebody may do so with FlowerMonitors."""

    verb: str
    namespace: str | None
    """None: in all namespaces."""
    name: str | None = None
    """None: with all of the namespace."""


Ask = Callable[[User, Question], Awaitable[bool]]


class Rights:
    """Asks Kubernetes, and remembers the answers for seconds. When it can't be asked, KubeError is raised: no is no.

    Args:
        ask: Asks one question.
        shown: Namespaces that this fleet shows; none: all.
        password_role: What the password of the fleet's Secret makes its owner, in every monitor.
        clock: Seconds.
    """

    def __init__(
        self,
        ask: Ask,
        shown: Collection[str] = (),
        password_role: Role = Role.VIEWER,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ask = ask
        self._shown: tuple[str | None, ...] = tuple(shown) or (None,)
        self._password_role = password_role
        self._memo: Memo[bool] = Memo(MAX_KEPT, clock)

    async def role(self, who: Identity, key: Key) -> Role | None:
        """What somebody is in a monitor, whether or not it exists; None: nothing. Who may not `get` is nothing."""
        if who.user is None:
            return self._password_role
        if not await self._may(who, Role.VIEWER, *key):
            return None
        operator, admin = await asyncio.gather(*(self._may(who, role, *key) for role in (Role.OPERATOR, Role.ADMIN)))
        return Role.ADMIN if admin else Role.OPERATOR if operator else Role.VIEWER

    async def everywhere(self, who: Identity) -> bool:
        """Whether somebody may `get` all that this fleet shows, be it nothing yet."""
        return who.user is None or await self._viewed(who, self._shown) == list(self._shown)

    async def namespaces(self, who: Identity, known: Collection[str]) -> frozenset[str]:
        """Those in which somebody may `get` every monitor: as in Kubernetes, a list is all of a namespace or nothing.

        Args:
            who: Somebody.
            known: Namespaces that have monitors.
        """
        if await self.everywhere(who):
            return frozenset(known)
        asked = [space for space in sorted(known) if space in self._shown or None in self._shown]
        return frozenset(space for space in await self._viewed(who, asked) if space is not None)

    async def _viewed(self, who: Identity, spaces: Sequence[str | None]) -> list[str | None]:
        """Those of the namespaces in which somebody may `get` every monitor; None is the whole cluster."""
        allowed = await asyncio.gather(*(self._may(who, Role.VIEWER, space) for space in spaces))
        return [space for space, may in zip(spaces, allowed, strict=True) if may]

    async def _may(self, who: Identity, role: Role, namespace: str | None, name: str | None = None) -> bool:
        assert who.user is not None  # noqa: S101 - callers have answered for the others
        user, question = who.user, Question(VERBS[role], namespace, name)
        return await self._memo.get((who.digest, question), lambda: self._ask(user, question))
