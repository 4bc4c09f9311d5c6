"""The pod."""

from typing import Any, Literal

from .part import Part


class Resources(Part, frozen=True, rename="camel"):
    requests: dict[str, str | int] = {}
    limits: dict[str, str | int] = {}


class PodTemplate(Part, frozen=True, rename="camel"):
    labels: dict[str, str] = {}
    annotations: dict[str, str] = {}
    node_selector: dict[str, str] = {}
    tolerations: list[dict[str, Any]] = []
    priority_class_name: str | None = None
    service_account_name: str | None = None
    security_context: dict[str, Any] = {}
    affinity: dict[str, Any] = {}
    topology_spread_constraints: list[dict[str, Any]] = []
    env: list[dict[str, Any]] = []
    volumes: list[dict[str, Any]] = []
    volume_mounts: list[dict[str, Any]] = []


class WorkerPods(Part, frozen=True, rename="camel"):
    """Pods of workers, of which the monitor is told how they end."""

    match_labels: dict[str, str]
    deletion_cost: Literal["ActiveTasks"] | None = None
    """None: the operator writes to no pod of workers."""


def default_resources() -> Resources:
    """What a monitor needs: memory depends on what is in flight, not on history."""
    return Resources(requests={"cpu": "50m", "memory": "192Mi"}, limits={"memory": "512Mi"})
