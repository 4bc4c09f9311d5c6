"""Silences in the store: one for a kind of failure, until it ends or is lifted."""

from collections.abc import Iterator
from pathlib import Path

import apsw
import msgspec
import pytest

from flower_monitor.silence import Lifted, Silence, Silenced
from flower_monitor.store import connect, silences

NOON = 1_800_014_400.0
HOUR = 3600.0
KNOWN = Silence(
    id="a1", name="shop.pay", exception="ValueError", file="/app/shop.py", function="pay", reason="a fix is on its way",
    user="ann", at=NOON, until=NOON + HOUR,
)  # fmt: skip


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[apsw.Connection]:
    opened = connect.writer(tmp_path / "s")
    yield opened
    opened.close()


def test_a_silence_holds_until_its_end(connection: apsw.Connection) -> None:
    silences.save(connection, [Silenced(KNOWN)])

    assert silences.in_force(connection, NOON + HOUR - 1) == [KNOWN]
    assert silences.in_force(connection, NOON + HOUR) == []


def test_another_of_the_same_kind_takes_its_place(connection: apsw.Connection) -> None:
    longer = msgspec.structs.replace(KNOWN, until=NOON + 8 * HOUR, reason="it takes longer", user="bob")
    silences.save(connection, [Silenced(KNOWN), Silenced(longer)])

    assert silences.in_force(connection, NOON) == [longer]


def test_a_lifted_one_is_gone_and_the_others_stay(connection: apsw.Connection) -> None:
    other = msgspec.structs.replace(KNOWN, id="b2", name=None, file=None, function=None)
    silences.save(connection, [Silenced(KNOWN), Silenced(other), Lifted("a1", NOON)])

    assert silences.in_force(connection, NOON) == [other]


def test_what_is_over_goes_with_the_next_change(connection: apsw.Connection) -> None:
    later = msgspec.structs.replace(KNOWN, id="b2", at=NOON + HOUR, until=NOON + 2 * HOUR)
    silences.save(connection, [Silenced(KNOWN), Silenced(later)])

    assert connection.execute("select id from silence").fetchall() == [("b2",)]
