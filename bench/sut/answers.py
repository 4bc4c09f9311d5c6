"""What a monitor says it took in and has."""

import json
from collections.abc import Iterable, Sequence

from bench.sut.api import Api
from bench.sut.monitor import Monitor
from bench.sut.profiles import datatable

_LIMIT = 1_000_000_000
"""More tasks than any monitor has."""

_COUNTERS = (("celery_tasks_total", "", "tasks"), ("flower_events_total", 'type="task-', "flower"))
"""Counters of task events, what a label of theirs has, and the set of ours that they belong to (`--metrics`)."""

_CUT = "flower_monitor_metrics_series_cut"
"""How many series ours left out of a set."""


def task_events(monitor: Monitor) -> int | None:
    """Task events counted in `/metrics`; None where it doesn't tell, or not of all."""
    lines = monitor.api().get("/metrics").body.decode().splitlines()
    return counted(lines)


def counted(lines: Sequence[str]) -> int | None:
    """The sum of the task events in lines of metrics; None: no series of them is there, or not all are.

    Ours over all workers (`celery_tasks_total`) where they are: 2,000 workers times 2,000 names make more series of
    `flower_events_total` than a monitor shows, and to sum up those shown would make losses of the others.
    """
    cut = {line.partition(" ")[0] for line in lines if line.startswith(f"{_CUT}{{") and not line.endswith(" 0.0")}
    for name, label, metrics in _COUNTERS:
        found = [line for line in lines if line.startswith(f"{name}{{") and label in line]
        if found and f'{_CUT}{{set="{metrics}"}}' not in cut:
            return int(sum(float(line.rsplit(" ", 1)[1]) for line in found))
    return None


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
