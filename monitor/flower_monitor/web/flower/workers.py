"""`GET /api/workers`: what workers say of themselves, joined with what their events say.

Flower knows only workers that answered an inspect command, however dead they are by now (deviation D12).
Here every worker that was ever seen is there: with `status`, with `timestamp`, and with what it answered.
"""

import logging
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from flower_monitor.exceptions import BrokerError
from flower_monitor.store.reader import Reader
from flower_monitor.store.records import WorkerRow
from flower_monitor.web.context import Ctx
from flower_monitor.web.flower.answers import flower_answers
from flower_monitor.web.flower.parameters import boolean
from flower_monitor.web.inspection import Inspection
from flower_monitor.web.problems import Problem
from flower_monitor.web.responses import tagged_response

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


class Parameters(BaseModel):
    """Flower's parameters, as text: what is wrong with one is said in Flower's words."""

    refresh: str | None = Field(None, description="Whether to ask the workers now")
    status: str | None = Field(None, description="Whether to tell of each worker only whether it is online")
    workername: str | None = Field(None, description="Only this worker; with `refresh` also its lists of tasks")


def install(routes: APIRouter) -> None:
    """Add the route of the workers."""
    routes.get("/api/workers", tags=["Flower"], responses=flower_answers(_SCHEMA, 400, 404))(list_workers)


async def list_workers(context: Ctx, request: Request, parameters: Annotated[Parameters, Query()]) -> Response:
    """Workers by host name, with what they last said of themselves; they are asked when somebody first wants it."""
    refresh, only_status = boolean("refresh", parameters.refresh), boolean("status", parameters.status)
    name = parameters.workername or None
    rows = await context.store.read(Reader.workers)
    online = [row.hostname for row in rows if row.state == "online"]
    if refresh:
        await _refresh(context.inspection, name, online)
    elif not only_status:
        await context.inspection.complete(online)
    if only_status:
        return tagged_response(request, {row.hostname: row.state == "online" for row in rows})
    return tagged_response(request, _only(name, merge(rows, context.inspection.known())))


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
