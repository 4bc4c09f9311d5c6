"""Flower's routes, as Flower 2.2.0 answers them, without its defects (deviations D5, D6, D9, D10, D14, D19).

Errors are plain text, see `web.problems`. Parameters that a route does not know are ignored, as Flower does.
"""

from fastapi import APIRouter

from flower_monitor.web.flower import task_info, task_list, workers


def install(routes: APIRouter) -> None:
    """Add all routes of Flower's API."""
    for module in (workers, task_list, task_info):
        module.install(routes)
