"""How long queues were, minute by minute: on its way from web, which looks at them, to ingest, which stores it."""

import msgspec

MINUTE = 60


class Figure(msgspec.Struct, array_like=True):
    """What was told of one figure within a time, so that its mean and its highest value are known."""

    n: int = 0
    """How often it was told: a broker does not tell all of them."""

    total: int = 0
    most: int = 0

    def add(self, value: int | None) -> None:
        """Count one value; None: it was not told."""
        if value is not None:
            self.n, self.total, self.most = self.n + 1, self.total + value, max(self.most, value)

    def merge(self, other: "Figure") -> None:
        """Count all of another time."""
        self.n, self.total, self.most = self.n + other.n, self.total + other.total, max(self.most, other.most)

    @property
    def mean(self) -> float | None:
        """None: nothing was told."""
        return round(self.total / self.n, 2) if self.n else None


class Sample(msgspec.Struct, array_like=True):
    """What was seen of one queue within a time."""

    ready: Figure = msgspec.field(default_factory=Figure)
    unacknowledged: Figure = msgspec.field(default_factory=Figure)
    consumers: Figure = msgspec.field(default_factory=Figure)

    def add(self, ready: int | None, unacknowledged: int | None, consumers: int | None) -> None:
        """Count one look."""
        self.ready.add(ready)
        self.unacknowledged.add(unacknowledged)
        self.consumers.add(consumers)

    def merge(self, other: "Sample") -> None:
        """Count all of another time."""
        self.ready.merge(other.ready)
        self.unacknowledged.merge(other.unacknowledged)
        self.consumers.merge(other.consumers)


class QueueSamples(msgspec.Struct, frozen=True, tag="queues"):
    """What was seen of some queues since it was last told of them."""

    start: int
    """Start of the minute, epoch seconds."""

    queues: dict[str, Sample]
