"""What is scraped beside the API, and the pages."""

from typing import Any

from compat.check import Better, Check, Expect, get, post
from compat.views import key_set, nothing, shape

_ORDER = "order[0][column]=0&order[0][dir]=desc&columns[0][data]=received"
_FIELDS = f"draw=1&start=0&length=3&search[value]=tasks.ordered&{_ORDER}"


def _rows(body: Any) -> Any:
    """Rows by worker, with the types of what is in them: each counts by itself."""
    return {row["hostname"]: shape(row) for row in sorted(body["data"], key=lambda row: row["hostname"])}


_DEFAULTS = Better(
    deviation="D26", flower=Expect(400, "^Missing argument draw$"), ours=Expect(200, "data.*recordsTotal")
)
_ONE_PAGE = Better(deviation="D38", flower=Expect(404), ours=Expect(200))
"""The page itself says that it found nothing: it asks the API, and goes on asking."""

CHECKS: tuple[Check, ...] = (
    get("/workers?json=1", "rows", view=_rows),
    get("/?json=1", "rows", view=_rows),
    get(f"/tasks/datatable?{_FIELDS}", "rows"),
    post("/tasks/datatable", _FIELDS, "rows, as the page asks"),
    get(f"/tasks/datatable?{_FIELDS.replace('tasks.ordered', 'ab')}", "bad search"),
    get("/tasks/datatable", "nothing given", view=key_set, better=_DEFAULTS),
    get(
        f"/tasks/datatable?{_FIELDS.replace('length=3', 'length=-1')}",
        "length=-1",
        view=lambda body: len(body["data"]),
        better=Better(deviation="D26", flower=Expect(200, "^0$"), ours=Expect(200, "^4$")),
    ),
    get("/healthcheck", login=None),
    get("/", "page", view=nothing),
    get("/tasks", "page", view=nothing),
    get("/task/$success", "page", view=nothing),
    get("/task/nobody", "page of an unknown task", view=nothing, better=_ONE_PAGE),
    get("/worker/$worker", "page", view=nothing),
    get("/worker/nobody", "page of an unknown worker", view=nothing, better=_ONE_PAGE),
    get("/broker", "page", view=nothing),
    get("/nothing", "page that is not there", view=nothing, headers=()),
    get("/api/nothing", "route that is not there", view=nothing, headers=()),
    get(
        "/login",
        "page without a provider",
        view=nothing,
        better=Better(deviation="D38", flower=Expect(404), ours=Expect(302, headers={"location": "/"})),
    ),
)
