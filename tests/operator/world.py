"""A namespace of a real API server with a controller in it, and the hands to do what kubelet and provisioner would.

There is no kubelet, so a pod becomes ready when a test says so, by writing the status of the pod: the Deployment's own
status is made from it by the real controller-manager, and would be overwritten were it written directly.
"""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from kubernetes.aio.client import Configuration

from flower_operator import constants, kinds
from flower_operator.config import ControllerConfig
from flower_operator.controller.app import App
from flower_operator.controller.checks.workload import available
from flower_operator.exceptions import NotFound
from flower_operator.kinds import Kind, Manifest
from flower_operator.kube import KubeApi

from . import rbac
from .fake_monitor import FakeMonitor
from .patient import LEASE_SECONDS, RENEW_SECONDS

T = TypeVar("T")

PATIENCE = 120.0
"""Longest time for anything to come true. Most things take a second; a busy machine takes longer."""

LOOK = 0.1
"""Seconds between two looks."""


async def until(probe: Callable[[], Awaitable[T]], what: str, seconds: float = PATIENCE) -> T:
    """Wait until the probe gives something true, and return that."""
    deadline = time.monotonic() + seconds
    while True:
        found = await probe()
        if found:
            return found
        assert time.monotonic() < deadline, f"not in {seconds:.0f} s: {what}"
        await asyncio.sleep(LOOK)


@dataclass
class World:
    """One test's view of the API server."""

    api: KubeApi
    """The administrator's."""
    namespace: str
    kubeconfig: str
    configuration: Configuration
    """The controller's own: it may do what `rights.RIGHTS` lists, and nothing else."""
    fake: FakeMonitor

    def config(self, **changes: Any) -> ControllerConfig:
        """Settings of a controller of this namespace alone, with short times."""
        settings: dict[str, Any] = {
            "monitor_image": "flower-operator:test",
            "operator_namespace": self.namespace,
            "namespaces": (self.namespace,),
            "identity": f"controller-{secrets.token_hex(3)}",
            "address": "127.0.0.1",
            "port": 0,
            "verify_after": 1.0,
            "secret_wait": 0.3,
            "poll_interval": 0.3,
            "retry_seconds": 0.3,
            "lease_seconds": LEASE_SECONDS,
            "renew_seconds": RENEW_SECONDS,
            "monitor_address": self.fake.address,
        }
        return ControllerConfig(**settings | changes)

    @asynccontextmanager
    async def controller(self, **changes: Any) -> AsyncIterator[App]:
        """Run a controller; its death ends the block at once and fails the test."""
        stop = asyncio.Event()
        app = App(self.config(**changes), self.configuration)
        async with asyncio.TaskGroup() as group:
            group.create_task(app.run(stop))
            try:
                yield app
            finally:
                stop.set()

    async def create(self, name: str = "orders", **spec: Any) -> Manifest:
        """Create a FlowerMonitor."""
        return await self.api.create(kinds.FLOWER_MONITOR, self.namespace, monitor(name, **spec))

    async def change(self, name: str = "orders", **spec: Any) -> Manifest:
        """Change fields of a FlowerMonitor's spec."""
        return await self.api.merge(kinds.FLOWER_MONITOR, self.namespace, name, {"spec": spec})

    async def delete(self, kind: Kind, name: str) -> None:
        """Delete an object."""
        await self.api.delete(kind, self.namespace, name)

    async def find(self, kind: Kind, name: str) -> Manifest | None:
        """Read an object."""
        return await self.api.find(kind, self.namespace, name)

    async def appears(self, kind: Kind, name: str) -> Manifest:
        """Wait for an object."""
        found = await until(lambda: self.find(kind, name), f"{kind.kind} {name}")
        assert found is not None
        return found

    async def vanishes(self, kind: Kind, name: str) -> None:
        """Wait until an object is gone."""

        async def gone() -> bool:
            return await self.find(kind, name) is None

        await until(gone, f"no {kind.kind} {name}")

    async def condition(self, kind: str, status: str, reason: str | None = None, name: str = "orders") -> Manifest:
        """Wait for a condition and return it."""
        last: list[Any] = []

        async def holds() -> Manifest | None:
            last[:] = ((await self.find(kinds.FLOWER_MONITOR, name) or {}).get("status") or {}).get("conditions", [])
            for found in last:
                if found["type"] == kind and found["status"] == status and reason in (None, found["reason"]):
                    return dict(found)
            return None

        try:
            found = await until(holds, f"{kind} {status} {reason}")
        except AssertionError as error:
            raise AssertionError(f"{error}; last: {last}") from None
        assert found is not None
        return found

    async def bind(self, name: str = "orders-data") -> None:
        """Say that a claim has its volume, as a provisioner would."""
        await self.appears(kinds.CLAIM, name)
        await self.api.merge(kinds.CLAIM, self.namespace, name, {"status": {"phase": "Bound"}}, sub="status")

    async def pods(self, name: str = "orders") -> list[Manifest]:
        """The pods of a monitor."""
        found = await self.api.list(kinds.POD, self.namespace, f"{constants.LABEL_INSTANCE}={name}")
        return [pod for pod in found if "deletionTimestamp" not in pod["metadata"]]

    async def set_pod(self, status: Manifest, name: str = "orders") -> None:
        """Write the status of a monitor's only pod, as kubelet would."""
        (pod,) = await until(lambda: self.pods(name), f"a pod of {name}")
        await self._set_status(pod, status)

    async def _set_status(self, pod: Manifest, status: Manifest) -> None:
        await self.api.merge(kinds.POD, self.namespace, pod["metadata"]["name"], {"status": status}, sub="status")

    async def ready_pods(self, name: str = "orders") -> None:
        """Let every pod of a monitor be ready, also one that Kubernetes is about to remove."""
        for pod in await self.pods(name):
            with suppress(NotFound):
                await self._set_status(pod, READY)

    async def make_ready(self, name: str = "orders") -> None:
        """Let volume and pod of a monitor become ready; one that is on its way out may be there beside it."""
        await self.bind(f"{name}-data")

        async def runs() -> bool:
            await self.ready_pods(name)
            live = await self.find(kinds.DEPLOYMENT, f"{name}-monitor")
            return live is not None and available(live)

        await until(runs, f"a pod of {name} that is ready")

    async def events(self, name: str = "orders") -> list[tuple[str, str, str]]:
        """Events of a FlowerMonitor: type, reason and message."""
        found = await self.api.list(kinds.EVENT, self.namespace)
        ours = [event for event in found if event["involvedObject"].get("name") == name]
        ours = [event for event in ours if event["involvedObject"]["kind"] == constants.KIND]
        return [(event["type"], event["reason"], event["message"]) for event in ours]


READY: Manifest = {
    "phase": "Running",
    "conditions": [{"type": "Ready", "status": "True", "lastTransitionTime": "2026-01-01T00:00:00Z"}],
}


def monitor(name: str = "orders", **spec: Any) -> Manifest:
    """A FlowerMonitor of a Redis without password, and the storage class that the tests' API server has none of."""
    wanted = {"broker": {"url": "redis://redis:6379/0"}, "storage": {"storageClassName": "tests"}} | spec
    return {
        "apiVersion": constants.API_VERSION,
        "kind": constants.KIND,
        "metadata": {"name": name},
        "spec": wanted,
    }


def secret(name: str, **data: str) -> Manifest:
    """A Secret."""
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "stringData": data}


@asynccontextmanager
async def open_world(api: KubeApi, namespace: str, kubeconfig: str) -> AsyncIterator[World]:
    """Give the controller an account in the namespace, and make sure that the storage class is there."""
    configuration = await rbac.account(api, namespace, kubeconfig)
    async with FakeMonitor().serve() as fake:
        yield World(api, namespace, kubeconfig, configuration, fake)
