"""`GET /api/v1/failures`: what fails, by task, exception and place; and which tasks a group of it holds."""

import time
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType
from starlette.responses import Response

from flower_monitor.store.failures import LOOKED_AT, FailureQuery, Failures, GroupTasks
from flower_monitor.web.openapi import answers
from flower_monitor.web.responses import json_response
from flower_monitor.web.routing import Call, Route, Routes
from flower_monitor.web.v1.tasks import Text, Time

DAY = 86400.0

MOST = 10_000

MOST_TASKS = 1000
"""Ids of a group in one answer."""


class FailureParameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of when, and how many."""

    start: Annotated[
        Time | UnsetType, Meta(description="Received from then on, epoch seconds; left out: a day ago")
    ] = UNSET
    end: Annotated[Time | UnsetType, Meta(description="Received before then, epoch seconds; left out: now")] = UNSET
    limit: Annotated[int, Meta(ge=1, le=MOST, description="Most failed tasks looked at, the newest ones")] = LOOKED_AT

    def query(self, now: float) -> FailureQuery:
        """The question to the store."""
        end = now if self.end is UNSET else self.end
        start = end - DAY if self.start is UNSET else self.start
        return FailureQuery(start=start, end=end, limit=self.limit)


class GroupParameters(FailureParameters, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which group, of when."""

    group: Annotated[Text, Meta(description="Id of the group")]
    most: Annotated[int, Meta(ge=1, le=MOST_TASKS, description="Most ids in the answer, of the newest")] = 500


def routes() -> Routes:
    """The routes of failures."""
    given, one = answers(Failures, bad_request=True), answers(GroupTasks, bad_request=True, not_found=True)
    return [
        Route("/api/v1/failures", list_failures, FailureParameters, tag="tasks", answers=given),
        Route("/api/v1/failures/{group}/tasks", list_group, GroupParameters, tag="tasks", answers=one),
    ]


async def list_failures(call: Call[FailureParameters]) -> Response:
    """Tasks that failed, grouped by task, exception and place: first and last, how often, which workers and queues.

    The place is the innermost line of the traceback that is not in a library, told apart by file and function. A group
    that somebody silenced says so and is counted as the others.
    """
    query = call.parameters.query(time.time())
    return json_response(await call.context.store.read(lambda reader: reader.failed(query)))


async def list_group(call: Call[GroupParameters]) -> Response:
    """Ids of the tasks of one group, the newest first, of those that `GET /api/v1/failures` looks at; none: no such."""
    wanted = call.parameters
    query = wanted.query(time.time())
    return json_response(
        await call.context.store.read(lambda reader: reader.failed_tasks(query, wanted.group, wanted.most))
    )
