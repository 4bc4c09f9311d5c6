"""`/api/v1/failures/silences`: kinds of failure that are out of the way until a time."""

import time
from http import HTTPStatus
from typing import Annotated

import msgspec
from msgspec import Meta
from starlette.responses import Response

from flower_monitor.silence import Silence
from flower_monitor.store.failures import Kind
from flower_monitor.web.audit import tell
from flower_monitor.web.credentials import Principal
from flower_monitor.web.gate import PRINCIPAL
from flower_monitor.web.openapi import answers, content
from flower_monitor.web.problems import Problem, bad_parameter
from flower_monitor.web.responses import json_response
from flower_monitor.web.routing import Body, Call, Nothing, Route, Routes
from flower_monitor.web.shapes import SilenceList
from flower_monitor.web.v1.tasks import MAX_TEXT, Text, Time

LONGEST = 90 * 86400.0
"""Seconds: nothing is silent for good, or nobody would know any more why."""

LONGEST_REASON = 500

LONGEST_PATH = 4096
"""Characters of a file's path: Linux has no longer ones."""

_REFUSED = "Your role may not do it, or a page of another site asked for it"
_LATER = "Ingest has it and has not stored it yet: it holds in a moment"


class SilenceParameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which kind of failure, why, and until when."""

    name: Annotated[Text | None, Meta(description="Name of the tasks, as the group has it; left out: none")] = None
    exception: Annotated[
        str, Meta(max_length=MAX_TEXT, description="Class of the exception, as the group has it; may be empty")
    ]
    file: Annotated[
        Annotated[str, Meta(max_length=LONGEST_PATH)] | None,
        Meta(description="File of the group's place; left out: it has none"),
    ] = None
    function: Annotated[Text | None, Meta(description="Function of the group's place; left out: it has none")] = None
    reason: Annotated[
        str, Meta(min_length=1, max_length=LONGEST_REASON, pattern=r"\S", description="Why, for others to read")
    ]
    until: Annotated[Time, Meta(description="When it ends by itself, epoch seconds; at most 90 days from now")]

    def silence(self, user: str, now: float) -> Silence:
        """What is asked for.

        Raises:
            Problem: 400, it would end before it began, or too late.
        """
        if not now < self.until <= now + LONGEST:
            raise bad_parameter(
                "until", f"until: expected a time from now ({now:.0f}) to {LONGEST / 86400:.0f} days on"
            )
        kind = Kind(self.name, self.exception, self.file, self.function)
        reason = self.reason.strip()
        return Silence(id=kind.id, **kind._asdict(), reason=reason, user=user, at=now, until=self.until)


class GroupParameters(msgspec.Struct, frozen=True):
    """Which group."""

    group: Annotated[Text, Meta(description="Id of the group of failures")]


def routes() -> Routes:
    """The routes of silences."""
    path, tag = "/api/v1/failures/silences", "tasks"
    later = {202: content(Silence, _LATER)}
    made = answers(Silence, bad_request=True, also={403: _REFUSED, 409: "There are too many", 413: "It is too long"})
    lifted = answers(Silence, bad_request=True, not_found=True, also={403: _REFUSED})
    return [
        Route(path, list_silences, Nothing, tag=tag, answers=answers(SilenceList)),
        Route(path, silence, SilenceParameters, method="POST", body=Body.JSON, tag=tag, answers={**made, **later}),
        Route(
            f"{path}/{{group}}", lift_silence, GroupParameters, method="DELETE", tag=tag, answers={**lifted, **later}
        ),
    ]


async def list_silences(call: Call[Nothing]) -> Response:
    """Kinds of failure that are silenced now, with who, why and until when; that which ends first first."""
    return json_response(SilenceList(await call.context.silencing.current()))


async def silence(call: Call[SilenceParameters]) -> Response:
    """Silence a kind of failure until a time, for everybody; the same kind again changes reason and end.

    It goes on to be counted and kept. What it is taken out of is the inbox, what is new and what fails most.
    """
    who: Principal = getattr(call.request.state, PRINCIPAL)
    wanted = call.parameters.silence(who.name, time.time())
    stored = await call.context.silencing.silence(wanted)
    return json_response(wanted, status=HTTPStatus.OK if stored else HTTPStatus.ACCEPTED)


async def lift_silence(call: Call[GroupParameters]) -> Response:
    """End a silence before its time."""
    silencing, group = call.context.silencing, call.parameters.group
    found = next((one for one in await silencing.current() if one.id == group), None)
    if found is None:
        detail = f"No group {group!r} is silenced: see GET /api/v1/failures/silences"
        raise Problem(HTTPStatus.NOT_FOUND, "unknown-silence", detail, field="group")
    tell(call.request, f"{found.exception or 'failures'} of {found.name or 'tasks without a name'} are shown again")
    stored = await silencing.lift(group, time.time())
    return json_response(found, status=HTTPStatus.OK if stored else HTTPStatus.ACCEPTED)
