"""`/api/v1/autoscale/policies`: how large workers' pools should be; and the switch that stops all of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Annotated

import msgspec
from msgspec import Meta
from starlette.responses import Response

from flower_monitor.autoscale.engine import Autoscaler
from flower_monitor.autoscale.policies import Held, Plan, TooMany, Unreadable
from flower_monitor.autoscale.policy import MOST_POLICIES, Name, Policy
from flower_monitor.web.autoscale_shapes import PolicyBody, PolicyList, PolicyState
from flower_monitor.web.openapi import answers
from flower_monitor.web.problems import Problem, bad_parameter
from flower_monitor.web.responses import json_response
from flower_monitor.web.routing import Body, Call, Nothing, Route, Routes

_CHANGE = {
    403: "Your role may not do it, or a page of another site asked for it",
    409: "The policy stands in the file of --autoscale-file, or there are too many",
    413: "The body is too long",
    503: "It can't be written down beside the store",
}


class Switch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The switch."""

    enabled: Annotated[bool, Meta(description="False: no pool is sized until it is switched on again")]


class NameParameters(msgspec.Struct, frozen=True):
    """Which policy."""

    name: Name


def routes() -> Routes:
    """The routes of policies."""
    path = "/api/v1/autoscale/policies"
    one = answers(PolicyBody, bad_request=True, not_found=True, store=False)
    change = answers(PolicyBody, bad_request=True, store=False, also=_CHANGE)
    gone = answers(PolicyList, bad_request=True, not_found=True, store=False, also=_CHANGE)
    switched = answers(PolicyList, bad_request=True, store=False, also={k: _CHANGE[k] for k in (403, 413, 503)})
    tag = "autoscale"
    return [
        Route(path, list_policies, Nothing, tag=tag, answers=answers(PolicyList, store=False)),
        Route(f"{path}/{{name}}", read_policy, NameParameters, tag=tag, answers=one),
        Route(f"{path}/{{name}}", put_policy, Policy, method="PUT", body=Body.JSON, tag=tag, answers=change),
        Route(f"{path}/{{name}}", delete_policy, NameParameters, method="DELETE", tag=tag, answers=gone),
        Route(
            "/api/v1/autoscale/switch",
            switch,
            Switch,
            method="PUT",
            body=Body.JSON,
            tag=tag,
            answers=switched,
        ),
    ]


async def list_policies(call: Call[Nothing]) -> Response:
    """The policies for the sizes of pools, what each has come to, and whether they are followed."""
    return json_response(_list(call.context.autoscaler))


async def read_policy(call: Call[NameParameters]) -> Response:
    """One policy."""
    autoscaler = call.context.autoscaler
    return json_response(_body(autoscaler, _found(autoscaler.policies.current(), call.parameters.name)))


async def put_policy(call: Call[Policy]) -> Response:
    """Make a policy, or change it. It is kept beside the store, and decided from now on every five seconds.

    All workers that match get the same size. A policy of the file can't be changed here.
    """
    autoscaler, policy = call.context.autoscaler, call.parameters
    given = call.sent.get("name", policy.name)
    if given != policy.name:
        detail = (
            f"The body names {given!r:.100}, the address {policy.name!r}: give one name, or leave it out of the body"
        )
        raise bad_parameter("name", detail)
    _changeable(autoscaler.policies.current().find(policy.name))
    with _kept():
        autoscaler.policies.put(policy)
    return json_response(_body(autoscaler, _found(autoscaler.policies.current(), policy.name)))


async def delete_policy(call: Call[NameParameters]) -> Response:
    """Delete a policy. Pools stay as they are."""
    autoscaler, name = call.context.autoscaler, call.parameters.name
    _changeable(_found(autoscaler.policies.current(), name))
    with _kept():
        autoscaler.policies.remove(name)
    return json_response(_list(autoscaler))


async def switch(call: Call[Switch]) -> Response:
    """Stop all policies at once, or let them go on. It is kept over restarts; pools stay as they are."""
    autoscaler = call.context.autoscaler
    with _kept():
        autoscaler.policies.switch(call.parameters.enabled)
    return json_response(_list(autoscaler))


def _found(plan: Plan, name: str) -> Held:
    held = plan.find(name)
    if held is None:
        detail = f"There is no policy {name!r}: see GET /api/v1/autoscale/policies"
        raise Problem(HTTPStatus.NOT_FOUND, "unknown-policy", detail, field="name")
    return held


@contextmanager
def _kept() -> Iterator[None]:
    """What can go wrong with keeping policies, as problems."""
    try:
        yield
    except TooMany as error:
        detail = f"There are {MOST_POLICIES} policies already: delete one"
        raise Problem(HTTPStatus.CONFLICT, "too-many", detail) from error
    except (OSError, Unreadable) as error:
        why = (error.strerror if isinstance(error, OSError) else None) or str(error)
        detail = f"It can't be kept beside the store: {why}. What was switched off is off until the next start"
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "store", detail) from error


def _changeable(held: Held | None) -> None:
    if held is not None and held.source == "file":
        detail = f"{held.policy.name} stands in the file of --autoscale-file: change it there"
        raise Problem(HTTPStatus.CONFLICT, "of-the-file", detail, field="name")


def _list(autoscaler: Autoscaler) -> PolicyList:
    plan = autoscaler.policies.current()
    items = [_body(autoscaler, held) for held in plan.policies]
    return PolicyList(enabled=plan.enabled, problem=plan.problem, items=items)


def _body(autoscaler: Autoscaler, held: Held) -> PolicyBody:
    name = held.policy.name
    state = autoscaler.state(name)
    shown = None
    if state is not None:
        shown = PolicyState(
            at=state.at,
            why=state.why,
            level=state.level,
            recommendation=state.recommendation,
            sizes=dict(state.sizes),
            left=dict(state.left),
        )
    results = {result: n for (policy, result), n in autoscaler.counts().items() if policy == name}
    return PolicyBody(policy=held.policy, source=held.source, state=shown, results=results)
