"""`GET /api/tasks?search=`: the grammar of 2.1 and later, with its errors."""

from urllib.parse import quote

from compat.check import Better, Check, Expect, get
from compat.views import as_it_is, key_set

_QUERIES = (
    "tasks.add",
    "TASKS.ADD",
    "state:SUCCESS",
    "state:success",
    "state:SUCC",
    "name:add",
    "NAME:add",
    "worker:compat",
    "worker:nobody",
    "args:xxx",
    "kwargs:path",
    "kwargs:key=value",
    "kwargs:path=C:\\\\temp",
    "result:said",
    "result:42",
    "boom",
    "quoted",
    "name:add state:SUCCESS",
    "name:add AND state:SUCCESS",
    "state:SUCCESS OR state:FAILURE",
    "name:add (state:SUCCESS OR state:REVOKED)",
    "name:add state:SUCCESS OR state:FAILURE",
    '"tasks add"',
    '"tasks.add"',
    '"a \\"quoted\\""',
    "unknown:value",
    "uuid:abc",
    "",
    "   ",
    "((((name:add))))",
)
"""Those that are understood."""

_ERRORS = (
    "ab",
    "name:ab",
    "NOT add",
    "-add",
    "name:",
    "state:",
    '"open',
    '""',
    "()",
    "(name:add",
    "name:add)",
    "OR",
    "AND",
    "name:add OR",
    "name:add AND",
    "OR name:add",
    "AND name:add",
    "name:add OR AND state:SUCCESS",
    "((((((name:add))))))",
    "x" * 2049,
    "add " * 129,
    "name:add name:ab",
)
"""Those that are refused, with the text that says so."""

_RAW = Better(
    deviation="D51",
    flower=Expect(200, r"^\[\]$"),
    ours=Expect(200, r'^\["[0-9a-f-]{36}"\]$'),
)
"""Celery writes the backslash of `C:\\temp` as it is, which Flower reads as the beginning of a tab."""

_BETTER = {"kwargs:path=C:\\\\temp": _RAW}

CHECKS: tuple[Check, ...] = tuple(
    get(
        f"/api/tasks?search={quote(query)}",
        f"search {query[:40] or 'nothing'}",
        view=key_set if query in _QUERIES else as_it_is,
        better=_BETTER.get(query),
    )
    for query in (*_QUERIES, *_ERRORS)
)
