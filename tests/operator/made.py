"""Objects that tests are about, made with as little as they need."""

import base64
from typing import Any

from flower_operator import spec
from flower_operator.kinds import Manifest
from flower_operator.spec import Monitor

UID = "00000000-0000-0000-0000-000000000001"


def monitor(
    status: Manifest | None = None, generation: int = 1, annotations: dict[str, str] | None = None, **fields: Any
) -> Monitor:
    """A FlowerMonitor team-a/orders with the given fields of its spec."""
    meta = {"name": "orders", "namespace": "team-a", "uid": UID, "generation": generation}
    body = {
        "metadata": meta | {"annotations": annotations or {}},
        "spec": {"broker": {"url": "redis://redis:6379/0"}} | fields,
        "status": status or {},
    }
    return spec.parse(body)


def encoded(**values: str) -> dict[str, str]:
    """`data` of a Secret."""
    return {name: base64.b64encode(value.encode()).decode() for name, value in values.items()}
