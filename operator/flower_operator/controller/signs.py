"""When each watch last gave a sign: one that is deaf looks like that of a cluster in which nothing happens."""

from collections.abc import Callable, Iterable, Mapping

from flower_operator.kinds import Kind

from .inventory import Source


class Signs:
    """Of every watch, the time of its last event, bookmark or good answer. Also written in kopf's thread: a single
    assignment, which needs no lock."""

    def __init__(self, sources: Iterable[Source], clock: Callable[[], float]) -> None:
        self._clock = clock
        self._at = dict.fromkeys(sources, clock())

    def heard(self, source: Source) -> None:
        """Note a sign of a watch."""
        self._at[source] = self._clock()

    def answered(self, path: str) -> None:
        """Note a good answer to a list or watch at this path of the API server's URL; another path is none."""
        for source in self._at:
            kind, namespace = source
            # Not equal: an API server behind a proxy has a prefix.
            if path.endswith(kind.path(namespace)):
                self.heard(source)

    def ages(self) -> Mapping[Kind, float]:
        """Seconds since then, by kind; of several namespaces those of the longest silent one."""
        now, ages = self._clock(), dict[Kind, float]()
        for (kind, _), at in self._at.items():
            ages[kind] = max(now - at, ages.get(kind, 0.0))
        return ages
