"""What the spec says of autoscaling: the monitor's file of policies, and the objects of KEDA. Pure.

KEDA and its HorizontalPodAutoscaler change `replicas` of the target; we never do.
"""

import json
from typing import Any
from urllib.parse import quote

from flower_operator import fleetkey
from flower_operator.kinds import CONFIG_MAP, SCALED_OBJECT, TRIGGER_AUTHENTICATION, Manifest
from flower_operator.spec import Monitor
from flower_operator.spec.autoscaling import Autoscaling, Keda

from .metadata import child_meta, config_name, policies_name, scaler_name, workload_name

POLICIES_FILE = "policies.json"

TOKEN_KEY = "KEDA_TOKEN"  # noqa: S105 - the name of a key, not a secret
"""Key of the config Secret that KEDA reads its bearer token from. A valid name of a variable, since the container takes
its whole environment from that Secret; there it means nothing."""

METRIC_TYPES = {"work": "AverageValue", "load": "Value"}
"""What the target means: `work` is a number for each pod, `load` a ratio that all of them share."""


def token(key: bytes, monitor: Monitor) -> str:
    """The bearer token of KEDA, derived as the fleet's is: nothing has to be kept to make the same again.

    The path differs from the fleet's, NAMESPACE/NAME, in that no namespace may hold a colon.
    """
    return fleetkey.derive(key, f"keda:{monitor.namespace}", monitor.name)


def policies_map(monitor: Monitor, wanted: Autoscaling) -> Manifest:
    """Render the ConfigMap with the file of `--autoscale-file`, which the monitor reads again when it changes."""
    document = {"enabled": wanted.enabled, "policies": wanted.policies, "webhooks": _webhooks(wanted)}
    given = {name: value for name, value in document.items() if value is not None}
    return {
        "apiVersion": CONFIG_MAP.api_version,
        "kind": CONFIG_MAP.kind,
        "metadata": child_meta(monitor, policies_name(monitor)),
        "data": {POLICIES_FILE: json.dumps(given, indent=1, sort_keys=True)},
    }


def _webhooks(wanted: Autoscaling) -> dict[str, Any] | None:
    hooks = wanted.webhooks
    if hooks is None:
        return None
    values = {
        "before": hooks.before,
        "after": hooks.after,
        "failurePolicy": hooks.failure_policy,
        "timeout": hooks.timeout,
    }
    return {name: value for name, value in values.items() if value is not None}


def trigger_authentication(monitor: Monitor) -> Manifest:
    """Render how KEDA logs in: by a token that may read these numbers and nothing else."""
    secret = {"parameter": "token", "name": config_name(monitor), "key": TOKEN_KEY}
    return {
        "apiVersion": TRIGGER_AUTHENTICATION.api_version,
        "kind": TRIGGER_AUTHENTICATION.kind,
        "metadata": child_meta(monitor, workload_name(monitor)),
        "spec": {"secretTargetRef": [secret]},
    }


def scaled_object(monitor: Monitor, wanted: Keda) -> Manifest:
    """Render one ScaledObject."""
    limits = {
        "minReplicaCount": wanted.min_replica_count,
        "maxReplicaCount": wanted.max_replica_count,
        "pollingInterval": wanted.polling_interval,
        "cooldownPeriod": wanted.cooldown_period,
    }
    return {
        "apiVersion": SCALED_OBJECT.api_version,
        "kind": SCALED_OBJECT.kind,
        "metadata": child_meta(monitor, scaler_name(monitor, wanted)),
        "spec": {
            "scaleTargetRef": _target(wanted),
            **{name: value for name, value in limits.items() if value is not None},
            "triggers": [_trigger(monitor, wanted)],
        },
    }


def _target(wanted: Keda) -> dict[str, str]:
    target = wanted.scale_target_ref
    values = {"apiVersion": target.api_version, "kind": target.kind, "name": target.name}
    return {name: value for name, value in values.items() if value is not None}


def _trigger(monitor: Monitor, wanted: Keda) -> Manifest:
    """A trigger of type metrics-api, whose metadata are all texts; `valueLocation` is a path of GJSON."""
    metadata = {
        "url": f"{_address(monitor)}/api/v1/autoscale/queues/{quote(wanted.queue)}",
        "valueLocation": wanted.metric,
        "targetValue": _text(wanted.target_value),
        "authMode": "bearer",
    }
    if wanted.activation_target_value is not None:
        metadata["activationTargetValue"] = _text(wanted.activation_target_value)
    return {
        "type": "metrics-api",
        "metricType": METRIC_TYPES[wanted.metric],
        "metadata": metadata,
        "authenticationRef": {"name": workload_name(monitor)},
    }


def _address(monitor: Monitor) -> str:
    """The monitor's address from anywhere in the cluster: KEDA is in a namespace of its own."""
    host = f"{workload_name(monitor)}.{monitor.namespace}.svc"
    return f"http://{host}:{monitor.spec.service.port}{monitor.spec.options.prefix}"


def _text(value: float) -> str:
    return str(int(value)) if value == int(value) else str(value)
