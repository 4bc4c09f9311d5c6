"""The fleet: how soon it knows all monitors, and how soon it answers."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import aiohttp

from bench.controlplane import objects
from bench.controlplane.others import Others
from bench.controlplane.programs import Running
from bench.controlplane.stage import LOOK, Stage
from bench.measure.figures import Quantiles, quantiles
from bench.progress import Ticker, log
from flower_operator import fleetkey

PAGES = {"page": "/", "api": "/api/v1/monitors", "metrics": "/metrics"}
"""Requests by name: the page's document, all monitors, all metrics."""

STREAM = "/api/v1/stream"
"""What the page waits for before it shows anything."""


@dataclass(frozen=True)
class Fleet:
    """A fleet's start, and what it answers then."""

    first_s: float
    """From the process's start until it has asked every monitor once."""
    refresh_s: float
    """From any moment until it has asked every monitor again."""
    ms: dict[str, Quantiles | None]
    """By request, its whole answer read."""
    bytes: dict[str, int]
    """Of the last answer, without compression."""
    rss_mib: float
    peak_rss_mib: float
    idle_cpu_percent: float
    """Of a core, while it does nothing but ask monitors."""
    others_cpu_percent: float


async def fleet(at: Stage, program: Running) -> Fleet:
    """Measure it; the fleet was started just now, and no controller runs."""
    others = Others()
    await at.all_asked("fleet", program.started)
    first = time.monotonic() - program.started
    secret = await fleetkey.get_or_create(at.api, objects.OPERATOR)
    auth = aiohttp.BasicAuth(secret.username, secret.password)
    await until_served(at, program, auth)
    started, cpu = time.monotonic(), program.cpu()
    await at.all_asked("fleet", started)
    refresh = time.monotonic() - started
    used = program.cpu() - cpu
    answers = await requests(at, program, auth)
    return Fleet(
        first_s=round(first, 2),
        refresh_s=round(refresh, 2),
        ms={name: quantiles(took) for name, (took, _) in answers.items()},
        bytes={name: size for name, (_, size) in answers.items()},
        rss_mib=program.rss(),
        peak_rss_mib=program.peak(),
        idle_cpu_percent=round(100 * used / refresh, 1),
        others_cpu_percent=others.percent(),
    )


async def until_served(at: Stage, program: Running, auth: aiohttp.BasicAuth) -> None:
    """Wait until all monitors are shown with what they said."""
    while True:
        async with at.session.get(f"{program.url}{PAGES['api']}", auth=auth) as answer:
            shown = (await answer.json()).get("items", []) if answer.status == 200 else []
        if sum(item["summary"] is not None for item in shown) == len(at.monitors):
            return
        await asyncio.sleep(LOOK)


async def requests(at: Stage, program: Running, auth: aiohttp.BasicAuth) -> Mapping[str, tuple[Sequence[float], int]]:
    """Ask for everything, one after another; seconds and size of the last answer, by name."""

    async def whole(path: str) -> int:
        async with at.session.get(f"{program.url}{path}", auth=auth) as answer:
            answer.raise_for_status()
            return len(await answer.read())

    async def first_event() -> int:
        size, end = 0, b""
        async with at.session.get(f"{program.url}{STREAM}", auth=auth) as answer:
            answer.raise_for_status()
            while not end.endswith(b"\n\n"):
                chunk = await answer.content.readany()
                size, end = size + len(chunk), (end + chunk)[-2:]
        return size

    asks: dict[str, Callable[[], Awaitable[int]]] = {name: partial(whole, path) for name, path in PAGES.items()}
    return {name: await timed(at, name, ask) for name, ask in (asks | {"stream": first_event}).items()}


async def timed(at: Stage, name: str, ask: Callable[[], Awaitable[int]]) -> tuple[list[float], int]:
    """Seconds of each request, and the size of the last answer."""
    times = at.options.requests
    log(f"fleet: {times} times {name}")
    took, size, ticker = [], 0, Ticker()
    for _ in range(times):
        started = time.monotonic()
        size = await ask()
        took.append(time.monotonic() - started)
        ticker.tick(lambda: f"{name}: {len(took)} of {times}")
    return took, size
