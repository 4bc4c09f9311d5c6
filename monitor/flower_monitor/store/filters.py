"""Bloom filters of the uuids stored: a new task costs no look-up, a known one those of four buckets.

One filter for each 2^18 ids, half a MiB: of the uuids that are not among its ids 0.24 % seem to be. With two places
for each uuid instead of four it would be 1.4 %, and of a million tasks kept the look-ups for nothing would be dearer
than all else that is done for a new one.
"""

import struct
from collections.abc import Iterator

import apsw

from flower_monitor.fold.row import Key
from flower_monitor.store import connect

#: Ids of one filter are those with the same number above these bits: four buckets of the uuid index.
BITS = 18

#: Bits of a filter, and the part of a number that picks one.
_SIZE = 1 << 22
_MASK = _SIZE - 1

_halves = struct.Struct("<QQ").unpack

#: Ids after which the newest filter is stored again: so many are read back after a kill -9.
SAVED_EVERY = 1 << 16


class Filters:
    """Which ids a uuid may have."""

    def __init__(self) -> None:
        self._generations: dict[int, bytearray] = {}
        self._saved_through = 0
        self._last = 0

    def add(self, key: Key, number: int) -> None:
        """A task has this uuid and this id; ids only grow."""
        bits = self._generations.get(number >> BITS)
        if bits is None:
            bits = self._generations[number >> BITS] = bytearray(_SIZE >> 3)
        for place in _places(key):
            bits[place >> 3] |= 1 << (place & 7)
        self._last = number

    def generations(self, key: Key) -> list[int]:
        """Generations of ids that may hold a uuid, newest first."""
        one, two, *others = _places(key)
        i, x, j, y = one >> 3, 1 << (one & 7), two >> 3, 1 << (two & 7)
        likely = [g for g, bits in self._generations.items() if bits[i] & x and bits[j] & y]
        # Nearly always there are none: only the rest is worth another look.
        return [g for g in reversed(likely) if all(_holds(self._generations[g], place) for place in others)]

    def load(self, connection: apsw.Connection) -> None:
        """Read the stored filters; add what was stored after them."""
        ends = connect.ends(connection)
        if ends is None:
            return
        low, high = ends
        stored = connection.execute(
            "select generation, through, bits from filter where generation >= ?", (low >> BITS,)
        )
        through = {}
        for generation, last, bits in stored:
            self._generations[generation], through[generation] = bytearray(bits), last
        for generation in range(low >> BITS, (high >> BITS) + 1):
            self._read(connection, generation, through.get(generation, 0))
        self._last = high
        self._saved_through = max(through.values(), default=0)

    def save(self, connection: apsw.Connection, all_of_it: bool = False) -> None:
        """Store what is due, within the writer's transaction."""
        if not self._generations or not (all_of_it or self._last - self._saved_through >= SAVED_EVERY):
            return
        for generation in range(self._saved_through >> BITS, (self._last >> BITS) + 1):
            if generation in self._generations:
                through = min(self._last, ((generation + 1) << BITS) - 1)
                values = (generation, through, bytes(self._generations[generation]))
                connection.execute("insert or replace into filter values (?, ?, ?)", values)
        self._saved_through = self._last

    def unsaved(self) -> None:
        """What was saved last was rolled back: save all of it again."""
        self._saved_through = 0

    def forget(self, connection: apsw.Connection) -> None:
        """Drop filters whose ids are all gone, but the newest; within the writer's transaction."""
        there = "select 1 from task where id >= ? and id < ? limit 1"
        for generation in [g for g in self._generations if g < self._last >> BITS]:
            if not connection.execute(there, (generation << BITS, (generation + 1) << BITS)).fetchall():
                del self._generations[generation]
                connection.execute("delete from filter where generation = ?", (generation,))

    def _read(self, connection: apsw.Connection, generation: int, through: int) -> None:
        """Add the ids of a generation after one of them; the uuid index alone has all that takes."""
        sql = "select id, uuid from task indexed by task_uuid where id >> 16 = ? and id > ?"
        for bucket in range(generation << 2, (generation + 1) << 2):
            if (bucket + 1) << 16 > through:
                for number, key in connection.execute(sql, (bucket, through)):
                    self.add(key, number)


def buckets(generation: int) -> Iterator[int]:
    """The buckets of the uuid index that a generation's ids are in."""
    return iter(range(generation << 2, (generation + 1) << 2))


def _holds(bits: bytearray, place: int) -> bool:
    """Whether a bit is set."""
    return bool(bits[place >> 3] & 1 << (place & 7))


def _places(key: Key) -> tuple[int, int, int, int]:
    """The bits of a filter that a uuid sets. Its halves are mixed: each alone is constant in some version of uuids."""
    low, high = _halves(key if isinstance(key, bytes) else _digest(key))
    mixed = low ^ high >> 8
    return mixed & _MASK, mixed >> 24 & _MASK, (low >> 20 ^ high >> 32) & _MASK, (low >> 7 ^ high >> 10) & _MASK


def _digest(text: str) -> bytes:
    """Sixteen bytes of an id that is no uuid."""
    import hashlib  # OpenSSL comes with it, 3.5 MiB: Celery's own ids need none

    return hashlib.blake2b(text.encode(), digest_size=16).digest()
