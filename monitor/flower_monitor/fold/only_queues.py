"""The queues of workers that consume only one: what such a worker does is of that queue, even if no client told."""

from collections.abc import Mapping

from flower_monitor.fold.intern import Interner

#: Most workers remembered; past it all are forgotten, and learned again when they answer.
MOST = 50_000


class OnlyQueues:
    """Host name -> its only queue, as the worker said when it was asked."""

    def __init__(self, names: Interner) -> None:
        self._names = names
        self._known: dict[str, str] = {}

    def __bool__(self) -> bool:
        """Whether any worker said anything."""
        return bool(self._known)

    def learn(self, queues: Mapping[str, str]) -> None:
        """What workers said; "": several queues or none."""
        if len(self._known) + len(queues) > MOST:
            self._known.clear()
        self._known |= queues

    def forget(self, hostname: str) -> None:
        """A worker may consume something else by now."""
        self._known.pop(hostname, None)

    def of(self, hostname: str) -> int:
        """The number of a worker's only queue; 0 where that is not known."""
        queue = self._known.get(hostname)
        # By its text: a number is good only for as long as the store keeps its name.
        return self._names.known.get(queue) or self._names.number(queue) if queue else 0
