"""Commands to workers on behalf of a route: what they replied, or what is answered when the broker is down."""

import logging
from collections.abc import Collection, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from flower_monitor.control import Control, Replies
from flower_monitor.exceptions import BrokerError
from flower_monitor.web.outcome import Outcome, outcome
from flower_monitor.web.problems import Problem

logger = logging.getLogger(__name__)

PATIENCE = 3.0
"""Seconds to wait for a worker that was told to do something. Flower waits for one, and then reports as failed what a
busy worker does a moment later."""


async def command(control: Control, name: str, verb: str, arguments: Mapping[str, Any] | None = None) -> Outcome:
    """Give one worker a command.

    Raises:
        Problem: 503, the broker can't be reached.
    """
    replies = await ask(control, {verb: arguments or {}}, [name], [name], PATIENCE)
    found = outcome(verb, replies, [name])
    logger.info("%s %s to %r: %s", verb, dict(arguments or {}), name, found.reason(name) or "done")
    return found


async def shut_down(control: Control, name: str) -> Outcome:
    """Tell a worker to end. It replies to no such command, so the outcome is that of a ping sent just before.

    Raises:
        Problem: 503, the broker can't be reached.
    """
    replies = await ask(control, {"ping": {}, "shutdown": {}}, [name], [name], PATIENCE)
    found = outcome("ping", replies, [name])
    logger.info("shutdown to %r: %s", name, found.reason(name) or "it answered a ping")
    return found


async def command_all(
    control: Control, verb: str, arguments: Mapping[str, Any], expected: Collection[str], patience: float | None = None
) -> Outcome:
    """Give all workers a command; those that are expected are waited for.

    Raises:
        Problem: 503, the broker can't be reached.
    """
    replies = await ask(control, {verb: arguments}, None, expected or None, patience)
    return outcome(verb, replies, expected)


async def ask(
    control: Control,
    commands: Mapping[str, Mapping[str, Any]],
    destination: Sequence[str] | None,
    expected: Collection[str] | None,
    patience: float | None = None,
) -> Replies:
    """As `Control.ask`, with a broker that can't be reached as an answer.

    Workers that are known to be slow (`--inspect-timeout`) are so with commands too: they get as long, or longer.

    Raises:
        Problem: 503, with Flower's text and the reason.
    """
    try:
        return await control.ask(commands, destination, expected, control.long_enough(patience))
    except BrokerError as error:
        detail = f"Broker or result backend unavailable: {error}"
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "broker", detail) from error
