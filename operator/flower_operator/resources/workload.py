"""The Deployment of a monitor: one pod, restricted, that never runs twice on one volume."""

from dataclasses import dataclass

from flower_operator import constants
from flower_operator.kinds import Manifest
from flower_operator.spec import Monitor

from . import references
from .metadata import (
    child_meta,
    config_name,
    credentials_name,
    labels,
    pods_name,
    policies_name,
    selector,
    volume_claim,
    workload_name,
)

GROUP_ID = 65532
"""Group that may write the volume, unless the operator is told another: the image's user is in it."""

GRACE = 30
"""Seconds for a clean stop; the monitor needs under 5, a slow disk more."""

READ_BY_GROUP = 0o440
"""Mode of the mounted credentials."""


@dataclass(frozen=True)
class Image:
    """What the pod runs."""

    name: str
    pull_secrets: tuple[str, ...] = ()
    """Secrets to pull it with, where the spec names none."""
    group: int | None = GROUP_ID
    """Group that may write the volume; None: the cluster gives one to the pod."""


def deployment(monitor: Monitor, image: Image, config_hash: str) -> Manifest:
    """Render the Deployment. Recreate, because two monitors must never write one store."""
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": child_meta(monitor, workload_name(monitor)),
        "spec": {
            "replicas": 0 if monitor.spec.suspend else 1,
            "revisionHistoryLimit": 2,
            "progressDeadlineSeconds": 600,
            "strategy": {"type": "Recreate"},
            "selector": {"matchLabels": selector(monitor)},
            "template": _template(monitor, image, config_hash),
        },
    }


def _template(monitor: Monitor, image: Image, config_hash: str) -> Manifest:
    template = monitor.spec.pod_template
    annotations = {**template.annotations, constants.ANNOTATION_CONFIG_HASH: config_hash}
    return {
        "metadata": {"labels": {**template.labels, **labels(monitor)}, "annotations": annotations},
        "spec": _pod(monitor, image),
    }


def _pod(monitor: Monitor, image: Image) -> Manifest:
    template = monitor.spec.pod_template
    pod: Manifest = {
        "serviceAccountName": template.service_account_name or workload_name(monitor),
        "automountServiceAccountToken": False,
        # A Service called `flower` would else set FLOWER_PORT=tcp://..., which is an option's name.
        "enableServiceLinks": False,
        "terminationGracePeriodSeconds": GRACE,
        "securityContext": {
            "runAsNonRoot": True,
            **({} if image.group is None else {"fsGroup": image.group}),
            "fsGroupChangePolicy": "OnRootMismatch",
            "seccompProfile": {"type": "RuntimeDefault"},
            **template.security_context,
        },
        "containers": [_container(monitor, image.name)],
        "volumes": _volumes(monitor),
    }
    further = {
        "nodeSelector": template.node_selector,
        "tolerations": template.tolerations,
        "priorityClassName": template.priority_class_name,
        "affinity": template.affinity,
        "topologySpreadConstraints": template.topology_spread_constraints,
        "imagePullSecrets": _pull_secrets(monitor, image),
    }
    # Left out where there is none: an empty field is another pod template, and every monitor would restart.
    return pod | {name: value for name, value in further.items() if value}


def _pull_secrets(monitor: Monitor, image: Image) -> list[Manifest]:
    named = [secret.name for secret in monitor.spec.image_pull_secrets] or image.pull_secrets
    return [{"name": name} for name in named]


def _container(monitor: Monitor, image: str) -> Manifest:
    resources = monitor.spec.resources
    return {
        "name": constants.CONTAINER,
        "image": image,
        "imagePullPolicy": "IfNotPresent",
        "command": ["flower-monitor"],
        # Not the image's own, which is the volume: a flowerconfig.py there would be run.
        "workingDir": "/tmp",  # noqa: S108 - as below
        "ports": [{"name": constants.PORT_NAME, "containerPort": constants.MONITOR_PORT, "protocol": "TCP"}],
        "envFrom": [{"secretRef": {"name": config_name(monitor)}}],
        "env": _env(monitor),
        "resources": {
            part: dict(quantities)
            for part, quantities in (("requests", resources.requests), ("limits", resources.limits))
            if quantities
        },
        # The last lines of the log become the reason that the FlowerMonitor's status shows for a crash.
        "terminationMessagePolicy": "FallbackToLogsOnError",
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        **_probes(),
        "volumeMounts": [
            {"name": "data", "mountPath": constants.DATA_DIR},
            {"name": "credentials", "mountPath": constants.CREDENTIALS_DIR, "readOnly": True},
            {"name": "tmp", "mountPath": "/tmp"},  # noqa: S108 - an emptyDir of the pod's own
            *(
                {"name": mounted.volume, "mountPath": mounted.folder, "readOnly": True}
                for mounted in references.files(monitor)
            ),
            *(
                {"name": volume["name"], "mountPath": folder, "readOnly": True}
                for volume, folder in _config_maps(monitor)
            ),
            *monitor.spec.pod_template.volume_mounts,
        ],
    }


def _env(monitor: Monitor) -> list[Manifest]:
    broker = monitor.spec.broker.url_secret_ref
    named = [("CELERY_BROKER_URL", broker)] if broker else []
    named += [(variable.name, variable.reference) for variable in references.variables(monitor)]
    ours = [
        {"name": name, "valueFrom": {"secretKeyRef": {"name": reference.name, "key": reference.key}}}
        for name, reference in named
    ]
    return [*ours, *monitor.spec.pod_template.env]


def _probes() -> Manifest:
    """None of them asks the broker: its failure must not restart or hide the monitor that reports it."""

    def probe(path: str, period: int, failures: int) -> Manifest:
        return {
            "httpGet": {"path": path, "port": constants.PORT_NAME},
            "periodSeconds": period,
            "timeoutSeconds": 5,
            "failureThreshold": failures,
        }

    return {
        "startupProbe": probe("/livez", 1, 120),
        "livenessProbe": probe("/livez", 10, 3),
        "readinessProbe": probe("/readyz", 5, 2),
    }


def _volumes(monitor: Monitor) -> list[Manifest]:
    secret = {"secretName": credentials_name(monitor), "defaultMode": READ_BY_GROUP}
    return [
        {"name": "data", "persistentVolumeClaim": {"claimName": volume_claim(monitor)}},
        {"name": "credentials", "secret": secret},
        {"name": "tmp", "emptyDir": {"sizeLimit": "64Mi"}},
        *(_mounted(mounted) for mounted in references.files(monitor)),
        *(volume for volume, _ in _config_maps(monitor)),
        *monitor.spec.pod_template.volumes,
    ]


def _config_maps(monitor: Monitor) -> list[tuple[Manifest, str]]:
    """Volumes of ConfigMaps, and where they are. Optional: a monitor without them is better than none."""
    scaling, found = monitor.spec.autoscaling, []
    if scaling is not None and scaling.pools:
        found.append(("autoscaling", policies_name(monitor), constants.POLICIES_DIR))
    if monitor.spec.worker_pods is not None:
        found.append(("pods", pods_name(monitor), constants.PODS_DIR))
    return [({"name": volume, "configMap": {"name": name, "optional": True}}, folder) for volume, name, folder in found]


def _mounted(mounted: references.Files) -> Manifest:
    """A volume of the named keys alone, whatever else the Secret holds."""
    items = [{"key": key, "path": name} for key, name in mounted.names]
    secret = {"secretName": mounted.secret, "defaultMode": READ_BY_GROUP, "items": items}
    return {"name": mounted.volume, "secret": secret}
