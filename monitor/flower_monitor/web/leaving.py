"""Long work for a client, ended when the client leaves."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from starlette.requests import Request

Answer = TypeVar("Answer")

GONE = 499
"""Status of an answer that nobody reads any more, as nginx logs it."""


async def while_there(request: Request, work: Awaitable[Answer]) -> Answer | None:
    """What the work comes to; None when the client has left before, and the work is cancelled.

    The body of the request must have been read.
    """
    working, leaving = asyncio.ensure_future(work), asyncio.create_task(_left(request), name="until the client leaves")
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        working.cancel()
        leaving.cancel()
        await asyncio.gather(working, leaving, return_exceptions=True)


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
