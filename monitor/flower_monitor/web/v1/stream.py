"""`GET /api/v1/stream`: what changes, as it changes."""

from typing import Annotated

import msgspec
from msgspec import Meta
from starlette.responses import Response

from flower_monitor.web.deltas import TOPICS
from flower_monitor.web.openapi import answers
from flower_monitor.web.problems import bad_parameter
from flower_monitor.web.routing import Answers, Call, Route, Routes, header
from flower_monitor.web.sse import EventStream

_ALL = ",".join(TOPICS)

_ANSWERS: Answers = answers(None, bad_request=True) | {
    200: {
        "description": "Events `tasks` (TaskChanges), `workers` (WorkerList) and `summary` (SummaryBody), at most one "
        "a second each; the id is the number of the commit they show. A comment every 15 s of silence.",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
}


class StreamParameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to stream."""

    topics: Annotated[str, Meta(description="What to send, separated by commas: summary, tasks, workers")] = _ALL
    last_event_id: Annotated[
        str | None,
        Meta(description="As the header `Last-Event-ID`, for clients that open a new stream and can't set headers"),
    ] = None
    seen: Annotated[str | None, header("Last-Event-ID", "Id of the last event seen: go on after it")] = None


def routes() -> Routes:
    """The route of the stream."""
    return [Route("/api/v1/stream", stream, StreamParameters, tag="live", answers=_ANSWERS)]


async def stream(call: Call[StreamParameters]) -> Response:
    """Server-sent events: first the state as it is, then what changes. A slow reader skips states in between.

    The first `tasks` event holds what changed after the last event id, or in the last seconds without one;
    `truncated` says that this is not all that changed: the rest is in the list, sorted by `-timestamp`.
    """
    parameters = call.parameters
    if parameters.seen is not None:
        since = parse_event_id(parameters.seen, "Last-Event-ID")
    else:
        since = parse_event_id(parameters.last_event_id, "last_event_id")
    return EventStream(call.context.feed, parse_topics(parameters.topics), since)


def parse_topics(text: str) -> frozenset[str]:
    """The topics in a comma-separated list."""
    topics = frozenset(part.strip() for part in text.split(","))
    unknown = sorted(topics.difference(TOPICS))
    if unknown:
        raise bad_parameter("topics", f"Unknown topic {unknown[0]!r}: choose from {', '.join(sorted(TOPICS))}")
    return topics


def parse_event_id(text: str | None, field: str) -> int | None:
    """The commit that an event id names; None where there is none. `field` is what it came in."""
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) < 19:
        return int(text)
    raise bad_parameter(field, f"Not the id of an event of this stream: {text[:40]!r}; leave it out")
