"""What Flower's control routes have in common: how they are called, and what they answer.

Beside Flower's `message`, which says no more than that something was sent, stands who has done it (deviation D13).
"""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Annotated

import msgspec
from msgspec import Meta
from starlette.responses import Response

from flower_monitor.web.flower.answers import flower_answers
from flower_monitor.web.outcome import Acknowledged, Outcome, Said, Silent
from flower_monitor.web.problems import Problem
from flower_monitor.web.responses import flower_response
from flower_monitor.web.routing import Body, Call, Parameters, Route


class Told(msgspec.Struct, frozen=True):
    """The answer to a command."""

    message: Annotated[str, Meta(description="Flower's text")]
    acknowledged: Acknowledged
    replies: Said
    silent: Silent


def command_route(
    path: str, handler: Callable[[Call[Parameters]], Awaitable[Response]], parameters: type[Parameters], *errors: int
) -> Route[Parameters]:
    """A route of a command; `errors` are statuses beside those that every command may answer."""
    given = flower_answers(Told, 400, 403, 413, *errors, tagged=False)
    return Route(path, handler, parameters, method="POST", body=Body.FIELDS, tag="Flower", answers=given)


def granted(found: Outcome, name: str, failure: str) -> None:
    """Go on only if the worker has done it.

    Raises:
        Problem: 403, as in Flower also where the worker did not answer: `failure` and why.
    """
    reason = found.reason(name)
    if reason is not None:
        raise refusal(f"{failure}{reason}")


def refusal(text: str) -> Problem:
    """The answer to a command that a worker refused."""
    return Problem(HTTPStatus.FORBIDDEN, "refused-by-worker", text)


def told(message: str, found: Outcome) -> Response:
    """The answer to a command that was given."""
    body = Told(message, found.acknowledged, found.replies, found.silent)
    return flower_response(body)
