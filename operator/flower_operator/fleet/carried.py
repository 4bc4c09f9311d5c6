"""Somebody of this cluster before another cluster's API server: who they are there, and what it says of them."""

import time
from collections.abc import Callable

from flower_operator.exceptions import KubeError, Unreachable
from flower_operator.fleet.identity import User
from flower_operator.fleet.rights import Ask, Question

PAUSE = 10.0
"""Seconds without another question after one that was not answered."""
TOLD = 60.0
"""Seconds for which it is told that one was not answered, unless another is."""

RESERVED = "system:"
"""Begins names that each cluster makes for itself: the ServiceAccount `system:serviceaccount:team-a:ci` of one cluster
is not that of another, nor are nodes or `system:masters`."""


def carried(user: User) -> User | None:
    """Who somebody is in another cluster: the same name and groups, but none that this cluster made; None: nobody.

    Neither uid nor extra: both are of the authenticator that knew the person here.
    """
    name = str(user.get("username", ""))
    if not name or name.startswith(RESERVED):
        return None
    return {"username": name, "groups": [group for group in user.get("groups") or () if not group.startswith(RESERVED)]}


class Carried:
    """Asks another cluster's API server what people of this cluster may there. No answer is KubeError: no is no.

    `ask` gives up by itself (`Reviews.may`): a page waits for it, and shows the other clusters without.
    """

    def __init__(self, ask: Ask, clock: Callable[[], float] = time.monotonic) -> None:
        self._ask = ask
        self._clock = clock
        self._failed: tuple[float, str] | None = None

    @property
    def trouble(self) -> str | None:
        """Why it can't be asked just now."""
        if self._failed is None or self._clock() > self._failed[0] + TOLD:
            return None
        return f"It can't be asked what somebody may see there, so they see nothing of it: {self._failed[1]}."

    async def may(self, user: User, question: Question) -> bool:
        """Whether that person may do so there."""
        person = carried(user)
        if person is None:
            return False
        if self._failed is not None and self._clock() < self._failed[0] + PAUSE:
            raise Unreachable(f"not asked again so soon; {self._failed[1]}")
        try:
            allowed = await self._ask(person, question)
        except KubeError as error:
            self._failed = self._clock(), str(error)
            raise Unreachable(str(error)) from error
        self._failed = None
        return allowed
