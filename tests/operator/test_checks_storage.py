"""What is said about the volume."""

from typing import Any

from flower_operator.controller.checks.storage import check_claim
from flower_operator.controller.findings import State
from flower_operator.kinds import Manifest

from .made import monitor

SUBJECT = monitor(storage={"size": "1Gi", "storageClassName": "fast"})


def claim(phase: str, storage_class: str | None = "fast", **meta: Any) -> Manifest:
    spec = {"storageClassName": storage_class} if storage_class else {}
    return {"metadata": {"name": "orders-data"} | meta, "spec": spec, "status": {"phase": phase}}


def test_a_bound_claim_holds() -> None:
    assert check_claim(SUBJECT, claim("Bound"), False).state is State.HOLDS


def test_a_pending_claim_is_starting() -> None:
    found = check_claim(SUBJECT, claim("Pending"), False)
    assert (found.state, found.reason) == (State.STARTING, "ClaimPending")
    assert "kubectl describe pvc orders-data" in found.message


def test_a_pending_claim_of_a_suspended_monitor_may_wait_for_its_pod() -> None:
    found = check_claim(monitor(storage={"storageClassName": "fast"}, suspend=True), claim("Pending"), False)
    assert (found.state, found.reason) == (State.IDLE, "ClaimPending")


def test_an_unknown_class_names_the_field() -> None:
    found = check_claim(SUBJECT, claim("Pending"), True)
    assert (found.state, found.reason) == (State.REFUSED, "StorageClassNotFound")
    assert "fast (spec.storage.storageClassName)" in found.message


def test_a_cluster_without_default_class_is_said() -> None:
    found = check_claim(monitor(), claim("Pending", None), False)
    assert (found.state, found.reason) == (State.REFUSED, "NoStorageClass")


def test_a_lost_volume_waits_for_a_person() -> None:
    assert check_claim(SUBJECT, claim("Lost"), False).state is State.REFUSED


def test_a_claim_on_its_way_out_is_waited_for() -> None:
    found = check_claim(SUBJECT, claim("Bound", deletionTimestamp="now"), False)
    assert (found.state, found.reason) == (State.STARTING, "ClaimTerminating")


def test_an_existing_claim_that_is_missing_names_the_field() -> None:
    found = check_claim(monitor(storage={"existingClaim": "history"}), None, False)
    assert (found.state, found.reason) == (State.REFUSED, "ClaimNotFound")
    assert "spec.storage.existingClaim" in found.message


def growing(*told: tuple[str, str], capacity: str = "1Gi") -> Manifest:
    found = claim("Bound")
    found["spec"]["resources"] = {"requests": {"storage": "2Gi"}}
    conditions = [{"type": kind, "status": "True", "message": message} for kind, message in told]
    found["status"] |= {"capacity": {"storage": capacity}, "conditions": conditions}
    return found


def test_a_claim_that_grows_is_pending_and_holds() -> None:
    found = check_claim(SUBJECT, growing(), False)
    assert (found.state, found.reason) == (State.HOLDS, "ResizePending")
    assert "has 1Gi and is to have 2Gi" in found.message


def test_a_file_system_that_waits_for_the_pod_says_so() -> None:
    found = check_claim(SUBJECT, growing(("FileSystemResizePending", "")), False)
    assert (found.state, found.reason) == (State.HOLDS, "ResizePending")
    assert "when the pod starts anew" in found.message


def test_a_driver_that_fails_is_quoted_and_stops_nobody() -> None:
    found = check_claim(SUBJECT, growing(("ControllerResizeError", "quota of the cloud.")), False)
    assert (found.state, found.reason) == (State.LACKING, "ResizeFailed")
    assert "quota of the cloud." in found.message


def test_a_claim_that_has_grown_is_bound() -> None:
    assert check_claim(SUBJECT, growing(capacity="2048Mi"), False).reason == "Bound"
