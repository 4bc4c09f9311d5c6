"""Whose an object is that has the name of a child."""

from typing import Any

from flower_operator.controller.ownership import Ownership, ownership
from flower_operator.kinds import Manifest
from flower_operator.resources import metadata

from .made import monitor

OURS = monitor()
OTHER_UID = "00000000-0000-0000-0000-000000000002"


def live(labels: dict[str, str] | None = None, **owner: Any) -> Manifest:
    meta: Manifest = {"name": "orders-monitor", "labels": labels}
    if owner:
        meta["ownerReferences"] = [metadata.owner(OURS) | owner]
    return {"metadata": meta}


def test_what_we_own_is_ours_without_its_labels() -> None:
    assert ownership(live(uid=OURS.uid), OURS) is Ownership.OURS


def test_an_orphan_with_our_labels_is_ours() -> None:
    assert ownership(live(metadata.labels(OURS)), OURS) is Ownership.OURS


def test_what_belonged_to_a_deleted_monitor_of_this_name_is_waited_for() -> None:
    assert ownership(live(metadata.labels(OURS), uid=OTHER_UID), OURS) is Ownership.PREVIOUS


def test_an_object_without_owner_and_labels_is_foreign() -> None:
    assert ownership(live(), OURS) is Ownership.FOREIGN


def test_an_object_of_another_instance_is_foreign() -> None:
    labels = metadata.labels(OURS) | {"app.kubernetes.io/instance": "other"}
    assert ownership(live(labels), OURS) is Ownership.FOREIGN


def test_an_object_that_something_else_owns_is_foreign_whatever_its_labels() -> None:
    owned = live(metadata.labels(OURS), uid=OTHER_UID, kind="Deployment", apiVersion="apps/v1")
    assert ownership(owned, OURS) is Ownership.FOREIGN
