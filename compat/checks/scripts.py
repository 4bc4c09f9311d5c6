"""What tutorials and runbooks tell people to run."""

from typing import Any

from compat.check import Better, Check, Expect, get, post
from compat.checks.control import TOLD
from compat.views import key_set


def _online(body: Any) -> Any:
    """`sum(1 for w in requests.get(".../api/workers").json().values() if w.get("status"))`."""
    return sum(1 for worker in body.values() if worker.get("status"))


def _jq(body: Any) -> Any:
    """`jq '.[] | {uuid, name, runtime}'`."""
    found = [{key: task[key] for key in ("uuid", "name", "runtime")} for task in body.values()]
    return sorted(found, key=lambda task: task["uuid"])


CHECKS: tuple[Check, ...] = (
    get(
        "/api/workers",
        "a health check that counts workers with status",
        view=_online,
        better=Better(deviation="D12", flower=Expect(200, "^0$"), ours=Expect(200, "^[2-4]$")),
    ),
    get("/api/workers?status=1", "the same by ?status=1", view=lambda body: sum(body.values())),
    get("/api/tasks?state=RECEIVED", "a runbook reads what waits", view=key_set),
    get("/api/tasks?state=STARTED", "jq '.[] | {uuid, name, runtime}'", view=_jq),
    post("/api/worker/pool/grow/$worker", "n=4", "curl -d 'n=4'", better=TOLD),
    post("/api/task/revoke/$started?terminate=true", name="a runbook ends a task", better=TOLD),
)
