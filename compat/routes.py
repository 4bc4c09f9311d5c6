"""Flower's routes, as templates. Pure."""

import re

API = (
    "GET /api/workers",
    "POST /api/worker/shutdown/{worker}",
    "POST /api/worker/pool/restart/{worker}",
    "POST /api/worker/pool/grow/{worker}",
    "POST /api/worker/pool/shrink/{worker}",
    "POST /api/worker/pool/autoscale/{worker}",
    "POST /api/worker/queue/add-consumer/{worker}",
    "POST /api/worker/queue/cancel-consumer/{worker}",
    "GET /api/tasks",
    "GET /api/task/types",
    "GET /api/queues/length",
    "GET /api/task/info/{id}",
    "POST /api/task/apply/{name}",
    "POST /api/task/async-apply/{name}",
    "POST /api/task/send-task/{name}",
    "GET /api/task/result/{id}",
    "POST /api/task/abort/{id}",
    "POST /api/task/timeout/{name}",
    "POST /api/task/rate-limit/{name}",
    "POST /api/task/revoke/{id}",
)
"""The twenty of its API."""

OTHERS = (
    "GET /",
    "GET /workers",
    "GET /worker/{worker}",
    "GET /tasks",
    "GET /tasks/datatable",
    "POST /tasks/datatable",
    "GET /task/{id}",
    "GET /broker",
    "GET /metrics",
    "GET /healthcheck",
    "GET /login",
    "GET /logout",
)
"""Pages, and what probes and Prometheus ask."""


def of(method: str, path: str) -> str:
    """The route of a request; one that has another method, or that nobody serves, is itself."""
    plain = path.partition("?")[0]
    for route in (*API, *OTHERS):
        verb, template = route.split(" ")
        if verb == method and re.fullmatch(re.sub(r"\{\w+\}", ".+", template), plain):
            return route
    return f"{method} {plain}"
