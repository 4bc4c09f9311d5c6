"""What a monitor says it took in and has."""

import json
from collections.abc import Iterable

from bench.sut.api import Api
from bench.sut.monitor import Monitor
from bench.sut.profiles import datatable

_LIMIT = 1_000_000_000
"""More tasks than any monitor has."""


def task_events(monitor: Monitor) -> int | None:
    """Task events counted in `/metrics` (`flower_events_total`); None where there is no such counter (yet)."""
    lines = monitor.api().get("/metrics").body.decode().splitlines()
    return counted(lines)


def counted(lines: Iterable[str]) -> int | None:
    """The sum of the task events in lines of metrics."""
    found = [line for line in lines if line.startswith("flower_events_total{") and 'type="task-' in line]
    return int(sum(float(line.rsplit(" ", 1)[1]) for line in found)) if found else None


def count_tasks(monitor: Monitor) -> int | None:
    """How many tasks it has: by `/api/v1/summary`, by the table of Flower's page, or else by the whole list."""
    api = monitor.api()
    if (answer := api.get("/api/v1/summary")).status == 200:
        return int(json.loads(answer.body)["tasks"]["kept"])
    if (answer := api.ask(datatable(length=1))).status == 200:
        return int(json.loads(answer.body)["recordsTotal"])
    answer = api.get(f"/api/tasks?limit={_LIMIT}")
    return len(json.loads(answer.body)) if answer.status == 200 else None


def known(api: Api, sample: Iterable[str]) -> int:
    """How many of these tasks it has."""
    return sum(api.get(f"/api/task/info/{uuid}").status == 200 for uuid in sample)


def states_right(monitor: Monitor, sample: dict[str, str], limit: int = 200) -> dict[str, int]:
    """Of sampled tasks: how many are there, and how many in the state in which they ended."""
    api, items = monitor.api(), list(sample.items())[:limit]
    found = [(api.get(f"/api/task/info/{uuid}"), state) for uuid, state in items]
    there = [(json.loads(answer.body).get("state"), state) for answer, state in found if answer.status == 200]
    right = sum(now == then for now, then in there)
    return {"sampled": len(items), "known": len(there), "right_state": right}
