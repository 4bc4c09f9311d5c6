"""Makers of what the tests are about."""

import json
from typing import Any

from flower_operator.fleet.monitors import Monitor
from flower_operator.fleet.roster import Roster
from flower_operator.fleet.summary import decode_summary
from flower_operator.kinds import Manifest
from flower_operator.spec import Key

ORDERS = Key("team-a", "orders")


def monitor(key: Key = ORDERS, **fields: Any) -> Monitor:
    """A monitor that is well."""
    well: dict[str, Any] = {
        "port": 5555,
        "suspended": False,
        "ready": True,
        "reason": "Running",
        "message": "",
        "broker": "redis",
        "broker_url": "redis://broker:6379/0",
        "version": "0.1.0",
        "url": f"http://{key.name}-monitor.{key.namespace}.svc:5555",
    }
    return Monitor(key=key, **(well | fields))


def summary_body(**fields: Any) -> bytes:
    """A summary, as a monitor answers it."""
    body: dict[str, Any] = {
        "monitor": {"name": "orders", "namespace": "team-a", "version": "0.1.0", "started": 1.0, "now": 2.0},
        "broker": {
            "kind": "redis",
            "url": "redis://broker:6379/0",
            "state": "connected",
            "since": 1.0,
            "attempts": 1,
            "last_error": None,
        },
        "workers": {"online": 3, "offline": 2, "lost": 1},
        "tasks": {"kept": 10, "states": {"SUCCESS": 9, "FAILURE": 1}},
        "events": {"received": 100, "dropped": 7, "invalid": 5, "rate": 2.5, "lag": 0.25, "last": 2.0, "seen": 0.5},
        "store": {
            "kind": "sqlite",
            "bytes": 4096,
            "free": 8192,
            "oldest": 1.0,
            "state": "ok",
            "retention": {"age": 1, "tasks": 1},
        },
        "throughput": [],
        "notices": [],
    }
    return json.dumps(body | fields).encode()


def answered(roster: Roster, key: Key, at: float, **fields: Any) -> None:
    """Let a monitor of the roster have answered."""
    body = summary_body(**fields)
    roster.answered(key, at, body, decode_summary(body))


def manifest(key: Key = ORDERS, spec: Manifest | None = None, status: Manifest | None = None) -> Manifest:
    """A FlowerMonitor as the API server gives it."""
    return {
        "apiVersion": "flower-operator.io/v1alpha1",
        "kind": "FlowerMonitor",
        "metadata": {"namespace": key.namespace, "name": key.name},
        "spec": {"broker": {"url": "redis://broker:6379/0"}} | (spec or {}),
        **({"status": status} if status is not None else {}),
    }


def ready(status: str, reason: str, message: str = "") -> Manifest:
    """A status with one condition Ready."""
    condition = {"type": "Ready", "status": status, "reason": reason, "message": message}
    return {"conditions": [{**condition, "lastTransitionTime": "2026-11-21T00:00:00Z"}]}
