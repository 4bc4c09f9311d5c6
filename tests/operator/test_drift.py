"""When a child is applied again."""

import copy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from flower_operator.constants import ANNOTATION_INPUT_HASH
from flower_operator.controller import drift
from flower_operator.kinds import Manifest

WANTED: Manifest = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "a", "annotations": {}},
    "spec": {"ports": [{"name": "http", "port": 80}], "selector": {"app": "a"}},
}


def live() -> Manifest:
    """What the API server makes of it: more fields, the same values."""
    found: Manifest = copy.deepcopy(drift.stamp(WANTED))
    found["metadata"] |= {"uid": "1", "resourceVersion": "7", "managedFields": [{"time": "now"}]}
    found["spec"]["clusterIP"] = "10.0.0.1"
    found["spec"]["ports"][0]["protocol"] = "TCP"
    found["status"] = {"loadBalancer": {}}
    return found


def test_what_is_not_there_is_applied() -> None:
    assert drift.needs_apply(drift.stamp(WANTED), None, None)


def test_what_is_as_wanted_is_not_applied_again() -> None:
    assert not drift.needs_apply(drift.stamp(WANTED), live(), None)


def test_a_changed_value_is_applied_again() -> None:
    found = live()
    found["spec"]["ports"][0]["port"] = 81
    assert drift.needs_apply(drift.stamp(WANTED), found, None)
    assert drift.needs_apply(drift.stamp(WANTED), found, drift.fingerprint(live()))


def test_a_removed_item_is_applied_again() -> None:
    found = live()
    found["spec"]["ports"] = []
    assert drift.needs_apply(drift.stamp(WANTED), found, None)


def test_a_field_that_is_no_longer_wanted_is_applied_away() -> None:
    fewer = copy.deepcopy(WANTED)
    del fewer["spec"]["selector"]
    assert drift.needs_apply(drift.stamp(fewer), live(), None)


def test_a_value_that_the_server_writes_otherwise_is_applied_once() -> None:
    found = live()
    found["spec"]["ports"][0]["port"] = "80"
    assert drift.needs_apply(drift.stamp(WANTED), found, None)
    assert not drift.needs_apply(drift.stamp(WANTED), found, drift.fingerprint(found))


def test_status_and_versions_are_no_drift() -> None:
    found = live()
    before = drift.fingerprint(found)
    found["metadata"] |= {"resourceVersion": "8", "managedFields": [], "generation": 2}
    found["status"] = {"changed": True}
    assert drift.fingerprint(found) == before


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_every_value_covers_itself(value: Any) -> None:
    assert drift.covers(value, copy.deepcopy(value))


@given(st.dictionaries(st.text(max_size=5), JSON, max_size=5), st.text(max_size=5), JSON)
def test_more_than_wanted_covers_what_is_wanted(wanted: dict[str, Any], name: str, value: Any) -> None:
    assert drift.covers({name: value} | wanted, wanted)


@given(JSON, JSON)
def test_equal_values_have_equal_digests(one: Any, other: Any) -> None:
    import json

    same = json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    assert (drift.digest(one) == drift.digest(other)) == same


def test_changes_are_named_and_never_shown() -> None:
    before = live() | {"data": {"password": "old", "token": "same"}}
    after = live() | {"data": {"password": "new", "token": "same"}, "status": {}}
    after["metadata"] |= {"resourceVersion": "8", "labels": {"a": "b"}}
    after["metadata"]["annotations"] = {ANNOTATION_INPUT_HASH: "another"}
    assert drift.changes(before, after) == ["data.password", "metadata.labels"]


def test_not_every_change_is_named() -> None:
    after = live() | {"data": {str(number): "" for number in range(9)}}
    assert len(drift.changes(live() | {"data": {}}, after, most=3)) == 3
