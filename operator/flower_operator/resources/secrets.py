"""The config Secret, the generated credentials, and the hash of all that the pod reads from Secrets."""

import base64
import hmac
import json
from collections.abc import Mapping

from flower_operator import constants, units
from flower_operator.kinds import Manifest
from flower_operator.spec import Monitor

from .metadata import child_meta, config_name, data_meta, generated_credentials


def settings(monitor: Monitor, fleet_digest: str) -> dict[str, str]:
    """Environment of the monitor. Everything that it is told but the broker's URL out of a Secret."""
    env = {
        "FLOWER_NAME": monitor.name,
        "FLOWER_NAMESPACE": monitor.namespace,
        "FLOWER_STORE": constants.STORE_PATH,
        "FLOWER_PORT": str(constants.MONITOR_PORT),
        "FLOWER_CREDENTIALS_DIR": constants.CREDENTIALS_DIR,
        "FLOWER_FLEET_TOKEN_SHA256": fleet_digest,
        "FLOWER_MAX_TASKS": str(monitor.spec.retention.tasks),
        "FLOWER_RETENTION_AGE": str(units.seconds(monitor.spec.retention.age)),
        "FLOWER_LOG_FORMAT": "json",
    }
    if monitor.spec.broker.url is not None:
        env["CELERY_BROKER_URL"] = monitor.spec.broker.url
    return env


def config(monitor: Monitor, env: Mapping[str, str]) -> Manifest:
    """Render the Secret that the container takes its environment from."""
    data = {name: base64.b64encode(value.encode()).decode() for name, value in sorted(env.items())}
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": child_meta(monitor, config_name(monitor)),
        "type": "Opaque",
        "data": data,
    }


def credentials(monitor: Monitor, password: str, token: str) -> Manifest:
    """Render generated credentials, to be created once and never applied."""
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": data_meta(monitor, generated_credentials(monitor)),
        "type": "Opaque",
        "stringData": {"username": constants.ADMIN_USER, "password": password, "token": token},
    }


def content_hash(key: bytes, *contents: Mapping[str, str] | None) -> str:
    """Hash what the pod reads. Keyed, since whoever may read a Deployment could else guess short passwords."""
    text = json.dumps(contents, sort_keys=True)
    return hmac.new(key, text.encode(), "sha256").hexdigest()[:32]
