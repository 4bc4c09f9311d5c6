"""Whom the chart's NetworkPolicies let in, where they are enforced: before test_spine.py uninstalls."""

import pytest

from e2e.conftest import NAMESPACE, PATIENCE, Installed, Team, eventually
from e2e.kubernetes import Kubernetes

PROGRAMS = ("controller", "fleet")

GET = """
import urllib.request
try:
    print(urllib.request.urlopen("http://{address}:8081/metrics", timeout=5).status)
except OSError:
    print("unreachable")
"""


def enforces(kubernetes: Kubernetes) -> bool:
    """Whether the cluster's network plugin is kindnetd, which enforces NetworkPolicies since kind 0.24.

    It is where Docker brings kind's own node image. Ours (e2e/cluster/node) has nodenet.sh in its place, as kindnetd is
    published as an image only: it makes routes between pods, and takes policies without enforcing any. Of the plugin of
    a cluster of one's own nothing is known.
    """
    found = kubernetes.get("daemonsets", "-n", "kube-system")["items"]
    return "kindnet" in {item["metadata"]["name"] for item in found}


def answer(team: Team) -> str:
    """What a pod of the team gets from a controller when it asks for its metrics."""
    running = ("-l", "app.kubernetes.io/component=controller", "--field-selector=status.phase=Running")
    pods = team.kubernetes.get("pods", "-n", NAMESPACE, *running)["items"]
    address = next(pod["status"]["podIP"] for pod in pods if "deletionTimestamp" not in pod["metadata"])
    return team.kubectl("exec", "deployment/worker", "--", "python", "-c", GET.format(address=address)).strip()


def test_the_programs_work_behind_policies_that_keep_others_out(team: Team, cluster: Installed) -> None:
    if not enforces(cluster.kubernetes):
        pytest.skip("this cluster's network plugin enforces no NetworkPolicy, or is not known to")
    assert answer(team) == "200"

    cluster.install("networkPolicy.enabled=true", "networkPolicy.metricsFrom[0].podSelector.matchLabels.app=nobody")

    eventually(lambda: answer(team) == "unreachable")
    for program in PROGRAMS:  # connections that were there before go on: only new pods show what is let out
        deployment = ("-n", NAMESPACE, f"deployment/flower-operator-{program}")
        cluster.kubernetes.run("kubectl", "rollout", "restart", *deployment)
        cluster.kubernetes.run("kubectl", "rollout", "status", *deployment, f"--timeout={PATIENCE:.0f}s")
    cluster.install()
