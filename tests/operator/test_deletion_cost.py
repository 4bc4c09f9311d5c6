"""What a pod of workers costs, by what its workers run, and which pods are left as they are."""

from typing import Any

import msgspec
import pytest

from flower_monitor.store.records import WorkerRow
from flower_monitor.web.shapes import WorkerList
from flower_operator.controller import busy
from flower_operator.controller.busy import Worker, by_host
from flower_operator.kinds import Manifest
from flower_operator.resources import deletion_cost
from flower_operator.resources.deletion_cost import ANNOTATION, Active, Change, changes, cost, others, releases

from .made import monitor

OURS = "flower-operator-cost-orders"
OTHER = "kubectl-annotate"
NOW = 1000.0


def pod(name: str = "a", value: int | None = None, manager: str | None = OURS, **more: Any) -> Manifest:
    """A pod, with a cost that a manager has set."""
    meta: Manifest = {"name": name, "uid": f"uid of {name}"}
    if value is not None:
        owned: Manifest = {"f:metadata": {"f:annotations": {f"f:{ANNOTATION}": {}}}}
        entries = [{"manager": one, "fieldsV1": owned} for one in (manager or "").split()]
        meta |= {"annotations": {ANNOTATION: str(value)}, "managedFields": entries}
    return {"metadata": meta | more.pop("metadata", {}), "spec": {}, "status": {"phase": "Running"}} | more


def written(pods: list[Manifest], active: Active) -> list[tuple[str, int]]:
    return [(change.pod, change.cost) for change in changes(pods, active, OURS)]


@pytest.mark.parametrize(
    ("active", "value"), [(-1, 0), (0, 0), (1, 1), (2, 2), (3, 2), (4, 4), (7, 4), (8, 8), (1 << 80, 1 << 30)]
)
def test_the_cost_is_a_power_of_two(active: int, value: int) -> None:
    assert cost(active) == value


def test_a_busy_pod_costs_and_an_idle_one_has_no_annotation() -> None:
    assert changes([pod("a"), pod("b")], {"a": 5, "b": 0}, OURS) == [Change("a", "uid of a", 4)]


def test_a_pod_that_became_idle_costs_nothing_any_more() -> None:
    assert written([pod("a", 4)], {"a": 0}) == [("a", 0)]


def test_a_pod_stays_as_it_is_until_it_has_twice_or_half_as_much() -> None:
    assert written([pod("a", 4)], {"a": 7}) == []
    assert written([pod("a", 4)], {"a": 8}) == [("a", 8)]


def test_those_that_differ_most_are_first() -> None:
    pods = [pod("a", 1), pod("b"), pod("c", 64), pod("d")]
    assert written(pods, {"a": 2, "b": 8, "c": 0, "d": 8}) == [("c", 0), ("b", 8), ("d", 8), ("a", 2)]


@pytest.mark.parametrize("active", [{}, {"a": None}, {"other": 3}])
def test_a_pod_of_which_nothing_is_known_stays_as_it_is(active: Active) -> None:
    assert written([pod("a", 4), pod("b")], active) == []


@pytest.mark.parametrize("manager", [OTHER, f"{OURS} {OTHER}", "flower-operator-cost-other", None])
def test_a_cost_of_somebody_else_stays_as_it_is(manager: str | None) -> None:
    assert written([pod("a", 4, manager)], {"a": 0}) == []


def test_it_is_said_whose_cost_stays() -> None:
    pods = [pod("a", 1, OTHER), pod("b", 2, f"{OURS} helm"), pod("c", 4), pod("d"), pod("e", 3, None)]
    assert others(pods, OURS) == ["helm", OTHER, "unknown"]


@pytest.mark.parametrize("more", [{"metadata": {"deletionTimestamp": "x"}}, {"status": {"phase": "Failed"}}])
def test_a_pod_that_goes_or_has_ended_is_nobodys_matter(more: dict[str, Any]) -> None:
    gone = pod("a", 4, OTHER, **more)
    assert (written([gone, pod("b", **more)], {"a": 0, "b": 3}), others([gone], OURS)) == ([], [])


def test_a_pod_is_found_by_the_host_name_that_its_workers_have() -> None:
    long = "a" * 70
    pods = [pod(long), pod("b", spec={"hostname": "worker"}), pod("c")]
    assert written(pods, {long[:63]: 1, "worker": 1, "c.workers.team-a.svc": 1}) == [(long, 1), ("b", 1), ("c", 1)]


def test_pods_of_one_host_name_can_not_be_told_apart() -> None:
    assert written([pod(name, spec={"hostname": "worker"}) for name in "ab"], {"worker": 1}) == []


def test_only_our_costs_are_taken_off() -> None:
    pods = [pod("a", 1), pod("b", 1, OTHER), pod("c"), pod("d", 1, f"{OTHER} {OURS}")]
    assert [(change.pod, change.cost) for change in releases(pods, OURS)] == [("a", 0), ("d", 0)]


def test_two_flowermonitors_are_two_owners() -> None:
    assert deletion_cost.manager(monitor()) == OURS


def test_nobody_is_written_to_unless_it_is_asked_for() -> None:
    labels = {"matchLabels": {"app": "worker"}}
    asked = labels | {"deletionCost": "ActiveTasks"}
    found = [monitor(), monitor(workerPods=labels), monitor(workerPods=asked, suspend=True), monitor(workerPods=asked)]
    assert [deletion_cost.wanted(one) for one in found] == [None, None, None, "app=worker"]


def worker(name: str = "celery@a", active: int | None = 1, **more: Any) -> Worker:
    return Worker(**{"hostname": name, "state": "online", "active": active, "last_heartbeat": NOW, **more})


def test_all_workers_of_a_pod_count() -> None:
    assert by_host([worker("x@a", 2), worker("y@a", 3), worker("x@b", 0)], NOW) == {"a": 5, "b": 0}


@pytest.mark.parametrize(
    "doubtful",
    [
        worker(active=None),
        worker(state="lost"),
        worker(shared=True),
        worker(last_heartbeat=None),
        worker(last_heartbeat=NOW - busy.FRESH - 1),
    ],
)
def test_a_host_with_a_worker_that_can_not_be_told_of_is_not_known(doubtful: Worker) -> None:
    assert by_host([worker("other@a", 2), doubtful, worker("third@a", 2)], NOW) == {"a": None}


def test_a_worker_that_said_goodbye_has_nothing_and_tells_nothing() -> None:
    gone = worker(state="offline", active=0)
    assert by_host([gone], NOW) == {}
    assert by_host([gone, worker("other@a", 2)], NOW) == {"a": 2}


def test_a_worker_without_a_host_is_of_no_pod() -> None:
    assert by_host([worker("celery")], NOW) == {}


def test_what_a_monitor_says_of_its_workers_is_understood() -> None:
    row = WorkerRow(
        hostname="celery@a",
        state="online",
        pid=1,
        active=3,
        processed=9,
        loadavg=[0.1, 0.1, 0.1],
        freq=2.0,
        first_seen=NOW - 60,
        last_heartbeat=NOW,
        sw_ident="py-celery",
        sw_ver="5.6.0",
        sw_sys="Linux",
        clock=7,
        task_events=True,
        counters={},
    )
    told = msgspec.json.decode(msgspec.json.encode(WorkerList([row])), type=busy.Workers)
    assert by_host(told.items, NOW) == {"a": 3}
