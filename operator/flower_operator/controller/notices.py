"""Posts Kubernetes Events."""

import logging
import secrets
from datetime import UTC, datetime

from flower_operator import constants
from flower_operator.exceptions import KubeError
from flower_operator.kinds import EVENT, Manifest
from flower_operator.kube import KubeApi
from flower_operator.spec import Monitor

from .status import Notice

LONGEST = 1024
"""Characters of an Event's message at most: the API server refuses longer ones."""


def timestamp(now: datetime | None = None) -> str:
    """Time as Kubernetes writes it."""
    return (now or datetime.now(UTC)).strftime(constants.TIME_FORMAT)


def event(monitor: Monitor, notice: Notice, instance: str, now: str) -> Manifest:
    """Make the Event."""
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"name": f"{monitor.name}.{secrets.token_hex(8)}", "namespace": monitor.namespace},
        "involvedObject": {
            "apiVersion": constants.API_VERSION,
            "kind": constants.KIND,
            "name": monitor.name,
            "namespace": monitor.namespace,
            "uid": monitor.uid,
        },
        "type": notice.severity,
        "reason": notice.reason,
        "message": notice.message[:LONGEST],
        "firstTimestamp": now,
        "lastTimestamp": now,
        "count": 1,
        "source": {"component": constants.MANAGED_BY},
        "reportingComponent": f"{constants.GROUP}/controller",
        "reportingInstance": instance,
    }


async def post(
    api: KubeApi, monitor: Monitor, notice: Notice, instance: str, log: logging.LoggerAdapter[logging.Logger]
) -> None:
    """Post one. An Event that can't be posted is logged: the condition says the same and is what counts."""
    try:
        await api.create(EVENT, monitor.namespace, event(monitor, notice, instance, timestamp()))
    except KubeError as error:
        log.warning("an Event could not be posted: %s", error)
