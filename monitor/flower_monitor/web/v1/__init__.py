"""Our own API under `/api/v1`: cursor paging, problem details, a live stream."""

from flower_monitor.web.routing import Routes
from flower_monitor.web.v1 import (
    audit,
    autoscale,
    autoscale_policies,
    calls,
    doctor,
    export,
    failures,
    gaps,
    history,
    latencies,
    me,
    queues,
    results,
    revoke,
    schedule,
    settings,
    stream,
    summary,
    tasks,
    worker_detail,
    worker_drain,
    worker_pool,
    worker_pools,
    workers,
)


def routes() -> Routes:
    """All routes of the API."""
    return [
        *me.routes(),
        *summary.routes(),
        *tasks.routes(),
        *calls.routes(),
        *export.routes(),
        *revoke.routes(),
        *results.routes(),
        *latencies.routes(),
        *history.routes(),
        *failures.routes(),
        *workers.routes(),
        *worker_pools.routes(),
        *worker_detail.routes(),
        *worker_pool.routes(),
        *worker_drain.routes(),
        *autoscale.routes(),
        *autoscale_policies.routes(),
        *gaps.routes(),
        *doctor.routes(),
        *schedule.routes(),
        *settings.routes(),
        *audit.routes(),
        *queues.routes(),
        *stream.routes(),
    ]
