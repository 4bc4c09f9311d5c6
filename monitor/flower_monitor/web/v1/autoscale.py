"""`/api/v1/autoscale`: the numbers that KEDA, Prometheus and the HPA scale by.

What is not known now is 503 with `Retry-After`, and never a number: whoever scales keeps what there is.
"""

from http import HTTPStatus
from typing import Annotated

import msgspec
from msgspec import Meta
from starlette.responses import Response

from flower_monitor.autoscale import exposition, matching
from flower_monitor.autoscale.measure import QueueLoad, TargetValue, rfc3339
from flower_monitor.autoscale.observatory import Situation, stale
from flower_monitor.autoscale.policy import Name
from flower_monitor.web.context import Context
from flower_monitor.web.metrics.exposition import TEXT_TYPE, render
from flower_monitor.web.openapi import TEXT, answers
from flower_monitor.web.problems import Problem
from flower_monitor.web.responses import json_response
from flower_monitor.web.routing import Call, Nothing, Route, Routes
from flower_monitor.web.v1.queues import checked

_STALE = {503: "It is not known now: the broker does not answer, or no events come; `Retry-After` says when to ask"}


class QueueParameters(msgspec.Struct, frozen=True):
    """Which queue."""

    queue: Annotated[str, Meta(min_length=1, max_length=255, description="Name of the queue")]


class TargetParameters(msgspec.Struct, frozen=True):
    """Which policy."""

    name: Name


def routes() -> Routes:
    """The routes of what is scaled by."""
    given = answers(QueueLoad, bad_request=True, not_found=True, also=_STALE)
    target = answers(TargetValue, bad_request=True, not_found=True, also=_STALE)
    text = {**answers(None, also=_STALE), **TEXT}
    return [
        Route("/api/v1/autoscale/queues/{queue:path}", read_load, QueueParameters, tag="autoscale", answers=given),
        Route("/api/v1/autoscale/targets/{name}", read_target, TargetParameters, tag="autoscale", answers=target),
        Route("/api/v1/autoscale/metrics", read_metrics, Nothing, tag="autoscale", answers=text),
    ]


async def read_load(call: Call[QueueParameters]) -> Response:
    """What a queue asks for: what waits, what workers have and run, what they can, and `load`, the one by the other.

    For KEDA's `metrics-api` scaler: `valueLocation: load`. A queue that nobody knows is 404; on Redis that is also one
    that is empty, consumed by nobody, and not in `--queues`.
    """
    return json_response(await call.context.autoscaler.observatory.queue(checked(call.parameters.queue)))


async def read_target(call: Call[TargetParameters]) -> Response:
    """One number of a policy: processes that it asks for over all workers, for whoever adds and takes pods.

    With `targetValue` the policy's `max`, pools grow first, and pods come when all of them are full.
    """
    name = call.parameters.name
    held = call.context.autoscaler.policies.current().find(name)
    if held is None:
        detail = f"There is no policy {name!r}: see GET /api/v1/autoscale/policies"
        raise Problem(HTTPStatus.NOT_FOUND, "unknown-policy", detail, field="name")
    situation = await call.context.autoscaler.observatory.situation()
    value = matching.target(held.policy, situation)
    if value is None:
        raise stale("unknown", f"What {name} measures ({held.policy.metric}) is not known of all its queues")
    age = round(max(0.0, situation.now - situation.at), 3)
    return json_response(TargetValue(target=name, value=value, observed_at=rfc3339(situation.at), age_seconds=age))


async def read_metrics(call: Call[Nothing]) -> Response:
    """The same numbers of all queues and policies that are known, and what became of policies' decisions, in
    Prometheus's text format."""
    situation = await call.context.autoscaler.observatory.situation()
    return Response(_text(call.context, situation), media_type=TEXT_TYPE)


def _text(context: Context, situation: Situation) -> bytes:
    autoscaler = context.autoscaler
    loads = [situation.load(row) for row in situation.rows.values() if row.ready is not None]
    policies = [held.policy for held in autoscaler.policies.current().policies]
    targets = {policy.name: matching.target(policy, situation) for policy in policies}
    common = {"monitor": context.config.name, "namespace": context.config.namespace or ""}
    found = exposition.families(common, loads, targets, autoscaler.levels(), autoscaler.counts())
    return b"".join(render(found))
