"""The config Secret, the generated credentials, and the hash of all that the pod reads from Secrets."""

import base64
import hmac
import json
from collections.abc import Mapping

from flower_operator import constants
from flower_operator.kinds import Manifest
from flower_operator.spec import Monitor

from .metadata import child_meta, config_name, data_meta, generated_credentials


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
    meta = data_meta(monitor, generated_credentials(monitor))
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": meta | {"annotations": meta["annotations"] | _asked(monitor)},
        "type": "Opaque",
        "stringData": {"username": constants.ADMIN_USER, "password": password, "token": token},
    }


def _asked(monitor: Monitor) -> Mapping[str, str]:
    """What new credentials need not be rotated for."""
    return {constants.ANNOTATION_ROTATED: monitor.rotate} if monitor.rotate else {}


def content_hash(key: bytes, *contents: Mapping[str, str | None] | None) -> str:
    """Hash what the pod reads. Keyed, since whoever may read a Deployment could else guess short passwords."""
    text = json.dumps(contents, sort_keys=True)
    return hmac.new(key, text.encode(), "sha256").hexdigest()[:32]
