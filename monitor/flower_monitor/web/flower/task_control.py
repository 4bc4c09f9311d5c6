"""Flower's commands about tasks: revoke one, and set limits of all of a name."""

from http import HTTPStatus
from typing import Annotated

import msgspec
from msgspec import Meta
from starlette.responses import Response

from flower_monitor.web.commands import command
from flower_monitor.web.flower.commanding import command_route, refusal, told
from flower_monitor.web.flower.parameters import boolean, required, seconds
from flower_monitor.web.known import known_worker
from flower_monitor.web.outcome import Outcome
from flower_monitor.web.problems import Problem
from flower_monitor.web.revoking import revoke
from flower_monitor.web.routing import Call, Routes
from flower_monitor.web.shapes import TaskId
from flower_monitor.web.signals import signal_name

_UNKNOWN_TASK = "unknown task"
"""What a worker says that does not know a task (`celery.worker.control`)."""


class RevokeParameters(msgspec.Struct, frozen=True, kw_only=True):
    """Which task, and how."""

    task_id: TaskId
    terminate: Annotated[str | None, Meta(description="Whether to end the process that runs it; left out: no")] = None
    signal: Annotated[str | None, Meta(description="Signal for that, by name; left out: SIGTERM")] = None


class LimitParameters(msgspec.Struct, frozen=True, kw_only=True):
    """Of which task, and where."""

    name: Annotated[str, Meta(description="Name of the task")]
    workername: Annotated[str | None, Meta(description="Host name of the worker; needed")] = None


class TimeParameters(LimitParameters, frozen=True, kw_only=True):
    """How long it may run."""

    soft: Annotated[
        str | None, Meta(description="Seconds after which SoftTimeLimitExceeded is raised in it; left out: never")
    ] = None
    hard: Annotated[str | None, Meta(description="Seconds after which its process is killed; left out: never")] = None


class RateParameters(LimitParameters, frozen=True, kw_only=True):
    """How often it may start."""

    ratelimit: Annotated[str | None, Meta(description="Such as `20` (a second), `11/m` or `5/h`; 0: no limit")] = None


def routes() -> Routes:
    """The routes of commands about tasks."""
    return [
        command_route("/api/task/revoke/{task_id:path}", revoke_task, RevokeParameters, 404),
        command_route("/api/task/timeout/{name:path}", set_time_limits, TimeParameters, 404),
        command_route("/api/task/rate-limit/{name:path}", set_rate_limit, RateParameters, 404),
    ]


async def revoke_task(call: Call[RevokeParameters]) -> Response:
    """Revoke a task: no worker will start it; with `terminate` the process that runs it is ended.

    All workers are told. As in Flower it is no error if none answers, or if the task is not known: look at
    `acknowledged` and `replies`.
    """
    parameters = call.parameters
    terminate, signal = boolean("terminate", parameters.terminate), signal_name(parameters.signal)
    found = await revoke(call.context, parameters.task_id, terminate=terminate, signal=signal)
    return told(f"Revoked '{parameters.task_id}'", found)


async def set_time_limits(call: Call[TimeParameters]) -> Response:
    """Set the time limits of a task on a worker, both: one that is left out is lifted."""
    parameters = call.parameters
    worker = required("workername", parameters.workername)
    limits = {"hard": seconds("hard", parameters.hard), "soft": seconds("soft", parameters.soft)}
    await known_worker(call.context, worker)
    found = await command(call.context.control, worker, "time_limit", {"task_name": parameters.name, **limits})
    return _limited(found, worker, parameters.name, "Failed to set timeouts")


async def set_rate_limit(call: Call[RateParameters]) -> Response:
    """Set how often a worker may start a task; left out is an error, not the end of the limit (deviation D2)."""
    parameters = call.parameters
    worker = required("workername", parameters.workername)
    rate = required("ratelimit", parameters.ratelimit)
    await known_worker(call.context, worker)
    found = await command(
        call.context.control, worker, "rate_limit", {"task_name": parameters.name, "rate_limit": rate}
    )
    return _limited(found, worker, parameters.name, "Failed to set rate limit")


def _limited(found: Outcome, worker: str, task: str, failure: str) -> Response:
    """The answer to a limit. Which tasks there are the worker knows, and Flower only if it has the app's code."""
    reason = found.reason(worker)
    if reason == _UNKNOWN_TASK:
        raise Problem(HTTPStatus.NOT_FOUND, "unknown-task", f"Unknown task '{task}'")
    if reason is not None:
        raise refusal(f"{failure}: '{reason}'")
    return told(str(found.value(worker)), found)
