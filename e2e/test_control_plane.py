"""What an operator does in the life of a monitor: on real pods, volumes and nodes, before test_spine.py uninstalls."""

import time

import httpx
import pytest

from e2e.conftest import (
    FLEET_PORT,
    MONITOR,
    NAMESPACE,
    PATIENCE,
    TEAM,
    Installed,
    Team,
    eventually,
    manifest,
    ours,
)
from e2e.kubernetes import Kubernetes

OTHER = "team-other"


def shown(kubernetes: Kubernetes, auth: httpx.Auth | tuple[str, str]) -> set[str]:
    """Namespaces of the monitors that the fleet shows somebody."""
    url = f"http://{kubernetes.address}:{FLEET_PORT}/api/v1/monitors"
    items = httpx.get(url, auth=auth, timeout=30).raise_for_status().json()["items"]
    return {item["namespace"] for item in items}


def test_a_viewer_of_one_namespace_sees_just_that_one_in_the_fleet(team: Team) -> None:
    kubernetes = team.kubernetes
    kubernetes.apply(manifest("viewer", namespace=TEAM, other=OTHER))
    token = team.kubectl("create", "token", "ann").strip()
    password = kubernetes.secret(NAMESPACE, "flower-operator-fleet", "password")

    eventually(lambda: shown(kubernetes, ("admin", password)) == {TEAM, OTHER})
    eventually(lambda: shown(kubernetes, ("token", token)) == {TEAM})
    kubernetes.run("kubectl", "delete", "namespace", OTHER, "--wait=false")


def test_helm_test_sees_a_task_run_and_leaves_no_pod(team: Team, cluster: Installed) -> None:
    cluster.install(f"test.flowerMonitor={MONITOR}", f"test.namespace={TEAM}", f"test.timeout={PATIENCE:.0f}")

    told = team.kubernetes.run("helm", "test", "flower-operator", "--namespace", NAMESPACE, "--timeout", "10m")

    assert "Succeeded" in told
    ran = team.api.get("/api/v1/tasks", params={"name": "celery.accumulate"}).raise_for_status().json()["items"]
    assert [task["state"] for task in ran] == ["SUCCESS"]
    eventually(lambda: not team.kubernetes.get("pods", "-n", TEAM, "-l", "app.kubernetes.io/component=test")["items"])


def test_an_upgrade_of_the_chart_alone_restarts_no_monitor(team: Team, cluster: Installed) -> None:
    before = team.pod()["metadata"]["uid"]

    cluster.install("logFormat=json")

    logs = ("-n", NAMESPACE, "logs", "deployment/flower-operator-controller")
    eventually(lambda: cluster.kubernetes.run("kubectl", *logs).startswith("{"))
    team.wait_ready()
    assert team.pod()["metadata"]["uid"] == before


@ours
def test_after_an_upgrade_the_loss_of_a_node_takes_one_controller(team: Team) -> None:
    """Scheduled while the pods before them still count, both would go to one node."""
    controllers = ("pods", "-n", NAMESPACE, "-l", "app.kubernetes.io/component=controller")

    def nodes() -> list[str]:
        pods = team.kubernetes.get(*controllers)["items"]
        return [pod["spec"]["nodeName"] for pod in pods if "deletionTimestamp" not in pod["metadata"]]

    found = eventually(lambda: pair if len(pair := nodes()) == 2 else [])
    assert len(set(found)) == 2


def test_rotated_credentials_and_those_before_are_accepted(team: Team) -> None:
    user, before = team.secret("username"), team.secret("password")

    team.kubectl("annotate", "flowermonitor", MONITOR, "flower-operator.io/rotate=1")
    eventually(lambda: team.secret("password") != before)

    def accepted(password: str) -> bool:
        return httpx.get(f"{team.api.base_url}/api/v1/summary", auth=(user, password), timeout=30).status_code == 200

    after = team.secret("password")
    eventually(lambda: accepted(after) and accepted(before))
    team.log_in()


@ours
def test_a_volume_that_can_not_grow_keeps_its_size_and_says_why(team: Team) -> None:
    team.patch({"storage": {"size": "200Mi"}})

    assert "storageclass" in team.wait_reason("StorageReady", "ResizeRefused").lower()
    team.wait_ready()  # it may still be starting anew, with the credentials of the test before


@ours
def test_a_volume_grows_when_its_class_lets_it(team: Team) -> None:
    allow = '{"allowVolumeExpansion": true}'
    team.kubernetes.run("kubectl", "patch", "storageclass", "standard", "--type=merge", "-p", allow)

    assert "100Mi and is to have 200Mi" in team.wait_reason("StorageReady", "ResizePending")


def test_data_goes_with_a_flowermonitor_that_says_delete(team: Team) -> None:
    team.kubernetes.apply(manifest("passing", namespace=TEAM))
    team.kubectl("wait", "--for=condition=Ready", "flowermonitor/passing", "--timeout=240s")

    team.kubectl("delete", "flowermonitor", "passing", "--wait=true")

    claims = ("persistentvolumeclaims", "-n", TEAM, "-l", "app.kubernetes.io/instance=passing")
    eventually(lambda: not team.kubernetes.get(*claims)["items"])


POLICY = {
    "name": "celery",
    "match": {"queue": "celery"},
    "max": 4,
    "stabilizationSeconds": {"up": 0, "down": 5},
    "cooldown": 1,
}


def sizes(team: Team) -> list[int]:
    """Of the pools that the policy sizes."""
    answer = team.api.get("/api/v1/autoscale/policies/celery")  # 404 until the ConfigMap has reached the pod
    state = answer.json()["state"] if answer.status_code == 200 else None
    return list(state["sizes"].values()) if state else []


def test_a_backlog_grows_the_pool_and_its_end_shrinks_it_under_no_running_task(team: Team) -> None:
    team.patch({"autoscaling": {"policies": [POLICY]}})
    eventually(lambda: sizes(team) == [1])

    many = "import orders; [orders.daily_report.delay([1]) for _ in range(200)]"
    team.kubectl("exec", "deployment/worker", "--", "python", "-c", many)
    eventually(lambda: sizes(team) == [4])
    long = team.publish("rebuild_catalogue", "north")
    eventually(lambda: team.state(long) == "STARTED")
    eventually(lambda: sizes(team) == [1])

    eventually(lambda: team.state(long) == "SUCCESS")
    once = ["task-received", "task-sent", "task-started", "task-succeeded"]
    eventually(lambda: sorted(event["type"] for event in team.task(long)["history"]) == once)
    team.patch({"autoscaling": None})


@pytest.fixture
def node(team: Team) -> str:
    """The node of the monitor's pod, whose volume is on that node's disk, with short patience of its pods for it."""
    gone = [
        {"key": f"node.kubernetes.io/{key}", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 2}
        for key in ("not-ready", "unreachable")
    ]
    at = time.time()
    team.patch({"podTemplate": {"tolerations": gone}})
    eventually(lambda: any(t.get("tolerationSeconds") == 2 for t in team.pod()["spec"]["tolerations"]))
    team.wait_listening(at)
    return str(team.pod()["spec"]["nodeName"])


@ours
def test_a_monitor_whose_node_is_lost_says_why_it_waits_and_comes_back_with_its_data(team: Team, node: str) -> None:
    uuid, at = team.run_task(), time.time()

    team.kubernetes.tool("stop-node", node)
    said = team.wait_reason("Ready", "Unschedulable")
    team.kubernetes.tool("start-node", node)

    assert "affinity" in said
    eventually(lambda: team.state(uuid) == "SUCCESS")
    team.wait_listening(at)
