"""Many of the same, some at a time."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

from bench.progress import Ticker

Item = TypeVar("Item")

AT_ONCE = 16
"""Calls under way at a time."""


async def each(items: Iterable[Item], do: Callable[[Item], Awaitable[object]], what: str = "") -> None:
    """Do it with each; `what` is told now and then, with how many are done."""
    waiting = list(items)
    total, ticker = len(waiting), Ticker()
    waiting.reverse()

    async def work() -> None:
        while waiting:
            await do(waiting.pop())
            if what:
                ticker.tick(lambda: f"{what}: {total - len(waiting):,} of {total:,}")

    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(work())
