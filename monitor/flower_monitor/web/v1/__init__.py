"""Our own API under `/api/v1`: cursor paging, problem details, a live stream."""

from flower_monitor.web.routing import Routes
from flower_monitor.web.v1 import (
    audit,
    gaps,
    latencies,
    queues,
    results,
    revoke,
    stream,
    summary,
    tasks,
    worker_detail,
    worker_pool,
    workers,
)


def routes() -> Routes:
    """All routes of the API."""
    return [
        *summary.routes(),
        *tasks.routes(),
        *revoke.routes(),
        *results.routes(),
        *latencies.routes(),
        *workers.routes(),
        *worker_detail.routes(),
        *worker_pool.routes(),
        *gaps.routes(),
        *audit.routes(),
        *queues.routes(),
        *stream.routes(),
    ]
