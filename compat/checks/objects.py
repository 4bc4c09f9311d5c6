"""The task object in every state. Both saw the same events, so times are equal too."""

from typing import Any

from compat.check import Better, Check, Expect, get
from compat.tasks import STATES
from compat.views import only, typed

_EXACT = ("nameless", "alone", "custom", "ordered0", "ordered1")
"""Tasks of which no `task-sent` came: all that they show is decided by workers' events."""

_PLAIN = typed("timestamp", "clock", "retries")
"""What a `task-sent` that comes after `task-received` moves in Flower (D32), and whether it does is chance."""

_TWICE_SENT = ("sent", "client", "exchange", "routing_key", "parent", "parent_id", "children")
"""What each `task-sent` says; of a retried task there are two, and which comes first is chance."""


def _retried(body: Any) -> Any:
    return {**_PLAIN(body), **dict.fromkeys(_TWICE_SENT)}


_LATE = only("timestamp", "sent", "received", "retries")

CHECKS: tuple[Check, ...] = (
    *(get(f"/api/task/info/${name}", f"{name}: {STATES[name]}") for name in _EXACT),
    *(
        get(f"/api/task/info/${name}", f"{name}: {state or 'as Celery has it'}", view=_PLAIN)
        for name, state in STATES.items()
        if name not in (*_EXACT, "late", "ordered2", "ordered3", "retry", "own")
    ),
    get(
        "/api/task/info/$late",
        "late: its client's event comes last",
        view=_LATE,
        better=Better(
            deviation="D32",
            flower=Expect(200, r'"retries": 1'),
            ours=Expect(200, r'"retries": 0'),
        ),
    ),
    get("/api/task/info/$retry", "retry: RETRY", view=_retried),
    get(
        "/api/task/info/$own",
        "own: retried, as its own child",
        view=only("uuid", "children"),
        better=Better(
            deviation="D35",
            flower=Expect(200, r'^{"uuid": "(.+)", "children": \["\1"\]}$'),
            ours=Expect(200, r'"children": \[\]}$'),
        ),
    ),
    get("/api/task/info/nobody", "unknown"),
    get("/api/task/info/no%2Fbody", "unknown, with a slash"),
    get("/api/task/info/%3Cscript%3Ealert(1)%3C%2Fscript%3E", "markup in the id"),
    get("/api/task/info/$success", "its Etag", headers=("etag",), view=_PLAIN),
    get("/api/task/info/$ordered0", "If-None-Match: its own", again=True),
    get("/api/task/info/", "no id"),
    get("/api/task/types"),
)
