"""What the fleet reads of a FlowerMonitor. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from flower_operator.constants import MONITOR_PORT
from flower_operator.spec import Key
from flower_operator.spec.options import Options

DEFAULT_PORT = MONITOR_PORT
"""Port of a monitor's Service when `spec.service.port` is not given: Flower's own."""


@dataclass(frozen=True, slots=True)
class Monitor:
    """One FlowerMonitor, as the API server last told it."""

    key: Key
    port: int
    """Port of its Service."""
    suspended: bool
    """Scaled to zero on purpose: it is not polled."""
    ready: bool
    reason: str
    """One word in CamelCase, never empty."""
    message: str
    """A sentence for a person; empty when there is nothing to say."""
    broker: str | None
    """Kind of broker as the controller reports it, such as `redis`."""
    broker_url: str | None
    """Its address, without user and password."""
    version: str | None
    url: str | None
    """Where a person opens its page."""
    prefix: str = ""
    """`/prefix` under which it answers (`spec.options.url_prefix`); default empty: at the root."""


class _Metadata(msgspec.Struct):
    namespace: str
    name: str
    deletionTimestamp: str | None = None


class _Service(msgspec.Struct):
    port: int = DEFAULT_PORT


class _Spec(msgspec.Struct):
    suspend: bool = False
    service: _Service = msgspec.field(default_factory=_Service)
    options: Options = msgspec.field(default_factory=Options)


class _Condition(msgspec.Struct):
    type: str
    status: str
    reason: str = ""
    message: str = ""


class _Broker(msgspec.Struct):
    kind: str | None = None
    url: str | None = None


class _Status(msgspec.Struct):
    conditions: list[_Condition] = []
    broker: _Broker = msgspec.field(default_factory=_Broker)
    version: str | None = None
    url: str | None = None


class _FlowerMonitor(msgspec.Struct):
    metadata: _Metadata
    spec: _Spec = msgspec.field(default_factory=_Spec)
    status: _Status = msgspec.field(default_factory=_Status)


def key_of(manifest: Mapping[str, Any]) -> Key:
    """The key of an object; the API server guarantees both fields."""
    return Key(manifest["metadata"]["namespace"], manifest["metadata"]["name"])


def monitor_of(manifest: Mapping[str, Any]) -> Monitor:
    """Read a FlowerMonitor. One that the fleet can't read is shown as such, so that it hides no other."""
    try:
        found = msgspec.convert(manifest, _FlowerMonitor)
    except msgspec.ValidationError as error:
        return _unreadable(key_of(manifest), str(error))
    ready, reason, message = _readiness(found)
    return Monitor(
        key=Key(found.metadata.namespace, found.metadata.name),
        port=found.spec.service.port,
        suspended=found.spec.suspend,
        ready=ready,
        reason=reason,
        message=message,
        broker=found.status.broker.kind,
        broker_url=found.status.broker.url,
        version=found.status.version,
        url=found.status.url,
        prefix=found.spec.options.prefix,
    )


def _readiness(found: _FlowerMonitor) -> tuple[bool, str, str]:
    if found.metadata.deletionTimestamp is not None:
        return False, "Deleting", "It is being deleted."
    for condition in found.status.conditions:
        if condition.type == "Ready":
            return condition.status == "True", condition.reason or "Unknown", condition.message
    return (
        False,
        "NoStatus",
        "No controller has reported on it yet. Check that `flower-operator controller` runs and sees this namespace.",
    )


def _unreadable(key: Key, error: str) -> Monitor:
    return Monitor(
        key=key,
        port=DEFAULT_PORT,
        suspended=False,
        ready=False,
        reason="Unreadable",
        message=f"This fleet can't read the FlowerMonitor: {error}. Update the CRD and the operator together.",
        broker=None,
        broker_url=None,
        version=None,
        url=None,
    )
