"""Names, labels and owners of the children."""

from typing import Final

from flower_operator import constants
from flower_operator.kinds import Manifest
from flower_operator.spec import Key, Monitor
from flower_operator.spec.autoscaling import Keda

KEPT: Final = {
    "argocd.argoproj.io/compare-options": "IgnoreExtraneous",
    "argocd.argoproj.io/sync-options": "Prune=false,Delete=false",
}
"""Annotations of data. Where Argo CD tracks by labels (its default before 3.0), it takes an object without an owner for
a part of the application that its label app.kubernetes.io/instance names, and removes what is not in Git: the history
of a FlowerMonitor `orders`, by an application of that name."""


def workload_name(monitor: Monitor) -> str:
    """Name of the Deployment, Service and ServiceAccount."""
    return f"{monitor.name}-monitor"


def claim_name(monitor: Monitor) -> str:
    """Name of the PersistentVolumeClaim that we make."""
    return f"{monitor.name}-data"


def volume_claim(monitor: Monitor) -> str:
    """Name of the claim that the pod mounts: ours, or the one that the spec names."""
    return monitor.spec.storage.existing_claim or claim_name(monitor)


def config_name(monitor: Monitor) -> str:
    """Name of the Secret with the monitor's settings."""
    return f"{monitor.name}-config"


def generated_credentials(monitor: Monitor) -> str:
    """Name of the Secret with the generated credentials."""
    return f"{monitor.name}-credentials"


def dashboard_name(monitor: Monitor) -> str:
    """Name of the ConfigMap with the dashboard."""
    return f"{monitor.name}-dashboard"


def policies_name(monitor: Monitor) -> str:
    """Name of the ConfigMap with the policies for the sizes of pools."""
    return f"{monitor.name}-autoscaling"


def pods_name(monitor: Monitor) -> str:
    """Name of the ConfigMap that says what became of workers' pods."""
    return f"{monitor.name}-pods"


def scaler_name(monitor: Monitor, wanted: Keda) -> str:
    """Name of a ScaledObject. The last part has no dash: that of another FlowerMonitor can't be the same."""
    return f"{monitor.name}-{wanted.name}"


def credentials_name(monitor: Monitor) -> str:
    """Name of the Secret whose credentials hold: the generated one, or the one that the spec names."""
    given = monitor.spec.access.admin_secret_ref
    return given.name if given else generated_credentials(monitor)


def selector(monitor: Monitor) -> dict[str, str]:
    """Labels that select the pod. A Deployment's selector can't change, so this never may."""
    return {
        constants.LABEL_NAME: constants.APP_NAME,
        constants.LABEL_INSTANCE: monitor.name,
        constants.LABEL_COMPONENT: constants.COMPONENT,
    }


def labels(monitor: Monitor) -> dict[str, str]:
    """Labels of every child."""
    return selector(monitor) | {constants.LABEL_MANAGED_BY: constants.MANAGED_BY}


def children_selector(key: Key) -> str:
    """Label selector of all children of one FlowerMonitor."""
    return f"{constants.CHILD_SELECTOR},{constants.LABEL_INSTANCE}={key.name}"


def owner(monitor: Monitor) -> Manifest:
    """Owner reference: Kubernetes removes the child when the FlowerMonitor is gone.

    Without blockOwnerDeletion, which would need the right to change finalizers where that is enforced (OpenShift).
    """
    return {
        "apiVersion": constants.API_VERSION,
        "kind": constants.KIND,
        "name": monitor.name,
        "uid": monitor.uid,
        "controller": True,
    }


def child_meta(monitor: Monitor, name: str) -> Manifest:
    """Metadata of a child that goes when its FlowerMonitor goes."""
    return {
        "name": name,
        "namespace": monitor.namespace,
        "labels": labels(monitor),
        "ownerReferences": [owner(monitor)],
    }


def data_meta(monitor: Monitor, name: str) -> Manifest:
    """Metadata of a child that is data: it goes with its FlowerMonitor only when the spec says Delete."""
    owned = monitor.spec.storage.retention_policy == "Delete"
    owners = [owner(monitor)] if owned else []
    return child_meta(monitor, name) | {"annotations": dict(KEPT), "ownerReferences": owners}
