"""A FlowerMonitor as types. The CRD (`crds/flowermonitors.yaml`) is the reference: descriptions and limits are there.

Defaults are repeated here only because an object may be older than the CRD; a test compares both.
"""

from typing import Any, Literal, NamedTuple

import msgspec
from typing_extensions import override

from .kinds import Manifest


class Key(NamedTuple):
    """Which FlowerMonitor."""

    namespace: str
    name: str

    @override
    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}"


class _Part(msgspec.Struct, frozen=True, rename="camel"):
    """A piece of the spec. Unknown fields are ignored: the API server has pruned what its CRD does not know."""


class SecretKey(_Part, frozen=True, rename="camel"):
    name: str
    key: str = "url"


class SecretName(_Part, frozen=True, rename="camel"):
    name: str


class Broker(_Part, frozen=True, rename="camel"):
    url: str | None = None
    url_secret_ref: SecretKey | None = None


class Storage(_Part, frozen=True, rename="camel"):
    size: str = "10Gi"
    storage_class_name: str | None = None
    existing_claim: str | None = None
    retention_policy: Literal["Retain", "Delete"] = "Retain"


class Retention(_Part, frozen=True, rename="camel"):
    age: str = "720h"
    tasks: int = 1_000_000


class Access(_Part, frozen=True, rename="camel"):
    admin_secret_ref: SecretName | None = None


class Resources(_Part, frozen=True, rename="camel"):
    requests: dict[str, str | int] = {}
    limits: dict[str, str | int] = {}


class PodTemplate(_Part, frozen=True, rename="camel"):
    labels: dict[str, str] = {}
    annotations: dict[str, str] = {}
    node_selector: dict[str, str] = {}
    tolerations: list[dict[str, Any]] = []
    priority_class_name: str | None = None


class Service(_Part, frozen=True, rename="camel"):
    type: Literal["ClusterIP", "NodePort", "LoadBalancer"] = "ClusterIP"
    port: int = 5555
    node_port: int | None = None
    annotations: dict[str, str] = {}


def _default_resources() -> Resources:
    return Resources(requests={"cpu": "50m", "memory": "192Mi"}, limits={"memory": "512Mi"})


class Spec(_Part, frozen=True, rename="camel"):
    broker: Broker
    storage: Storage = Storage()
    retention: Retention = Retention()
    access: Access = Access()
    image: str | None = None
    resources: Resources = msgspec.field(default_factory=_default_resources)
    pod_template: PodTemplate = PodTemplate()
    service: Service = Service()
    suspend: bool = False


class Monitor(msgspec.Struct, frozen=True):
    """One FlowerMonitor, read once and passed on."""

    namespace: str
    name: str
    uid: str
    generation: int
    spec: Spec
    status: Manifest
    """Status as it stands at the API server; empty on a new object."""

    @property
    def key(self) -> Key:
        """Which one it is."""
        return Key(self.namespace, self.name)


def parse(body: Manifest) -> Monitor:
    """Read a FlowerMonitor; `msgspec.ValidationError` names the field that this version can't read."""
    meta = body["metadata"]
    return Monitor(
        namespace=meta["namespace"],
        name=meta["name"],
        uid=meta["uid"],
        generation=meta.get("generation", 0),
        spec=msgspec.convert(body.get("spec") or {}, Spec),
        status=body.get("status") or {},
    )
