"""`GET /api/v1/worker-pools`: the pools of all workers, as far as they told of them."""

import time
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from flower_monitor.queues.workers import queues_of
from flower_monitor.web.known import online
from flower_monitor.web.openapi import answers
from flower_monitor.web.pool_size import pool_of
from flower_monitor.web.responses import json_response
from flower_monitor.web.routing import Call, Nothing, Route, Routes
from flower_monitor.web.shapes import WorkerPool, WorkerPoolList


def routes() -> Routes:
    """The route of the pools."""
    given = answers(WorkerPoolList)
    return [Route("/api/v1/worker-pools", list_worker_pools, Nothing, tag="workers", answers=given)]


async def list_worker_pools(call: Call[Nothing]) -> Response:
    """Kind and size of each worker's pool, and its queues, as it told when it was last asked.

    Workers that never told are asked now, and waited for a second; nobody is asked again for this.
    """
    inspection = call.context.inspection
    await inspection.complete(await online(call.context))
    return json_response(WorkerPoolList(pools(inspection.known(), time.time())))


def pools(answers: Mapping[str, Mapping[str, Any]], now: float) -> list[WorkerPool]:
    """The pools in what workers answered, by host name. Pure."""
    return [_pool(name, answers[name], now) for name in sorted(answers) if isinstance(answers[name].get("stats"), dict)]


def _pool(name: str, answer: Mapping[str, Any], now: float) -> WorkerPool:
    pool = pool_of(answer["stats"])
    return WorkerPool(
        hostname=name,
        pool=pool.kind,
        concurrency=pool.size,
        autoscales=pool.autoscales,
        queues=sorted(queue["name"] for queue in queues_of([answer])),
        age=max(0.0, now - answer["timestamp"]),
    )
