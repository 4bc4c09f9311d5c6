"""A FlowerMonitor as types. The CRD (`crds/flowermonitors.yaml`) is the reference: descriptions and limits are there.

Defaults are repeated here only because an object may be older than the CRD; a test compares both.
"""

from typing import NamedTuple

import msgspec
from typing_extensions import override

from flower_operator import constants
from flower_operator.kinds import Manifest

from .access import Access
from .autoscaling import Autoscaling
from .broker import Broker, ResultBackend
from .history import Redaction, Retention, Storage
from .monitoring import Monitoring
from .network import DisruptionBudget, HttpRoute, Ingress, NetworkPolicy, Service
from .options import Options
from .part import Part, SecretKey, SecretName
from .pod import PodTemplate, Resources, WorkerPods, default_resources

__all__ = ["Key", "Monitor", "SecretKey", "SecretName", "Spec", "is_paused", "parse", "rotation_of"]


class Key(NamedTuple):
    """Which FlowerMonitor."""

    namespace: str
    name: str

    @override
    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}"


class Spec(Part, frozen=True, rename="camel"):
    broker: Broker
    result_backend: ResultBackend | None = None
    storage: Storage = Storage()
    retention: Retention = Retention()
    redaction: Redaction | None = None
    access: Access = Access()
    options: Options = Options()
    image: str | None = None
    version: str | None = None
    image_pull_secrets: list[SecretName] = []
    resources: Resources = msgspec.field(default_factory=default_resources)
    pod_template: PodTemplate = PodTemplate()
    service: Service = Service()
    ingress: Ingress | None = None
    http_route: HttpRoute | None = None
    network_policy: NetworkPolicy | None = None
    pod_disruption_budget: DisruptionBudget | None = None
    monitoring: Monitoring | None = None
    autoscaling: Autoscaling | None = None
    worker_pods: WorkerPods | None = None
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
    paused: bool = False
    """Whether its annotation asks the operator to leave everything as it is."""
    rotate: str = ""
    """What its annotation says of the rotation of generated credentials: another value asks for it; empty: nothing."""

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
        status=_written(body.get("status") or {}),
        paused=is_paused(meta),
        rotate=rotation_of(meta),
    )


def _written(status: Manifest) -> Manifest:
    """Empty for what the API server fills in by the CRD's default, so that no operator has written it."""
    return {} if status == {"observedGeneration": constants.UNSEEN} else status


def is_paused(meta: Manifest) -> bool:
    """Whether the annotation of a FlowerMonitor's metadata pauses its reconciliation."""
    annotations = meta.get("annotations") or {}
    return bool(annotations.get(constants.ANNOTATION_RECONCILE) == constants.RECONCILE_DISABLED)


def rotation_of(meta: Manifest) -> str:
    """What the annotation of a FlowerMonitor's metadata says of the rotation of its credentials."""
    annotations = meta.get("annotations") or {}
    return str(annotations.get(constants.ANNOTATION_ROTATE) or "")[: constants.LONGEST_ROTATE]
