"""Which optional APIs the cluster has. Asked again from time to time: they may appear, and go."""

import time
from collections.abc import Callable

from flower_operator.exceptions import NotFound
from flower_operator.kinds import Kind
from flower_operator.kube import KubeApi


class Apis:
    """Remembers an answer for a while, however many FlowerMonitors want to know."""

    def __init__(self, api: KubeApi, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._api = api
        self._seconds = seconds
        self._clock = clock
        self._answers: dict[str, tuple[float, frozenset[str]]] = {}

    async def serves(self, kind: Kind) -> bool:
        """Whether the cluster has this kind, in our version."""
        known = self._answers.get(kind.api_version)
        if known is None or self._clock() >= known[0]:
            known = (self._clock() + self._seconds, await self._ask(kind.api_version))
            self._answers[kind.api_version] = known
        return kind.plural in known[1]

    async def _ask(self, api_version: str) -> frozenset[str]:
        try:
            return await self._api.served(api_version)
        except NotFound:
            return frozenset()
