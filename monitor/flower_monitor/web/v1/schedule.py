"""`GET /api/v1/schedule`: entries of Celery beat."""

import time
from functools import partial

from starlette.responses import Response

from flower_monitor.web import schedule
from flower_monitor.web.openapi import answers
from flower_monitor.web.responses import json_response
from flower_monitor.web.routing import Call, Nothing, Route, Routes
from flower_monitor.web.schedule import ScheduleBody


def routes() -> Routes:
    """The route of the schedule."""
    return [Route("/api/v1/schedule", read_schedule, Nothing, tag="monitor", answers=answers(ScheduleBody))]


async def read_schedule(call: Call[Nothing]) -> Response:
    """Entries of Celery beat's schedule, where the monitor was given the app: when each was last seen to be sent, when
    it is due, and whether it was missed. Beat sends no events of its entries, so nothing else tells of them.
    """
    context = call.context
    question = partial(schedule.read, context.config.app, context.redaction, time.time())
    return json_response(await context.store.read(question))
