"""Our own API under `/api/v1`: cursor paging, problem details, a live stream."""

from fastapi import APIRouter

from flower_monitor.web.v1 import stream, summary, tasks, workers


def install(routes: APIRouter) -> None:
    """Add all routes of the API."""
    for module in (summary, tasks, workers, stream):
        module.install(routes)
