"""Monitors that the bench knows: how they are started, and how they are asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from bench.sut.api import Request

_PASSWORD = "bench:bench"


@dataclass(frozen=True, kw_only=True)
class Profile:
    """A kind of monitor. `{python} {broker} {port} {max_tasks} {folder} {db} {interval_ms}` are filled in."""

    command: str
    persist: str = ""
    """What is added where the store is to outlive the process."""

    memory: str = ""
    """What is added everywhere else."""

    environment: Mapping[str, str] = field(default_factory=dict)
    login: str | None = None
    """`user:password`."""

    stream: str | None = None
    """Path of the live stream (server-sent events)."""

    first_page: Request
    """What its tasks page asks for first."""

    queries: Mapping[str, Request] = field(default_factory=dict)
    """The questions of `queries` -> the request; `commands.queries` puts in `%worker`, `%name`, `%since`, `%near`."""


_COLUMNS = ("name", "uuid", "state", "args", "kwargs", "result", "received", "started", "runtime", "worker")


def datatable(start: int = 0, length: int = 10, search: str = "") -> Request:
    """What Flower's own tasks page sends, newest tasks first."""
    form: dict[str, object] = {
        "draw": 1,
        "start": start,
        "length": length,
        "search[value]": search,
        "search[regex]": "false",
        "order[0][column]": _COLUMNS.index("received"),
        "order[0][dir]": "desc",
    }
    for i, name in enumerate(_COLUMNS):
        form |= {f"columns[{i}][data]": name, f"columns[{i}][name]": ""}
        form |= {f"columns[{i}][searchable]": "true", f"columns[{i}][orderable]": "true"}
    headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Requested-With": "XMLHttpRequest"}
    return Request("/tasks/datatable", "POST", urlencode(form), headers)


def _flower(**filters: str) -> Request:
    return Request("/api/tasks?limit=100&" + urlencode(filters, safe="%"))


def _ours(**filters: str) -> Request:
    return Request("/api/v1/tasks?" + urlencode(filters, safe="%"))


FIRST_PAGE, METRICS = "first page", "/metrics"
QUESTIONS = (
    FIRST_PAGE,
    "by worker",
    "by state",
    "by name and time",
    "text in the newest 10,000",
    "text in none",
    METRICS,
)

_NOWHERE = quote("no-such-text-anywhere")


def _questions(*requests: Request) -> dict[str, Request]:
    return dict(zip(QUESTIONS, requests, strict=True))


FLOWER = Profile(
    # Not `celery flower`: flower-monitor, in the same environment, has a command of that name too.
    command="{python} -m flower --broker={broker} flower --address=127.0.0.1 --port={port} --max-tasks={max_tasks}",
    persist="--persistent=True --db={db} --state-save-interval={interval_ms}",
    environment={"FLOWER_UNAUTHENTICATED_API": "true"},
    first_page=datatable(),
    queries=_questions(
        datatable(),
        _flower(workername="%worker"),
        _flower(state="FAILURE"),
        _flower(taskname="%name", received_start="%date"),
        _flower(search="%near"),
        _flower(search=_NOWHERE),
        Request("/metrics"),
    ),
)

OURS = Profile(
    command="{python} -m flower_monitor --broker {broker} --address 127.0.0.1 --port {port} --max-tasks {max_tasks} "
    f"--basic-auth {_PASSWORD}",
    persist="--store {db}.sqlite3",
    memory="--store {folder}/store.sqlite3",
    environment={"FLOWER_REDACT": '[{"argument": "mail"}]'},
    login=_PASSWORD,
    stream="/api/v1/stream",
    first_page=Request("/api/v1/tasks"),
    queries=_questions(
        Request("/api/v1/tasks"),
        _ours(worker="%worker"),
        _ours(state="FAILURE"),
        _ours(name="%name", received_start="%since"),
        _ours(search="%near"),
        _ours(search=_NOWHERE),
        Request("/metrics"),
    ),
)

PROFILES: Mapping[str, Profile] = {"flower": FLOWER, "flower-monitor": OURS}
