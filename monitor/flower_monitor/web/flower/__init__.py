"""Flower's routes, as Flower 2.2.0 answers them, without its defects (deviations D5, D6, D9, D10, D14, D15, D19).

Errors are plain text, see `web.problems`. Parameters that a route does not know are ignored, as Flower does.
"""

from flower_monitor.web.flower import datatable, queues, task_info, task_list, workers
from flower_monitor.web.routing import Routes


def routes() -> Routes:
    """All routes of Flower's API."""
    return [*workers.routes(), *task_list.routes(), *task_info.routes(), *datatable.routes(), *queues.routes()]
