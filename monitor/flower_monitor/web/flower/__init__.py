"""Flower's routes, as Flower 2.2.0 answers them, without its defects.

Those are the deviations D1, D2, D4, D5, D6, D9, D10, D12, D13, D14, D15 and D19
(`docs/flower-compatibility.md`). Errors are plain text, see `web.problems`. Parameters that a route does not know are
ignored, as Flower does.
"""

from flower_monitor.web.flower import (
    datatable,
    publishing,
    queues,
    results,
    task_control,
    task_info,
    task_list,
    worker_control,
    workers,
)
from flower_monitor.web.routing import Routes


def routes() -> Routes:
    """All routes of Flower's API."""
    return [
        *workers.routes(),
        *worker_control.routes(),
        *task_list.routes(),
        *task_info.routes(),
        *task_control.routes(),
        *publishing.routes(),
        *results.routes(),
        *datatable.routes(),
        *queues.routes(),
    ]
