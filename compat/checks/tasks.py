"""`GET /api/tasks`: filters, order, paging, errors."""

from compat.check import Better, Check, Expect, get
from compat.views import column, key_set, keys, nothing

_LIST = "/api/tasks"
_FOUR = f"{_LIST}?taskname=tasks.ordered"
"""Tasks of which all is known: in full, and in an order that chance does not change."""

LONGER = Better(deviation="D10", longer=True)
"""The error says more than Flower's, and begins with it."""

_MORE_KEYS = Better(
    deviation="D9",
    flower=Expect(400, "expected one of name, received, started, state$"),
    ours=Expect(400, "expected one of name, received, runtime, started, state, timestamp, worker$"),
)
_BAD_TIME = Better(
    deviation="D14",
    flower=Expect(400, "^Invalid received_start or received_end, expected format 'YYYY-MM-DD HH:MM'$"),
    ours=Expect(400, r"^Invalid received_start 'yesterday', expected format 'YYYY-MM-DD HH:MM' \(UTC\) or ISO 8601$"),
)

CHECKS: tuple[Check, ...] = (
    get(_LIST, "all", view=key_set),
    get(
        _LIST,
        "no Etag without a limit",
        view=nothing,
        better=Better(
            deviation="D33", flower=Expect(200, headers={"etag": ".+"}), ours=Expect(200, headers={"etag": ""})
        ),
    ),
    get(f"{_LIST}?limit=100", "its Etag", view=key_set, headers=("etag",)),
    get(f"{_FOUR}&limit=2", "If-None-Match: *", send={"If-None-Match": "*"}, headers=("etag",)),
    get(f"{_FOUR}&limit=2", "If-None-Match: its own", again=True, headers=("etag",)),
    get(f"{_FOUR}&limit=2", "If-None-Match: another", send={"If-None-Match": '"x"'}, headers=("etag",)),
    get(_FOUR, "the whole objects"),
    get(f"{_FOUR}&limit=3"),
    get(f"{_FOUR}&limit=2&offset=1"),
    get(f"{_FOUR}&limit=0"),
    get(f"{_FOUR}&limit=-1"),
    get(f"{_FOUR}&offset=-5&limit=2"),
    get(f"{_FOUR}&offset=3"),
    get(f"{_LIST}?offset=1000"),
    get(f"{_FOUR}&limit=%202%20", "limit with blanks", view=keys),
    get(f"{_LIST}?limit=x", better=LONGER),
    get(f"{_LIST}?limit=", better=LONGER),
    get(f"{_LIST}?limit=1.5", better=LONGER),
    get(f"{_LIST}?offset=x", better=LONGER),
    get(f"{_LIST}?sort_by=name", view=column("name")),
    get(f"{_LIST}?sort_by=-name", view=column("name")),
    get(f"{_LIST}?sort_by=state", view=column("state")),
    get(f"{_LIST}?sort_by=-state", view=column("state")),
    get(f"{_LIST}?sort_by=started", "sort_by=started, nulls first", view=column("started")),
    get(f"{_LIST}?sort_by=--started", view=column("started")),
    get(f"{_FOUR}&sort_by=received"),
    get(f"{_FOUR}&sort_by=-received"),
    get(f"{_FOUR}&sort_by=started"),
    get(f"{_FOUR}&sort_by=-received&limit=2&offset=1"),
    get(
        f"{_LIST}?sort_by=received",
        "sort_by=received, some never received",
        view=column("received"),
        better=Better(deviation="D34", flower=Expect(200, r"^\[null, "), ours=Expect(200, r"^\[\d.*null")),
    ),
    get(f"{_LIST}?sort_by=nothing", better=_MORE_KEYS),
    get(
        f"{_FOUR}&sort_by=runtime",
        view=column("runtime"),
        better=Better(
            deviation="D9",
            flower=Expect(400, "^Invalid sort_by 'runtime'"),
            ours=Expect(200, r"^\[1[.0]*, 15[.0]*, 15[.0]*, 24[.0]*\]$"),
        ),
    ),
    get(f"{_FOUR}&sort_by=", view=keys, better=Better(deviation="D9", flower=Expect(500), ours=Expect(200, "-"))),
    *(
        get(f"{_LIST}?{query}", view=key_set)
        for query in (
            "state=SUCCESS",
            "state=success",
            "state=RECEIVED",
            "state=All",
            "state=NOTHING",
            "state=",
            "state=UPLOADING",
            "workername=$worker",
            "workername=WORKER%40compat",
            "workername=All",
            "workername=nobody",
            "taskname=tasks.add",
            "taskname=TASKS.ADD",
            "taskname=tasks",
            "taskname=All",
            "taskname=",
            "taskname=tasks.add&state=SUCCESS&workername=$worker",
            "taskname=tasks.ordered&received_start=2020-01-01%2000:00",
            "taskname=tasks.ordered&received_end=2020-01-01%2000:00",
            "taskname=tasks.ordered&received_start=2020-01-01%2000:00&received_end=2100-01-01%2000:00",
            "received_start=",
        )
    ),
    get(
        f"{_LIST}?received_end=2020-01-01%2000:00",
        "received_end before all, some never received",
        view=key_set,
        better=Better(deviation="D16", flower=Expect(200, "-"), ours=Expect(200, r"^\[\]$")),
    ),
    get(f"{_LIST}?received_start=yesterday", better=_BAD_TIME),
    get(
        f"{_FOUR}&received_start=2020-01-01T00:00:00Z",
        view=key_set,
        better=Better(deviation="D14", flower=Expect(400), ours=Expect(200, "-")),
    ),
    get(f"{_FOUR}&unknown=1&limit=1"),
    get(f"{_LIST}/", "trailing slash", view=nothing, headers=()),
)
