"""What the controller says of itself on `/metrics`."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

READS = ("get", "list")
NOT_COUNTED = ("leases", "selfsubjectaccessreviews")
"""The Lease is renewed by whoever leads, and questions about rights change nothing."""


@dataclass(frozen=True)
class Scrape:
    """Counters since the process started, and gauges."""

    monitors: int
    """FlowerMonitors that were reconciled."""
    waiting: int
    """Keys that are due and wait for a worker."""
    reconciles: int
    calls: Mapping[str, int]
    """`VERB RESOURCE` -> calls to the API server."""

    @property
    def writes(self) -> int:
        """Calls that could change something, the Lease's aside."""
        return sum(count for call, count in self.calls.items() if changes(*call.split()))


def changes(verb: str, resource: str) -> bool:
    """Whether such a call is one of the writes that count."""
    return verb not in READS and resource not in NOT_COUNTED


def parse(text: str) -> Scrape:
    """Read the page."""
    sums: Counter[str] = Counter()
    calls: Counter[str] = Counter()
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            name = sample.name.removeprefix("flower_operator_")
            sums[name] += int(sample.value)
            if name == "api_calls_total":
                calls[f"{sample.labels['verb']} {sample.labels['resource']}"] += int(sample.value)
    return Scrape(sums["monitors"], sums["queue_depth"], sums["reconciles_total"], dict(sorted(calls.items())))


async def scrape(session: aiohttp.ClientSession, url: str) -> Scrape | None:
    """Ask for the page; None while nobody answers."""
    try:
        async with session.get(f"{url}/metrics") as answer:
            return parse(await answer.text())
    except aiohttp.ClientConnectorError:
        return None
