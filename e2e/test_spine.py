"""From `helm install` to a task that outlives everything, on real pods. The tests run in this order."""

import time

import httpx

from e2e.conftest import FLEET_PORT, MONITOR, NAMESPACE, TEAM, Installed, Team, eventually, manifest, ours
from e2e.demo.on_cluster import IMAGE
from e2e.kubernetes import Kubernetes

# Finds the monitor's two children (PID 1 supervises them and can't be killed from inside) and kills them.
KILL_CHILDREN = """
import os, pathlib, signal
stat = [p.read_text().rsplit(")", 1) for p in pathlib.Path("/proc").glob("[0-9]*/stat")]
children = [int(head.split()[0]) for head, tail in stat if tail.split()[1] == "1"]
mine = [pid for pid in children if pid != os.getpid()]
assert len(mine) == 2, mine
for pid in mine: os.kill(pid, signal.SIGKILL)
"""


def test_a_task_that_ran_is_in_the_api(team: Team) -> None:
    uuid = team.run_task()

    task = team.api.get(f"/api/v1/tasks/{uuid}").json()
    assert (task["name"], task["state"]) == ("orders.remind_basket", "SUCCESS")


def test_the_api_refuses_who_does_not_log_in(team: Team) -> None:
    answer = eventually(lambda: httpx.get(f"{team.api.base_url}/api/tasks", timeout=30))

    assert answer.status_code == 401


def test_tasks_survive_kill_9_of_the_monitors_processes(team: Team) -> None:
    uuid, at = team.run_task(), time.time()

    team.kubectl("exec", f"deployment/{MONITOR}-monitor", "--", "python", "-c", KILL_CHILDREN)

    eventually(lambda: team.state(uuid) == "SUCCESS")
    team.wait_listening(at)


@ours
def test_tasks_survive_kill_9_of_the_whole_container(team: Team) -> None:
    uuid, at = team.run_task(), time.time()
    pod = team.pod()
    status = pod["status"]["containerStatuses"][0]
    container = status["containerID"].removeprefix("containerd://")

    kill = ("ctr", "-n", "k8s.io", "task", "kill", "--signal", "SIGKILL", container)
    team.kubernetes.tool("exec", "--node", pod["spec"]["nodeName"], *kill)

    eventually(lambda: team.pod()["status"]["containerStatuses"][0]["restartCount"] > status["restartCount"])
    eventually(lambda: team.state(uuid) == "SUCCESS")
    team.wait_listening(at)


def test_tasks_survive_the_deletion_of_the_pod(team: Team) -> None:
    uuid, at = team.run_task(), time.time()

    team.kubectl("delete", "pod", team.pod()["metadata"]["name"], "--wait=true")

    eventually(lambda: team.state(uuid) == "SUCCESS")
    team.wait_listening(at)


def test_tasks_survive_the_deletion_of_the_flowermonitor(team: Team) -> None:
    uuid, at = team.run_task(), time.time()

    team.kubectl("delete", "flowermonitor", MONITOR, "--wait=true")
    children = ("deployments,services,pods", "-n", TEAM, "-l", f"app.kubernetes.io/instance={MONITOR}")
    eventually(lambda: not team.kubernetes.get(*children)["items"])
    team.apply_monitor()
    team.wait_ready()

    eventually(lambda: team.state(uuid) == "SUCCESS")
    team.wait_listening(at)


def test_a_deleted_child_comes_back(team: Team) -> None:
    team.kubectl("delete", "service", f"{MONITOR}-monitor")

    eventually(lambda: team.kubernetes.get("service", f"{MONITOR}-monitor", "-n", TEAM))


def test_an_unreachable_broker_is_a_condition_that_heals(team: Team) -> None:
    at = time.time()
    team.kubectl("scale", "deployment/redis", "--replicas=0")
    eventually(lambda: team.condition("BrokerReachable")["status"] == "False")

    team.kubectl("scale", "deployment/redis", "--replicas=1")

    eventually(lambda: team.condition("BrokerReachable")["status"] == "True")
    team.wait_listening(at)


def test_the_fleet_shows_the_monitor_with_its_workers(team: Team) -> None:
    kubernetes = team.kubernetes
    user, password = (kubernetes.secret(NAMESPACE, "flower-operator-fleet", key) for key in ("username", "password"))
    url = f"http://{kubernetes.address}:{FLEET_PORT}/api/v1/monitors"

    def online() -> bool:
        items = httpx.get(url, auth=(user, password), timeout=30).json()["items"]
        summaries = [item["summary"] for item in items if item["name"] == MONITOR]
        return bool(summaries and summaries[0] and summaries[0]["workers"]["online"] == 1)

    eventually(online)


def test_a_suspended_monitor_keeps_its_data(team: Team) -> None:
    uuid = team.run_task()

    team.kubectl("patch", "flowermonitor", MONITOR, "--type=merge", "-p", '{"spec":{"suspend":true}}')
    eventually(
        lambda: not team.kubernetes.get("pods", "-n", TEAM, "-l", f"app.kubernetes.io/instance={MONITOR}")["items"]
    )
    team.kubectl("patch", "flowermonitor", MONITOR, "--type=merge", "-p", '{"spec":{"suspend":false}}')

    eventually(lambda: team.state(uuid) == "SUCCESS")


def test_uninstall_leaves_flowermonitors_and_data(team: Team, kubernetes: Kubernetes) -> None:
    kubernetes.run("helm", "uninstall", "flower-operator", "--namespace", NAMESPACE, "--wait")

    monitors = kubernetes.get("flowermonitors", "-n", TEAM)["items"]
    claims = kubernetes.get("persistentvolumeclaims", "-n", TEAM)["items"]
    assert ([item["metadata"]["name"] for item in monitors], len(claims)) == ([MONITOR], 1)


def test_an_installation_for_one_namespace_goes_on_with_what_is_in_it_and_leaves_others_alone(
    team: Team, cluster: Installed
) -> None:
    kubernetes = cluster.kubernetes
    kubernetes.apply(manifest("viewer", namespace=TEAM, other="team-apart"))
    team.kubectl("delete", "service", f"{MONITOR}-monitor")

    confined = ("watchNamespaces={" + TEAM + "}", "rbac.clusterRoles=false", "crds.install=false")
    kubernetes.install(IMAGE, cluster.tag, TEAM, *confined)

    eventually(lambda: kubernetes.get("service", f"{MONITOR}-monitor", "-n", TEAM))
    team.wait_ready()
    theirs = kubernetes.get("flowermonitor", "theirs", "-n", "team-apart")
    assert theirs["status"] == {"observedGeneration": -1}, "as the CRD says of what no operator has seen"
