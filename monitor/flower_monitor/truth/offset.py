"""How far a sender's clock is from ours: nothing arrives before it was sent, so the quickest message tells."""

import msgspec

#: Seconds whose quickest message counts: a clock that was set back is believed after two of them at the latest.
WINDOW = 300.0

#: Seconds of difference that are a way and not a clock: a clock behind ours looks like a slow network.
SLOWEST_WAY = 1.0


class Offset(msgspec.Struct):
    """The least seconds from sending to receiving, by two clocks: in this window and in the one before."""

    since: float
    now: float
    before: float | None = None

    @property
    def least(self) -> float:
        """Of both windows."""
        return self.now if self.before is None else min(self.now, self.before)


def observe(offset: Offset | None, sent: float, received: float) -> Offset:
    """A message of the sender came."""
    took = received - sent
    if offset is None:
        return Offset(received, took)
    if not 0 <= received - offset.since < WINDOW:
        offset.since, offset.before, offset.now = received, offset.now, took
    elif took < offset.now:
        offset.now = took
    return offset


def correction(offset: Offset | None) -> float:
    """Seconds to take off `received - sent` for the time that it really took; what looks like a way stays in it."""
    if offset is None or 0 <= offset.least <= SLOWEST_WAY:
        return 0.0
    return offset.least


def ahead(offset: Offset | None) -> float | None:
    """Seconds that the sender's clock is ahead of ours, less the way of its quickest message."""
    return None if offset is None else -offset.least
