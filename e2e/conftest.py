"""A cluster, our images on it, our chart installed, and one team's Celery app with its monitor."""

import json
import os
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any, TypeVar

import httpx
import pytest

from e2e.demo.on_cluster import IMAGE, bring_up
from e2e.evidence import gather
from e2e.kubernetes import CommandFailed, Kubernetes, NoCluster

CLUSTER = "flower-operator-e2e"
NAMESPACE = "flower-operator"
TEAM = "team-e2e"
MONITOR = "shop"
FLEET_PORT, MONITOR_PORT = 30080, 30081
PATIENCE = 240.0  # seconds; pods on two busy cores. Below pytest's own limit: a failure then says what was seen last

T = TypeVar("T")

ours = pytest.mark.skipif(
    os.environ.get("CLUSTER") == "current", reason="it enters a node or changes the cluster: not done to one's own"
)
"""Of tests that need the cluster to be ours."""


def eventually(look: Callable[[], T], seconds: float = PATIENCE) -> T:
    """Call `look` until it returns something true, and return that; refusals on the way count as not yet.

    For about a second after a rollout a Service may refuse, so errors of HTTP are part of waiting here.
    """
    deadline = time.monotonic() + seconds
    last: object = None
    while time.monotonic() < deadline:
        try:
            if answer := look():
                return answer
            last = answer
        except (httpx.HTTPError, CommandFailed, LookupError, StopIteration, ValueError) as error:
            last = error
        time.sleep(0.5)
    raise AssertionError(f"not within {seconds:.0f} s; last seen: {last!r}")


@dataclass(frozen=True)
class Team:
    """One team's namespace: its worker, its FlowerMonitor, and the way to the monitor's API."""

    kubernetes: Kubernetes
    api: httpx.Client

    def kubectl(self, *arguments: str) -> str:
        return self.kubernetes.run("kubectl", "-n", TEAM, *arguments)

    def publish(self, task: str, *arguments: object) -> str:
        """Publish a task of the demo's `orders` app from the worker's pod; returns its id."""
        code = f"import orders; print(orders.{task}.delay(*{arguments!r}).id)"
        return self.kubectl("exec", "deployment/worker", "--", "python", "-c", code).strip()

    def state(self, uuid: str) -> str | None:
        """The state in which the monitor knows a task, or None."""
        answer = self.api.get(f"/api/task/info/{uuid}")
        return answer.json()["state"] if answer.status_code == 200 else None

    def task(self, uuid: str) -> dict[str, Any]:
        """All that the monitor tells of a task."""
        told: dict[str, Any] = self.api.get(f"/api/v1/tasks/{uuid}").raise_for_status().json()
        return told

    def run_task(self) -> str:
        """Run a task, wait until the monitor shows its success, and return its id."""
        uuid = self.publish("remind_basket", 1)
        eventually(lambda: self.state(uuid) == "SUCCESS")
        return uuid

    def condition(self, kind: str) -> dict[str, Any]:
        conditions = self.kubernetes.get("flowermonitor", MONITOR, "-n", TEAM)["status"]["conditions"]
        found: dict[str, Any] = {item["type"]: item for item in conditions}[kind]
        return found

    def wait_ready(self) -> None:
        eventually(lambda: self.condition("Ready")["status"] == "True")

    def wait_reason(self, kind: str, reason: str) -> str:
        """Wait until a condition has a reason; its message."""
        return str(eventually(lambda: (found := self.condition(kind))["reason"] == reason and found)["message"])

    def patch(self, spec: dict[str, Any]) -> None:
        """Change the FlowerMonitor."""
        self.kubectl("patch", "flowermonitor", MONITOR, "--type=merge", "-p", json.dumps({"spec": spec}))

    def wait_listening(self, since: float) -> None:
        """Wait until the monitor receives events by a connection that was made after a time.

        It answers before that: Redis keeps no event for who is not there, and the next task would not be seen.
        """

        def listens() -> bool:
            broker = self.api.get("/api/v1/summary").json()["broker"]
            return bool(broker["state"] == "connected" and broker["since"] > since)

        eventually(listens)

    def apply_monitor(self) -> None:
        self.kubernetes.apply(manifest("flowermonitor", namespace=TEAM, name=MONITOR, port=MONITOR_PORT))

    def log_in(self) -> None:
        """Use the credentials that are in the monitor's Secret now."""
        self.api.auth = (self.secret("username"), self.secret("password"))

    def secret(self, key: str) -> str:
        """A value of the monitor's generated credentials."""
        return self.kubernetes.secret(TEAM, f"{MONITOR}-credentials", key)

    def pod(self) -> dict[str, Any]:
        """The monitor's pod that is not on its way out."""
        pods = self.kubernetes.get("pods", "-n", TEAM, "-l", f"app.kubernetes.io/instance={MONITOR}")["items"]
        found: dict[str, Any] = next(pod for pod in pods if "deletionTimestamp" not in pod["metadata"])
        return found


def manifest(file: str, /, **values: object) -> str:
    """A file of manifests/, with its $names filled in."""
    return Template((Path(__file__).parent / "manifests" / f"{file}.yaml").read_text()).substitute(values)


@dataclass(frozen=True)
class Installed:
    """The cluster, and the tag of our image that is in its nodes."""

    kubernetes: Kubernetes
    tag: str

    def install(self, *settings: str) -> None:
        """Install or upgrade our chart, for the whole cluster.

        Without networkPolicy.enabled, as not every cluster enforces it: test_network_policies.py does where one can.
        """
        fleet = ("fleet.service.type=NodePort", f"fleet.service.nodePort={FLEET_PORT}")
        self.kubernetes.install(IMAGE, self.tag, NAMESPACE, *fleet, *settings)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Put what the cluster says beside each failure: in CI it is gone a minute later."""
    report = yield
    kubernetes = getattr(item, "funcargs", {}).get("kubernetes")
    if report.failed and kubernetes is not None:
        report.sections.append(("cluster", gather(kubernetes, TEAM)))
    return report


@pytest.fixture(scope="session")
def cluster() -> Iterator[Installed]:
    """A cluster of our own for the whole run, with the images of this checkout; E2E_KEEP=1 leaves it up."""
    kubernetes = Kubernetes(CLUSTER)
    try:
        tag = bring_up(kubernetes, workers=2)
    except NoCluster:
        if os.environ.get("CI"):
            raise
        pytest.skip("no Kubernetes cluster can be had here, see the output of `python3 -m e2e.cluster up`")
    yield Installed(kubernetes, tag)
    if not os.environ.get("E2E_KEEP"):
        kubernetes.tool("down")


@pytest.fixture(scope="session")
def kubernetes(cluster: Installed) -> Kubernetes:
    """The cluster with our chart installed."""
    cluster.install()
    return cluster.kubernetes


@pytest.fixture(scope="session")
def team(kubernetes: Kubernetes) -> Iterator[Team]:
    """A Redis, a worker, and a FlowerMonitor that is Ready."""
    kubernetes.apply(manifest("team", namespace=TEAM))
    kubernetes.run("kubectl", "-n", TEAM, "rollout", "status", "deployment/worker", f"--timeout={PATIENCE:.0f}s")
    base = f"http://{kubernetes.address}:{MONITOR_PORT}"
    with httpx.Client(base_url=base, timeout=30) as api:
        made = Team(kubernetes, api)
        made.apply_monitor()
        made.wait_ready()
        made.log_in()
        made.wait_listening(0)
        yield made
