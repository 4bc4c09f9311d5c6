"""Kubernetes bearer tokens: the API server says whose they are."""

import hashlib
import logging
import time
from collections.abc import Awaitable, Callable

from flower_operator.exceptions import Forbidden, KubeError
from flower_operator.fleet.identity import Refusal, User, Verdict, identity_of
from flower_operator.fleet.memo import Memo

log = logging.getLogger(__name__)

MAX_KEPT = 1_000
"""Verdicts kept at a time."""

MAY_NOT_ASK = (
    "This fleet may not ask Kubernetes whose a token is (create tokenreviews; rbac.clusterRoles of the chart). "
    "Log in with the password of Secret flower-operator-fleet."
)
"""What the owner of a token is told where the chart was installed without rights in the cluster."""

ReviewToken = Callable[[str], Awaitable[User | None]]


class TokenChecker:
    """Asks the API server about tokens and remembers the answers for seconds. It keeps hashes, never tokens."""

    def __init__(self, review: ReviewToken, clock: Callable[[], float] = time.monotonic) -> None:
        self._review = review
        self._memo: Memo[Verdict] = Memo(MAX_KEPT, clock)

    def __len__(self) -> int:
        """How many verdicts are kept."""
        return len(self._memo)

    async def check(self, token: str) -> Verdict:
        """Judge a token."""
        try:
            return await self._memo.get(hashlib.sha256(token.encode()).digest(), lambda: self._judge(token))
        except Forbidden as error:
            log.warning("A bearer token could not be checked, so it was refused: %s", error)
            return Refusal(403, MAY_NOT_ASK)
        except KubeError as error:
            log.warning("A bearer token could not be checked, so it was refused: %s", error)
            return Refusal(503, "The Kubernetes API server could not check the token just now; try again.")

    async def _judge(self, token: str) -> Verdict:
        user = await self._review(token)
        if user is None:
            return Refusal(401, "Kubernetes does not know this bearer token, or it has expired.")
        return identity_of(user)
