"""What is said about the pod."""

from typing import Any

import pytest

from flower_operator.controller.checks.workload import available, check_workload
from flower_operator.controller.findings import State
from flower_operator.kinds import Manifest

from .made import monitor


def deployment(available: int = 0, generation: int = 1, observed: int = 1, **status: Any) -> Manifest:
    counts = {"observedGeneration": observed, "availableReplicas": available, "updatedReplicas": 1}
    return {"metadata": {"generation": generation}, "spec": {"replicas": 1}, "status": counts | status}


def pod(created: str = "2026-01-01T00:00:00Z", conditions: list[Manifest] | None = None, **container: Any) -> Manifest:
    statuses = [{"name": "monitor", "image": "example.com/a:1", "ready": False} | container] if container else []
    status = {"containerStatuses": statuses, "conditions": conditions or []}
    return {"metadata": {"creationTimestamp": created}, "status": status}


def waiting(reason: str, message: str = "") -> dict[str, Any]:
    return {"state": {"waiting": {"reason": reason, "message": message}}}


def crashed(code: int, message: str, reason: str = "Error") -> dict[str, Any]:
    ended = {"terminated": {"exitCode": code, "message": message, "reason": reason}}
    return waiting("CrashLoopBackOff") | {"lastState": ended}


def test_an_available_deployment_holds() -> None:
    assert check_workload(monitor(), deployment(1), []).state is State.HOLDS


@pytest.mark.parametrize(
    "found",
    [deployment(0), deployment(1, generation=2, observed=1), deployment(1, updatedReplicas=0), {
        "metadata": {"generation": 1}, "spec": {"replicas": 0}, "status": {"observedGeneration": 1}
    }],
)  # fmt: skip
def test_an_older_or_missing_pod_does_not_count(found: Manifest) -> None:
    assert not available(found)


def test_a_pod_that_starts_is_starting() -> None:
    found = check_workload(monitor(), deployment(), [pod()])
    assert (found.state, found.reason) == (State.STARTING, "Progressing")


def test_without_deployment_another_aspect_is_waited_for() -> None:
    assert check_workload(monitor(), None, []).state is State.IDLE


def test_suspend_is_idle() -> None:
    found = check_workload(monitor(suspend=True), deployment(), [])
    assert (found.state, found.reason) == (State.IDLE, "Suspended")


@pytest.mark.parametrize("reason", ["ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull"])
def test_an_image_that_cannot_be_pulled_names_image_and_field(reason: str) -> None:
    subject = monitor(image="example.com/a:1")
    found = check_workload(subject, deployment(), [pod(**waiting(reason, "not found\nmore"))])
    assert (found.state, found.reason) == (State.REFUSED, "ImagePullFailed")
    assert "example.com/a:1 can't be pulled (not found)" in found.message
    assert "spec.image" in found.message


def test_the_operators_own_image_is_named_when_the_spec_has_none() -> None:
    assert "--monitor-image" in check_workload(monitor(), deployment(), [pod(**waiting("ErrImagePull"))]).message


def test_a_crash_shows_exit_code_and_last_words() -> None:
    found = check_workload(monitor(), deployment(), [pod(**crashed(1, "the store is no database"))])
    assert (found.state, found.reason) == (State.FAILING, "CrashLoopBackOff")
    assert "exit code 1: the store is no database" in found.message


def test_too_little_memory_names_the_field() -> None:
    found = check_workload(monitor(), deployment(), [pod(**crashed(137, "", "OOMKilled"))])
    assert (found.state, found.reason) == (State.REFUSED, "OOMKilled")
    assert "spec.resources.limits.memory" in found.message


def test_a_pod_that_no_node_takes_says_why() -> None:
    conditions = [{"type": "PodScheduled", "status": "False", "message": "0/3 nodes: Insufficient memory."}]
    found = check_workload(monitor(), deployment(), [pod(conditions=conditions)])
    assert (found.state, found.reason) == (State.FAILING, "Unschedulable")
    assert "Insufficient memory" in found.message


def test_a_container_that_cannot_be_made_says_why() -> None:
    found = check_workload(monitor(), deployment(), [pod(**waiting("CreateContainerConfigError", "no Secret x"))])
    assert (found.state, found.reason) == (State.FAILING, "CreateContainerConfigError")
    assert "no Secret x" in found.message


def test_a_pod_that_is_refused_by_quota_says_why() -> None:
    condition = {"type": "ReplicaFailure", "status": "True", "message": "exceeded quota"}
    found = check_workload(monitor(), deployment(conditions=[condition]), [])
    assert (found.state, found.reason) == (State.REFUSED, "PodRefused")
    assert "exceeded quota" in found.message


def test_only_the_newest_pod_counts() -> None:
    old, new = pod("2026-01-01T00:00:00Z", **waiting("ErrImagePull")), pod("2026-01-02T00:00:00Z")
    assert check_workload(monitor(), deployment(), [old, new]).reason == "Progressing"


def test_messages_of_others_are_cut() -> None:
    found = check_workload(monitor(), deployment(), [pod(**crashed(1, "x" * 100_000))])
    assert len(found.message) < 1200
