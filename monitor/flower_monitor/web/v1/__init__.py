"""Our own API under `/api/v1`: cursor paging, problem details, a live stream."""

from flower_monitor.web.routing import Routes
from flower_monitor.web.v1 import audit, gaps, latencies, queues, stream, summary, tasks, workers


def routes() -> Routes:
    """All routes of the API."""
    return [
        *summary.routes(),
        *tasks.routes(),
        *latencies.routes(),
        *workers.routes(),
        *gaps.routes(),
        *audit.routes(),
        *queues.routes(),
        *stream.routes(),
    ]
