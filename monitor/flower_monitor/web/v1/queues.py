"""`/api/v1/queues`: how long queues are, what is next in one, and emptying one."""

import time
from collections.abc import Awaitable, Mapping
from http import HTTPStatus
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta
from starlette.responses import Response

from flower_monitor.exceptions import BrokerError
from flower_monitor.protect import CUT
from flower_monitor.queues.failures import NotPossible, QueueLonger, QueueMissing
from flower_monitor.queues.records import Peeked
from flower_monitor.queues.rows import QueueRow
from flower_monitor.redact import Redaction
from flower_monitor.web.audit import tell
from flower_monitor.web.openapi import answers, problem_answer
from flower_monitor.web.problems import Problem, ProblemBody, bad_parameter
from flower_monitor.web.queue_shapes import Message, MessageList, Purged, QueueList, TooMany
from flower_monitor.web.responses import json_response
from flower_monitor.web.routing import Answers, Body, Call, Nothing, Route, Routes

Answer = TypeVar("Answer")

LONGEST_NAME = 255
"""Bytes of a queue's name in AMQP."""

MOST_MESSAGES = 100

Name = Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME, description="Name of the queue")]


class QueueParameters(msgspec.Struct, frozen=True):
    """Which queue."""

    name: Name


class PeekParameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which messages."""

    name: Name
    limit: Annotated[int, Meta(ge=1, le=MOST_MESSAGES, description="Most messages in the answer")] = 20


class PurgeParameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to purge."""

    name: Name
    expect: Annotated[
        int,
        Meta(ge=0, le=1 << 53, description="Messages that were seen to wait: when there are more, none is deleted"),
    ]


def routes() -> Routes:
    """The routes of queues."""
    path = "/api/v1/queues/{name:path}"
    return [
        Route("/api/v1/queues", list_queues, Nothing, tag="queues", answers=_answers(answers(QueueList))),
        Route(
            f"{path}/messages",
            list_messages,
            PeekParameters,
            tag="queues",
            answers=_answers(
                answers(MessageList, bad_request=True, not_found=True)
                | {
                    409: problem_answer(
                        "This broker shows no messages without moving them; `detail` says why", ProblemBody
                    )
                }
            ),
        ),
        Route(
            f"{path}/purge",
            purge_queue,
            PurgeParameters,
            method="POST",
            body=Body.JSON,
            tag="queues",
            answers=_answers(
                answers(Purged, bad_request=True, not_found=True)
                | {
                    403: problem_answer("Only an administrator may purge", ProblemBody),
                    409: problem_answer("More messages wait than `expect`: `ready` says how many", TooMany),
                    413: problem_answer("The body is too long", ProblemBody),
                }
            ),
        ),
        Route(
            path,
            read_queue,
            QueueParameters,
            tag="queues",
            answers=_answers(answers(QueueRow, bad_request=True, not_found=True)),
        ),
    ]


async def list_queues(call: Call[Nothing]) -> Response:
    """Queues of `--queues`, queues that task-sent events named, and those that workers consume.

    One look at the broker is shared by all who ask within a second. Of a queue that the broker has not, nothing is
    said. A broker that does not answer is 503.
    """
    look = await _translated(call.context.queues.look())
    return json_response(
        QueueList(list(look.items), look.source, look.at, max(0.0, time.time() - look.at), look.truncated)
    )


async def read_queue(call: Call[QueueParameters]) -> Response:
    """One queue, whether or not anything was seen of it. Redis does not tell an empty queue from one that never was."""
    name = checked(call.parameters.name)
    row = await _translated(call.context.queues.look_at(name))
    if row is None:
        detail = f"The broker has no queue {name!r}"
        raise Problem(HTTPStatus.NOT_FOUND, "unknown-queue", detail, field="name")
    return json_response(row)


async def list_messages(call: Call[PeekParameters]) -> Response:
    """The messages that are delivered next, the first first, without moving one: only Redis can.

    Of each its headers, with the redaction rules and caps of stored tasks; never its body. While consumers take
    messages, some may be left out.
    """
    name = checked(call.parameters.name)
    found, sent = await _translated(call.context.queues.peek(name, call.parameters.limit))
    config = call.context.config
    redaction = Redaction(config.redact)
    caps = {"args": config.max_args, "kwargs": config.max_kwargs}
    return json_response(MessageList([_shown(message, sent, redaction, caps) for message in found]))


async def purge_queue(call: Call[PurgeParameters]) -> Response:
    """Delete the messages that wait in a queue, for ever. Those that consumers have already stay.

    `expect` is the number that was seen: when more wait, nothing is deleted and the answer is 409 with the number
    there is. On Redis that is one step; on RabbitMQ a message that comes between counting and deleting goes too.
    """
    name = checked(call.parameters.name)
    try:
        purged = await _translated(call.context.queues.purge(name, call.parameters.expect))
    except QueueLonger as error:
        return _too_many(error)
    tell(call.request, f"{purged} messages deleted")
    return json_response(Purged(name, purged))


def checked(name: str) -> str:
    """The name of a queue.

    Raises:
        Problem: 400, it is longer than a name can be.
    """
    if len(name.encode(errors="replace")) > LONGEST_NAME:
        raise bad_parameter("name", f"name: expected a text of at most {LONGEST_NAME} bytes")
    return name


def unreachable(error: BrokerError) -> Problem:
    """The answer when the broker did not answer."""
    return Problem(HTTPStatus.SERVICE_UNAVAILABLE, "broker", f"Queues can't be read: {error}")


async def _translated(work: Awaitable[Answer]) -> Answer:
    """What can go wrong with a broker, as problems."""
    try:
        return await work
    except BrokerError as error:
        raise unreachable(error) from error
    except QueueMissing as error:
        raise Problem(HTTPStatus.NOT_FOUND, "unknown-queue", str(error), field="name") from error
    except NotPossible as error:
        raise Problem(HTTPStatus.CONFLICT, "no-peek", str(error)) from error


def _answers(found: Answers) -> Answers:
    return {
        **found,
        503: problem_answer("The broker did not answer, or the store can't be read yet: `detail` says", ProblemBody),
    }


def _too_many(error: QueueLonger) -> Response:
    body = TooMany(
        type="urn:flower-monitor:problem:more-than-expected",
        title=HTTPStatus.CONFLICT.phrase,
        status=HTTPStatus.CONFLICT,
        detail=str(error),
        field="expect",
        ready=error.ready,
    )
    return json_response(body, media_type="application/problem+json", status=HTTPStatus.CONFLICT)


def _shown(message: Peeked, sent: Mapping[str, float], redaction: Redaction, caps: Mapping[str, int]) -> Message:
    """A message as people may see it."""
    texts = {}
    for field, cap in caps.items():
        text = getattr(message, field)
        texts[field] = None if text is None else _cut(redaction.text(message.task, text), cap)
    found = msgspec.structs.asdict(message) | texts
    del found["tag"]
    return Message(**found, sent=sent.get(message.id or ""))


def _cut(text: str, cap: int) -> str:
    return text if len(text) <= cap else text[:cap] + CUT.format(len(text) - cap)
