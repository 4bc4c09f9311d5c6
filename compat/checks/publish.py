"""Sending tasks, and their results."""

from typing import Any

from compat.check import Better, Check, Expect, get, post
from compat.checks.tasks import LONGER
from compat.views import ordered, typed

_ADD = "/api/task/apply/tasks.add"
_SAY = "/api/task/apply/tasks.say"
_ASYNC = "/api/task/async-apply/tasks.add"
_SEND = "/api/task/send-task/tasks.add"

_REFUSED = Better(deviation="D9", flower=Expect(500), ours=Expect(400, "."))
"""What the client did wrong is told as that."""

_NO_OBJECT = Better(deviation="D10", flower=Expect(400, "."), ours=Expect(400, "^The body must be a JSON object"))
_NO_BACKEND = Better(deviation="D10", flower=Expect(503, "^$"), ours=Expect(503, "."))
_ABORTED = Better(deviation="D13", added=("state",))


def _view(body: Any) -> Any:
    return ordered(typed("task-id", "traceback")(body))


def _send(body: str, name: str = "", path: str = _ADD, better: Better | None = None) -> Check:
    return post(path, body, name, view=_view, better=better)


CHECKS: tuple[Check, ...] = (
    _send('{"args": [1, 2]}'),
    _send('{"kwargs": {"x": 1, "y": 2}}'),
    _send('{"args": ["a", "b"], "queue": "celery", "priority": 3}'),
    _send('{"args": [1, "a"]}', "fails"),
    _send("{}", "nothing given", _SAY),
    _send("", "no body", _SAY),
    _send('{"args": [2], "timeout": 0.3}', "not in time", "/api/task/apply/tasks.sleep"),
    _send('{"args": [1, 2], "timeout": "5"}'),
    _send('{"args": [1, 2], "countdown": "0.1"}'),
    _send('{"args": [1, 2], "eta": "2020-01-01 00:00:00.000000"}'),
    _send('{"args": [1, 2], "expires": 600}'),
    post(_ADD, '{"args": [1, 2], "expires": "2100-01-01 00:00:00.000000"}', view=_view, brokers=("redis",)),
    _send('{"args": [1, 2], "timeout": "x"}', better=LONGER),
    _send('{"args": [1, 2], "eta": "tomorrow"}', better=LONGER),
    _send('{"args": [1, 2], "expires": "x"}', better=LONGER),
    _send('{"args": [1, 2], "countdown": "x"}', better=LONGER),
    _send('{"args": 1}'),
    _send('{"args": [1, 2], "eta": 5}', better=_REFUSED),
    _send('{"args": [1, 2], "countdown": null}', better=_REFUSED),
    _send('{"args": [1, 2], "kwargs": [1]}', better=_REFUSED),
    _send('{"args": [1, 2], "serializer": "nothing"}', better=_REFUSED),
    _send('{"args": [1, 2], "queue": 5}', better=_REFUSED),
    _send(
        '{"args": [1]}',
        "too few arguments",
        better=Better(deviation="D9", flower=Expect(500), ours=Expect(200, "missing 1 required positional.*FAILURE")),
    ),
    _send("[1]", better=_NO_OBJECT),
    _send("{", better=_NO_OBJECT),
    _send("args=1", "a form", better=_NO_OBJECT),
    post(_ADD, '{"args": [1, 2]}', "JSON said to be a form", type="application/x-www-form-urlencoded", view=_view),
    _send('{"args": []}', "unknown name", "/api/task/apply/tasks.nobody"),
    _send('{"args": [1, 2], "queue": "nobody"}', path=_ASYNC),
    _send('{"args": 1}', path=_ASYNC),
    _send('{"args": [1, 2], "eta": "tomorrow"}', path=_ASYNC, better=LONGER),
    _send('{"args": []}', "unknown name", "/api/task/async-apply/tasks.nobody"),
    _send(
        '{"args": [], "queue": "nobody"}',
        "a name that only events told",
        "/api/task/async-apply/tasks.ordered",
        Better(
            deviation="D31",
            flower=Expect(404, "^Unknown task 'tasks.ordered'$"),
            ours=Expect(200, '"state": "PENDING"'),
        ),
    ),
    _send('{"args": [1, 2], "queue": "nobody"}', path=_SEND),
    _send('{"args": [1, 2], "queue": "nobody"}', "unknown name", "/api/task/send-task/tasks.unknown"),
    _send('{"args": 1}', path=_SEND),
    _send('{"args": [1, 2], "countdown": "x"}', path=_SEND, better=_REFUSED),
    _send("{", path=_SEND, better=_NO_OBJECT),
    get("/api/task/result/$success", "succeeded", view=ordered),
    get("/api/task/result/$failure", "failed", view=ordered),
    get("/api/task/result/$pending", "not begun", view=ordered),
    get("/api/task/result/$progress", "with a state of its own", view=ordered),
    get("/api/task/result/nobody", "unknown", view=ordered),
    get("/api/task/result/$success?timeout=5", view=ordered),
    get("/api/task/result/$pending?timeout=0.2", "not in time", view=ordered),
    get("/api/task/result/$success?timeout=x", better=LONGER),
    get("/api/task/result/$success", "its Etag", headers=("etag",), view=ordered),
    post("/api/task/abort/$pending", name="not begun", better=_ABORTED),
    post("/api/task/abort/nobody", name="unknown", better=_ABORTED),
    post("/api/task/send-task/tasks.add", '{"args": [1, 2]}', "no result backend", on="compose", view=_view),
    get("/api/task/result/nobody", "no result backend", on="compose", better=_NO_BACKEND),
    post("/api/task/abort/nobody", name="no result backend", on="compose", better=_NO_BACKEND),
)
