"""Kubernetes bearer tokens: the API server says whose they are and whether that person may list FlowerMonitors."""

import asyncio
import hashlib
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from flower_operator.exceptions import KubeError
from flower_operator.fleet.auth import Identity, Refusal, Verdict

log = logging.getLogger(__name__)

TTL = 10.0
"""Seconds that a verdict holds: a right that is taken away is gone this soon."""
MAX_KEPT = 1_000
"""Verdicts kept at a time, the oldest go first; a flood of made-up tokens must not fill the memory."""
CONCURRENCY = 8
"""Reviews under way at a time, so that such a flood does not become one on the API server."""

User = Mapping[str, Any]
"""`status.user` of a TokenReview: username, uid, groups, extra."""
ReviewToken = Callable[[str], Awaitable[User | None]]
MayList = Callable[[User], Awaitable[bool]]


class TokenChecker:
    """Asks the API server about tokens and remembers the answers for `TTL`. It keeps hashes, never tokens."""

    def __init__(self, review: ReviewToken, may_list: MayList, clock: Callable[[], float] = time.monotonic) -> None:
        self._review = review
        self._may_list = may_list
        self._clock = clock
        self._slots = asyncio.Semaphore(CONCURRENCY)
        self._kept: OrderedDict[bytes, tuple[float, Verdict]] = OrderedDict()
        self._asking: dict[bytes, asyncio.Task[Verdict]] = {}

    def __len__(self) -> int:
        """How many verdicts are kept."""
        return len(self._kept)

    async def check(self, token: str) -> Verdict:
        """Judge a token. Requests that come with the same one at the same time share the question."""
        digest = hashlib.sha256(token.encode()).digest()
        kept = self._kept.get(digest)
        if kept is not None and kept[0] > self._clock():
            return kept[1]
        task = self._asking.get(digest)
        if task is None:
            task = self._asking[digest] = asyncio.create_task(self._ask(digest, token), name="token review")
        return await asyncio.shield(task)

    async def _ask(self, digest: bytes, token: str) -> Verdict:
        try:
            async with self._slots:
                verdict = await self._judge(token)
        except KubeError as error:
            # Not kept: the next request asks again.
            log.warning("A bearer token could not be checked, so it was refused: %s", error)
            return Refusal(503, "The Kubernetes API server could not check the token just now; try again.")
        finally:
            del self._asking[digest]
        self._keep(digest, verdict)
        return verdict

    async def _judge(self, token: str) -> Verdict:
        user = await self._review(token)
        if user is None:
            return Refusal(401, "Kubernetes does not know this bearer token, or it has expired.")
        name = str(user.get("username", ""))
        if await self._may_list(user):
            return Identity(name)
        return Refusal(
            403,
            f"{name} may not list flowermonitors.flower-operator.io; bind it to the ClusterRole that allows it,"
            " such as `view` with the chart's aggregated roles.",
        )

    def _keep(self, digest: bytes, verdict: Verdict) -> None:
        self._kept.pop(digest, None)
        self._kept[digest] = (self._clock() + TTL, verdict)
        while len(self._kept) > MAX_KEPT:
            self._kept.popitem(last=False)
