"""How the monitor is reached, and by whom."""

from typing import Any, Literal

from .part import Part


class Service(Part, frozen=True, rename="camel"):
    type: Literal["ClusterIP", "NodePort", "LoadBalancer"] = "ClusterIP"
    port: int = 5555
    node_port: int | None = None
    annotations: dict[str, str] = {}


class IngressTls(Part, frozen=True, rename="camel"):
    secret_name: str | None = None


class Ingress(Part, frozen=True, rename="camel"):
    hosts: list[str]
    class_name: str | None = None
    tls: IngressTls | None = None
    annotations: dict[str, str] = {}


class HttpRoute(Part, frozen=True, rename="camel"):
    parent_refs: list[dict[str, Any]]
    hostnames: list[str] = []
    annotations: dict[str, str] = {}


class NetworkPolicy(Part, frozen=True, rename="camel"):
    allow_from: list[dict[str, Any]] | None = None
    """None is the default, all pods of the namespace; an empty list is nobody."""
    egress: list[dict[str, Any]] | None = None
    """None is everybody; an empty list is DNS alone."""


class DisruptionBudget(Part, frozen=True, rename="camel"):
    max_unavailable: int
