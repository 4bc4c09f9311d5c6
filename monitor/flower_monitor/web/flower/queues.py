"""`GET /api/queues/length`: the same shape whatever the broker is, and an error where there is one (deviation D15)."""

import logging
from http import HTTPStatus

from starlette.responses import Response

from flower_monitor.exceptions import BrokerError
from flower_monitor.queues.length import length
from flower_monitor.web.flower.answers import flower_answers
from flower_monitor.web.problems import Problem
from flower_monitor.web.responses import tagged_response
from flower_monitor.web.routing import Call, Nothing, Route, Routes

logger = logging.getLogger(__name__)

_NUMBER = {"type": ["integer", "null"]}
_QUEUE = {
    "type": "object",
    "required": ["name", "messages"],
    "properties": {
        "name": {"type": "string"},
        "messages": {
            "type": "integer",
            "description": "Messages that wait; over RabbitMQ's management API also those that consumers have",
        },
        "messages_ready": {"type": "integer", "description": "Messages that wait"},
        "messages_unacknowledged": {**_NUMBER, "description": "Messages that consumers have; null: not known"},
        "consumers": {**_NUMBER, "description": "Consumers, on Redis workers; null: not known"},
    },
}
_SCHEMA = {
    "type": "object",
    "required": ["active_queues"],
    "properties": {"active_queues": {"type": "array", "items": _QUEUE}},
}


def routes() -> Routes:
    """The route of queues' lengths."""
    return [Route("/api/queues/length", list_lengths, Nothing, tag="Flower", answers=flower_answers(_SCHEMA))]


async def list_lengths(call: Call[Nothing]) -> Response:
    """How long queues are: those configured, those that tasks were sent to, and those that workers consume."""
    try:
        look = await call.context.queues.look()
        lengths = [length(row, whole=look.source == "management") for row in look.items]
    except BrokerError as error:
        logger.warning("queues could not be read: %s", error)
        raise _unavailable(str(error)) from error
    return tagged_response(call.request, {"active_queues": lengths})


def _unavailable(reason: str) -> Problem:
    return Problem(HTTPStatus.SERVICE_UNAVAILABLE, "broker", f"Queues can't be read: {reason}")
