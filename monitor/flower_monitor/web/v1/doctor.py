"""`GET /api/v1/doctor`: why do I see nothing."""

from starlette.responses import Response

from flower_monitor.web.doctor.check import Report
from flower_monitor.web.openapi import answers
from flower_monitor.web.responses import json_response
from flower_monitor.web.routing import Call, Nothing, Route, Routes


def routes() -> Routes:
    """The route of the doctor."""
    return [Route("/api/v1/doctor", read_doctor, Nothing, tag="monitor", answers=answers(Report, store=False))]


async def read_doctor(call: Call[Nothing]) -> Response:
    """Look at everything between a worker's event and a page, and say of each what is wrong and how to mend it.

    It asks the broker, the result backend and the management API, each with a time limit, once for all who ask at the
    same time. The worst comes first; what is well is there too.
    """
    return json_response(await call.context.doctor.report())
