"""What both APIs need for sending tasks and for showing what came of them."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from flower_monitor.exceptions import BackendError, BrokerError, OptionError
from flower_monitor.publish.outcome import Outcome
from flower_monitor.store.reader import Reader
from flower_monitor.web.context import Context
from flower_monitor.web.inspection import Inspection
from flower_monitor.web.problems import Problem, bad_parameter

FRESH = 5.0
"""Seconds for which an answer of the workers is not asked for again, when a name is not among those they register."""

UNAVAILABLE = "Broker or result backend unavailable"
"""Flower's words; here the reason follows."""

SECRET = ("args", "kwargs", "headers")
"""What a task is given: not for everybody who reads the audit."""


@contextmanager
def problems() -> Iterator[None]:
    """Errors of sending and of results, as answers."""
    try:
        yield
    except OptionError as error:
        raise bad_parameter(error.field, str(error)) from error
    except (BrokerError, BackendError) as error:
        code = "broker" if isinstance(error, BrokerError) else "result-backend"
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, code, f"{UNAVAILABLE}: {error}") from error


async def is_known(context: Context, name: str) -> bool:
    """Whether a task of this name is known: events named it, Celery has it, or a worker registers it.

    Workers are asked when nothing else knows it, and have not just been asked.

    Raises:
        BrokerError: Workers can't be asked.
    """
    if name in await context.store.read(Reader.task_names) or _is_registered(context.inspection, name):
        return True
    if await context.publisher.registers(name):
        return True
    if not _is_fresh(context.inspection):
        rows = await context.store.read(Reader.workers)
        await context.inspection.refresh(None, [row.hostname for row in rows if row.state == "online"] or None)
    return _is_registered(context.inspection, name)


def _is_registered(inspection: Inspection, name: str) -> bool:
    # A name may be followed by ` [rate_limit=10/m]`.
    return any(
        name == entry.partition(" [")[0]
        for answers in inspection.known().values()
        for entry in answers.get("registered") or ()
    )


def _is_fresh(inspection: Inspection) -> bool:
    latest = max((answers["timestamp"] for answers in inspection.known().values()), default=0.0)
    return time.time() - latest < FRESH


class Shown:
    """Results of one task, without what redaction rules hide of it.

    A value of which something is hidden is shown as text: rules are about texts.
    """

    def __init__(self, context: Context, name: str | None) -> None:
        self._hides = context.redaction.of(name)

    def value(self, value: Any) -> Any:
        """A value of JSON, or the text of it (Python's, as events have it) without what is hidden."""
        if value is None:
            return None
        text = value if isinstance(value, str) else repr(value)
        shown = self.text(text)
        return value if shown == text else shown

    def text(self, text: str | None) -> str | None:
        """A text without what is hidden."""
        for hide in self._hides if text is not None else ():
            text = hide(text or "")
        return text


async def shown(context: Context, uuid: str, outcome: Outcome) -> Shown:
    """How results of a task are shown. Only where there are rules somebody has to look for its name."""
    if not context.redaction or outcome.name is not None:
        return Shown(context, outcome.name)
    task = await context.store.read(lambda reader: reader.task(uuid))
    return Shown(context, None if task is None else task.name)
