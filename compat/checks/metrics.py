"""`GET /metrics`: families, labels, types, values."""

from typing import Any

from compat.check import Better, Check, Expect, View, get
from compat.views import families, nothing, samples

_PUBLISHERS = Better(
    deviation="D18",
    flower=Expect(200, r'worker=\\?"gen\d+@'),
    ours=Expect(200, r'^((?!worker=\\?"gen\d).)*$'),
)
"""A client's process id is no label (M2)."""


_STALE = Better(
    deviation="D18",
    flower=Expect(200, r'"tasks.own\\?".*} 1\.0\b'),
    ours=Expect(200, r'"tasks.own\\?".*} 0\.0\b'),
)
"""The task was retried and nobody waits: Flower's gauge stays as the last start left it (M6)."""


def _without_clients(body: Any) -> Any:
    """Counts of events but those that clients sent; of revocations their number.

    That a task has expired may be told before the client's word of it, and then Flower has no name to count it under.
    """
    lines = [line for line in samples("flower_events_total")(body) if 'type="task-sent"' not in line]
    revoked = [line for line in lines if 'type="task-revoked"' in line]
    return [*(line for line in lines if line not in revoked), sum(float(line.rsplit(" ", 1)[1]) for line in revoked)]


def _real(prefix: str) -> Any:
    """Samples of tasks that have a name and that a worker really has: ours finds out when it has not."""
    return lambda body: [line for line in samples(prefix)(body) if 'task=""' not in line and "tasks.late" not in line]


def _scrape(name: str, view: View, better: Better | None = None) -> Check:
    return get("/metrics", name, view=view, headers=(), login=None, better=better)


CHECKS: tuple[Check, ...] = (
    get(
        "/metrics",
        "its type says the version of the format",
        view=nothing,
        login=None,
        better=Better(
            deviation="D18",
            flower=Expect(200, headers={"content-type": "text/plain"}),
            ours=Expect(200, headers={"content-type": r"text/plain; version=0\.0\.4; charset=utf-8"}),
        ),
    ),
    _scrape("names, help, types and labels", families),
    _scrape("flower_events_total of workers", _without_clients),
    _scrape("flower_events_total of clients", samples("flower_events_total"), _PUBLISHERS),
    _scrape("flower_worker_online", samples("flower_worker_online")),
    _scrape("runtime: counts", samples("flower_task_runtime_seconds_count")),
    _scrape("runtime: buckets", samples("flower_task_runtime_seconds_bucket")),
    _scrape("runtime: sums", samples("flower_task_runtime_seconds_sum")),
    _scrape("executing", samples('flower_worker_number_of_currently_executing_tasks{worker="worker@')),
    _scrape("prefetched", _real("flower_worker_prefetched_tasks")),
    _scrape("prefetch time of a retried task", samples('flower_task_prefetch_time_seconds{task="tasks.own"'), _STALE),
)
