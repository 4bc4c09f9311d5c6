"""How the monitor is reached."""

from typing import Literal

from .part import Part


class Service(Part, frozen=True, rename="camel"):
    type: Literal["ClusterIP", "NodePort", "LoadBalancer"] = "ClusterIP"
    port: int = 5555
    node_port: int | None = None
    annotations: dict[str, str] = {}
