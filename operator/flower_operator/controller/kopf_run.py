"""Runs kopf in an event loop that has nothing else, and ends it for good.

kopf's own ending hangs when a watch has failed while others live: they are cancelled once, take that for a pause, and
watch on, while it waits for their end (1.45.2: `stream()` swallows the cancellation once its stopper is done). The
process would live and hear nothing.
"""

import asyncio
import selectors
import time
from collections.abc import Collection
from typing import Any, cast

import kopf

from flower_operator import constants
from flower_operator.exceptions import OperatorError

PATIENCE = 2.0
"""Seconds for what was cancelled to end by itself."""

AGAIN = 0.2
"""Seconds between further cancellations."""

ATTEMPTS = 50
"""How often all is cancelled at most: then something is wrong that is not known."""

CLOSE_SECONDS = 3.0
"""Seconds for the API server to see its connections closed."""


async def run(
    registry: kopf.OperatorRegistry, settings: kopf.OperatorSettings, namespaces: Collection[str], stop: asyncio.Event
) -> None:
    """Run kopf until `stop`; raises what it failed by. No namespaces means all."""
    asyncio.get_running_loop().set_exception_handler(_said_already)
    roots = await kopf.spawn_tasks(
        registry=registry,
        settings=settings,
        standalone=True,
        clusterwide=not namespaces,
        namespaces=list(namespaces),
        # For peering, which is off. Made up by kopf from the user's name, which a pod's uid need not have.
        identity=cast("Any", constants.MANAGED_BY),
        stop_flag=stop,
    )
    try:
        ended, _ = await asyncio.wait(roots, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await _end_all()
    for task in ended:
        task.result()


def _said_already(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Say nothing of watches that failed beside the one that ended kopf: it has put each on the log."""
    if "exception was never retrieved" not in context["message"]:
        loop.default_exception_handler(context)


async def _end_all() -> None:
    """Cancel every task of this loop but this one until none is left."""
    patience = PATIENCE
    for _ in range(ATTEMPTS):
        left = asyncio.all_tasks() - {asyncio.current_task()}
        if not left:
            return
        for task in left:
            task.cancel()
        await asyncio.wait(left, timeout=patience)
        patience = AGAIN
    raise OperatorError("tasks of kopf do not end")


async def sockets_closed(selector: selectors.BaseSelector) -> None:
    """Wait until only the loop's own socket is left: TLS connections close in the background, and a loop that ends
    before them leaks their sockets."""
    deadline = time.monotonic() + CLOSE_SECONDS
    while len(selector.get_map()) > 1 and time.monotonic() < deadline:  # noqa: ASYNC110 - sockets signal nothing
        await asyncio.sleep(0.01)
