"""`POST /api/v1/tasks/{uuid}/revoke` and `POST /api/v1/tasks/revoke`: one task, and all that a filter fits."""

from http import HTTPStatus
from typing import Annotated

import msgspec
from msgspec import Meta
from starlette.responses import Response

from flower_monitor.store.reader import MAX_LIMIT
from flower_monitor.store.records import TaskQuery
from flower_monitor.web.context import Context
from flower_monitor.web.openapi import COMMAND, answers
from flower_monitor.web.problems import Problem, bad_parameter
from flower_monitor.web.responses import json_response
from flower_monitor.web.revocable import MOST, Revocable, chosen, revocable
from flower_monitor.web.revoking import revoke, revoke_all
from flower_monitor.web.routing import Body, Call, Route, Routes
from flower_monitor.web.shapes import Revocation, Revoked, TaskId
from flower_monitor.web.signals import DEFAULT, signal_name
from flower_monitor.web.v1.tasks import TaskFilters, Text

FIRST = 20
"""Ids that an answer shows."""

_CHANGED = "More tasks fit by now than were expected"
_TOO_MANY = "More tasks fit than one call revokes, or it takes too long to find them: narrow the filters"

Terminate = Annotated[bool, Meta(description="Whether to end the processes that run them, too")]
Signal = Annotated[Text, Meta(description="Signal for that, by name")]


class RevokeParameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which task, and how."""

    uuid: Annotated[TaskId, Meta(min_length=1)]
    terminate: Terminate = False
    signal: Signal = DEFAULT


class BulkParameters(TaskFilters, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which tasks, and how."""

    uuids: Annotated[
        Annotated[list[Text], Meta(min_length=1, max_length=MAX_LIMIT)] | None,
        Meta(description="Only these, by their ids; not together with filters"),
    ] = None
    dry_run: Annotated[bool, Meta(description="Only tell which they are")] = True
    expect: Annotated[
        int | None,
        Meta(description="`matched` of the dry run, needed without one: if by now more fit, nothing is revoked"),
    ] = None
    terminate: Terminate = False
    signal: Signal = DEFAULT


def routes() -> Routes:
    """The routes of revoking."""
    one = answers(Revoked, bad_request=True, also=COMMAND)
    many = answers(Revocation, bad_request=True, also={**COMMAND, 409: _CHANGED, 422: _TOO_MANY})
    return [
        Route(
            "/api/v1/tasks/revoke",
            revoke_tasks,
            BulkParameters,
            method="POST",
            body=Body.JSON,
            tag="tasks",
            answers=many,
        ),
        Route(
            "/api/v1/tasks/{uuid:path}/revoke",
            revoke_task,
            RevokeParameters,
            method="POST",
            body=Body.JSON,
            tag="tasks",
            answers=one,
        ),
    ]


async def revoke_task(call: Call[RevokeParameters]) -> Response:
    """Revoke a task: no worker will start it; with `terminate` the process that runs it is ended.

    All workers are told, and remember it until they are started again. A task of which no event came is revoked too.
    """
    context, wanted = call.context, call.parameters
    signal = signal_name(wanted.signal)
    task = await context.store.read(lambda reader: reader.task(wanted.uuid))
    found = await revoke(context, wanted.uuid, terminate=wanted.terminate, signal=signal)
    body = Revoked(
        uuid=wanted.uuid,
        state=task.state if task else None,
        acknowledged=found.acknowledged,
        replies=found.replies,
        silent=found.silent,
    )
    return json_response(body)


async def revoke_tasks(call: Call[BulkParameters]) -> Response:
    """Revoke all unfinished tasks that the filters of `GET /api/v1/tasks` fit, or those of some that are named.

    First as a dry run, which tells how many and which; then with `dry_run: false` and that number as `expect`. Tasks
    that have ended meanwhile are no hindrance.
    """
    context, wanted = call.context, call.parameters
    signal = signal_name(wanted.signal)
    if not wanted.dry_run and wanted.expect is None:
        raise bad_parameter("expect", "Missing argument expect: it is `matched` of the dry run")
    found = await _found(context, wanted)
    if wanted.dry_run:
        return json_response(_body(found, dry_run=True))
    _check(found, wanted.expect or 0)
    told = await revoke_all(context, found.uuids, terminate=wanted.terminate, signal=signal)
    refused = {name: str(said["error"]) for name, said in told.replies.items() if "error" in said}
    done = msgspec.structs.replace(
        _body(found, dry_run=False), sent=len(found.uuids), acknowledged=told.acknowledged, refused=refused
    )
    return json_response(msgspec.structs.replace(done, silent=told.silent))


async def _found(context: Context, wanted: BulkParameters) -> Revocable:
    filters = wanted.filters()
    if wanted.uuids is None:
        return await revocable(context.store, filters)
    if filters != TaskQuery():
        raise bad_parameter("uuids", "uuids names the tasks already: leave the filters out")
    return await chosen(context.store, wanted.uuids)


def _body(found: Revocable, *, dry_run: bool) -> Revocation:
    return Revocation(
        dry_run=dry_run,
        matched=len(found.uuids),
        more=found.more,
        first=found.uuids[:FIRST],
        sent=0,
        acknowledged=False,
        refused={},
        silent=[],
    )


def _check(found: Revocable, expect: int) -> None:
    """Go on only if no more is revoked than was looked at."""
    if found.more:
        detail = f"More than {MOST} tasks fit: narrow the filters, such as by received_end"
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "too-many", detail)
    if len(found.uuids) > expect:
        detail = f"{len(found.uuids)} tasks fit by now, not {expect}: look again with dry_run, and decide again"
        raise Problem(HTTPStatus.CONFLICT, "more-tasks", detail, field="expect")
