"""What was listed, and when it still counts."""

from typing import Any

import pytest

from flower_operator.controller.listed import Listed, Place, put
from flower_operator.kinds import FLOWER_MONITOR, SERVICE, Kind, Manifest
from flower_operator.spec import Key

KEY = Key("team", "orders")
OTHER = Key("team", "billing")
MONITOR: Place = (FLOWER_MONITOR, "orders")
CHILD: Place = (SERVICE, "orders-monitor")


def body(name: str, version: str = "1", **further: Any) -> Manifest:
    """An object as a list has it: Kubernetes leaves out the kind of what is its own."""
    return {"metadata": {"name": name, "resourceVersion": version, "managedFields": [{}]}, **further}


def fill(listed: Listed, *keys: Key) -> None:
    """List a FlowerMonitor and a child for each key."""
    with listed.listing() as found:
        for key in keys:
            put(found, key, FLOWER_MONITOR, body(key.name))
            put(found, key, SERVICE, body(f"{key.name}-monitor", spec={"type": "ClusterIP"}))


@pytest.fixture
def listed() -> Listed:
    made = Listed()
    fill(made, KEY, OTHER)
    return made


def test_an_object_is_whole_but_for_its_managed_fields(listed: Listed) -> None:
    assert listed.take(KEY)[CHILD] == {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "orders-monitor", "resourceVersion": "1"},
        "spec": {"type": "ClusterIP"},
    }


def test_it_serves_once(listed: Listed) -> None:
    assert set(listed.take(KEY)) == {MONITOR, CHILD}
    assert not listed.take(KEY)
    assert listed.take(OTHER)


@pytest.mark.parametrize(
    ("place", "version"),
    [
        pytest.param(CHILD, "2", id="changed"),
        pytest.param(CHILD, None, id="gone"),
        pytest.param((SERVICE, "orders-other"), "1", id="new"),
        pytest.param(MONITOR, "2", id="the FlowerMonitor itself"),
    ],
)
def test_an_event_drops_all_of_its_flowermonitor_and_of_no_other(
    listed: Listed, place: tuple[Kind, str], version: str | None
) -> None:
    listed.tell(KEY, place, version)
    assert not listed.take(KEY)
    assert listed.take(OTHER)


def test_an_event_of_what_was_listed_drops_nothing(listed: Listed) -> None:
    """A watch begins by telling of all that there is."""
    listed.tell(KEY, MONITOR, "1")
    listed.tell(KEY, CHILD, "1")
    assert listed.take(KEY)


@pytest.mark.parametrize(("version", "counts"), [("1", True), ("2", False), (None, False)])
def test_what_is_told_while_it_is_listed_counts_too(version: str | None, counts: bool) -> None:
    listed = Listed()
    with listed.listing() as found:
        put(found, KEY, FLOWER_MONITOR, body("orders"))
        put(found, KEY, SERVICE, body("orders-monitor"))
        listed.tell(KEY, CHILD, version)
    assert bool(listed.take(KEY)) is counts


def test_lists_during_which_events_were_missed_do_not_count() -> None:
    listed = Listed()
    with listed.listing() as found:
        put(found, KEY, FLOWER_MONITOR, body("orders"))
        listed.distrust()
    assert not listed.take(KEY)


def test_lists_that_fail_do_not_count(listed: Listed) -> None:
    def fail() -> None:
        with listed.listing() as found:
            put(found, KEY, FLOWER_MONITOR, body("orders"))
            raise OSError("away")

    with pytest.raises(OSError, match="away"):
        fail()
    assert not listed.take(KEY)
    fill(listed, KEY)
    assert listed.take(KEY)


def test_data_of_a_deleted_flowermonitor_is_not_kept() -> None:
    listed = Listed()
    with listed.listing() as found:
        put(found, KEY, SERVICE, body("orders-monitor"))
    assert not listed.take(KEY)
