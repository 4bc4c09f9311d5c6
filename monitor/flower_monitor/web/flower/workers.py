"""`GET /api/workers`: what workers say of themselves, joined with what their events say.

Flower knows only workers that answered an inspect command, however dead they are by now (deviation D12).
Here every worker that was ever seen is there: with `status`, with `timestamp`, and with what it answered.
"""

import logging
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Annotated, Any

import msgspec
from msgspec import Meta
from starlette.responses import Response

from flower_monitor.exceptions import BrokerError
from flower_monitor.store.reader import Reader
from flower_monitor.store.records import WorkerRow
from flower_monitor.web.flower.answers import flower_answers
from flower_monitor.web.flower.parameters import boolean
from flower_monitor.web.inspection import Inspection
from flower_monitor.web.problems import Problem
from flower_monitor.web.responses import tagged_response
from flower_monitor.web.routing import Call, Route, Routes

logger = logging.getLogger(__name__)

_SCHEMA = {
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "properties": {
            "status": {"type": "boolean", "description": "Whether it is online"},
            "timestamp": {
                "type": ["number", "null"],
                "description": "When it last answered, or else its last event came, epoch seconds",
            },
            "stats": {"type": "object"},
            "active_queues": {"type": "array", "items": {"type": "object"}},
            "registered": {"type": "array", "items": {"type": "string"}},
            "conf": {"type": "object"},
        },
    },
    "description": "By host name; with `status=1` just whether it is online",
}


class Parameters(msgspec.Struct, frozen=True, kw_only=True):
    """Flower's parameters, as text: what is wrong with one is said in Flower's words."""

    refresh: Annotated[str | None, Meta(description="Whether to ask the workers now")] = None
    status: Annotated[str | None, Meta(description="Whether to tell of each worker only whether it is online")] = None
    workername: Annotated[str | None, Meta(description="Only this worker; with `refresh` also its lists of tasks")] = (
        None
    )


def routes() -> Routes:
    """The route of the workers."""
    return [
        Route("/api/workers", list_workers, Parameters, tag="Flower", answers=flower_answers(_SCHEMA, 400, 404)),
    ]


async def list_workers(call: Call[Parameters]) -> Response:
    """Workers by host name, with what they last said of themselves; they are asked when somebody first wants it."""
    parameters, inspection = call.parameters, call.context.inspection
    refresh, only_status = boolean("refresh", parameters.refresh), boolean("status", parameters.status)
    name = parameters.workername or None
    rows = await call.context.store.read(Reader.workers)
    online = [row.hostname for row in rows if row.state == "online"]
    if refresh:
        await _refresh(inspection, name, online)
    elif not only_status:
        await inspection.complete(online)
    if only_status:
        return tagged_response(call.request, {row.hostname: row.state == "online" for row in rows})
    return tagged_response(call.request, _only(name, merge(rows, inspection.known())))


def merge(rows: Iterable[WorkerRow], answers: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Every worker that events or answers know of. Pure."""
    found: dict[str, dict[str, Any]] = {name: {**answer, "status": False} for name, answer in answers.items()}
    for row in rows:
        known = found.setdefault(row.hostname, {"timestamp": row.last_heartbeat})
        known["status"] = row.state == "online"
    return found


async def _refresh(inspection: Inspection, name: str | None, online: list[str]) -> None:
    try:
        await inspection.refresh(name, online or None)
    except BrokerError as error:
        logger.warning("workers could not be asked: %s", error)
        detail = f"Failed to update workers: {error}"
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "broker", detail) from error


def _only(name: str | None, workers: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    if name is None:
        return workers
    if name not in workers:
        raise Problem(HTTPStatus.NOT_FOUND, "unknown-worker", f"Unknown worker '{name}'")
    return {name: workers[name]}
