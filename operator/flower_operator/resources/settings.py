"""The monitor's environment, from the spec. What is not set is left to the monitor's own default. Pure."""

from collections.abc import Mapping
from typing import Any

import msgspec

from flower_operator import constants, units
from flower_operator.spec import Monitor

from . import references
from .autoscaling import POLICIES_FILE
from .fates import PODS_FILE

MEBIBYTE = 1 << 20


def settings(monitor: Monitor, fleet_digest: str, fleet_public_key: str, users: list[str]) -> dict[str, str]:
    """Everything that the monitor is told, but what it reads from Secrets that are not ours."""
    return {
        **_always(monitor),
        "FLOWER_FLEET_TOKEN_SHA256": fleet_digest,
        "FLOWER_FLEET_PUBLIC_KEY": fleet_public_key,
        **_given(_broker(monitor)),
        **_given(_history(monitor)),
        **_given(_redaction(monitor)),
        **_given(_access(monitor, users)),
        **_given(_options(monitor)),
        **_given(_metrics(monitor)),
        **_given(_autoscaling(monitor)),
        **_given({"FLOWER_PODS_FILE": f"{constants.PODS_DIR}/{PODS_FILE}" if monitor.spec.worker_pods else None}),
    }


def _always(monitor: Monitor) -> dict[str, str]:
    return {
        "FLOWER_NAME": monitor.name,
        "FLOWER_NAMESPACE": monitor.namespace,
        "FLOWER_STORE": constants.STORE_PATH,
        "FLOWER_PORT": str(constants.MONITOR_PORT),
        "FLOWER_CREDENTIALS_DIR": constants.CREDENTIALS_DIR,
        "FLOWER_MAX_TASKS": str(monitor.spec.retention.tasks),
        "FLOWER_RETENTION_AGE": str(units.seconds(monitor.spec.retention.age)),
        "FLOWER_LOG_FORMAT": "json",
    }


def _given(values: Mapping[str, Any]) -> dict[str, str]:
    """Those that are set, as text."""
    return {name: _text(value) for name, value in values.items() if value is not None and value != []}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(value) if isinstance(value, list) else str(value)


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _broker(monitor: Monitor) -> dict[str, Any]:
    broker, backend = monitor.spec.broker, monitor.spec.result_backend
    queue, options = broker.queue, broker.transport_options
    return {
        "CELERY_BROKER_URL": broker.url,
        "FLOWER_BROKER_TRANSPORT_OPTIONS": _json(options) if options else None,
        "FLOWER_BROKER_USE_SSL": _tls(monitor),
        "FLOWER_QUEUES": broker.queues,
        "FLOWER_QUEUE_TYPE": queue.type if queue else None,
        "FLOWER_QUEUE_EXPIRES": units.seconds(queue.expires) if queue and queue.expires else None,
        "FLOWER_QUEUE_BYTES": int(units.amount(queue.size)) // MEBIBYTE if queue and queue.size else None,
        "FLOWER_RESULT_BACKEND": backend.url if backend else None,
    }


def _tls(monitor: Monitor) -> str | None:
    """Celery's `broker_use_ssl`."""
    tls = monitor.spec.broker.tls
    if tls is None:
        return None
    folders = {mounted.volume: mounted.folder for mounted in references.files(monitor)}
    options: dict[str, str] = {}
    if folder := folders.get("broker-ca"):
        options["ssl_ca_certs"] = f"{folder}/ca.crt"
    if folder := folders.get("broker-cert"):
        options |= {"ssl_certfile": f"{folder}/tls.crt", "ssl_keyfile": f"{folder}/tls.key"}
    if not tls.check_hostname:
        options["ssl_check_hostname"] = "false"
    if tls.insecure_skip_verify:
        options["ssl_cert_reqs"] = "none"
    return _json(options or True)


def _history(monitor: Monitor) -> dict[str, Any]:
    retention = monitor.spec.retention
    return {
        "FLOWER_RETENTION_BYTES": retention.bytes,
        "FLOWER_ROLLUP_AGE": units.seconds(retention.rollups) if retention.rollups else None,
    }


def _redaction(monitor: Monitor) -> dict[str, Any]:
    redaction = monitor.spec.redaction
    if redaction is None:
        return {}
    lengths = msgspec.structs.asdict(redaction.max_length) if redaction.max_length else {}
    folder = next((mounted.folder for mounted in references.files(monitor) if mounted.volume == "redaction"), None)
    return {
        "FLOWER_REDACT": _json(redaction.rules) if redaction.rules else None,
        "FLOWER_REDACT_FILE": f"{folder}/rules.json" if folder else None,
        **{f"FLOWER_MAX_{text.upper()}": length for text, length in lengths.items()},
    }


def _access(monitor: Monitor, users: list[str]) -> dict[str, Any]:
    access = monitor.spec.access
    tokens = next((mounted.folder for mounted in references.files(monitor) if mounted.volume == "tokens"), None)
    return {
        "FLOWER_BASIC_AUTH": users,
        "FLOWER_ROLES": _json(access.roles) if access.roles else None,
        "FLOWER_TOKEN_FILE": f"{tokens}/tokens" if tokens else None,
        **_oauth(monitor),
    }


def _oauth(monitor: Monitor) -> dict[str, Any]:
    oauth = monitor.spec.access.oauth
    if oauth is None:
        return {}
    return {
        "FLOWER_AUTH_PROVIDER": oauth.provider,
        "FLOWER_AUTH": "|".join(oauth.allowed) or None,
        "FLOWER_OAUTH2_KEY": oauth.client_id,
        "FLOWER_OAUTH2_REDIRECT_URI": oauth.redirect_uri,
        "FLOWER_OAUTH2_BASE_URL": oauth.base_url,
        "FLOWER_OAUTH2_GROUPS": oauth.groups,
        "FLOWER_OAUTH2_MIN_ACCESS_LEVEL": oauth.min_access_level,
        "FLOWER_OAUTH2_NAME_CLAIM": oauth.name_claim,
    }


def _options(monitor: Monitor) -> dict[str, Any]:
    options = msgspec.structs.asdict(monitor.spec.options)
    return {f"FLOWER_{name.upper()}": value for name, value in options.items()}


def _metrics(monitor: Monitor) -> dict[str, Any]:
    metrics = monitor.spec.monitoring.metrics if monitor.spec.monitoring else None
    if metrics is None:
        return {}
    return {"FLOWER_METRICS": metrics.sets, "FLOWER_METRICS_MAX_SERIES": metrics.max_series}


def _autoscaling(monitor: Monitor) -> dict[str, Any]:
    scaling = monitor.spec.autoscaling
    if scaling is None or not scaling.pools:
        return {}
    volumes = {mounted.volume: mounted.folder for mounted in references.files(monitor)}
    folder = volumes.get("autoscaling-webhooks")
    return {
        "FLOWER_AUTOSCALE_FILE": f"{constants.POLICIES_DIR}/{POLICIES_FILE}",
        "FLOWER_AUTOSCALE_WEBHOOK_SECRET_FILE": f"{folder}/secret" if folder else None,
    }
