"""`GET /api/v1/tasks`, `/tasks/{uuid}` and `/task-names`."""

from http import HTTPStatus
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType
from starlette.responses import Response

from flower_monitor import grammar
from flower_monitor.grammar import Expression
from flower_monitor.store.reader import MAX_LIMIT, Reader
from flower_monitor.store.records import TaskDetail, TaskQuery
from flower_monitor.web.openapi import answers
from flower_monitor.web.problems import Problem, bad_parameter
from flower_monitor.web.responses import json_response
from flower_monitor.web.routing import Call, Nothing, Route, Routes
from flower_monitor.web.shapes import NameList, TaskId, TaskList

Sort = Literal[
    "received", "-received", "started", "-started", "runtime", "-runtime", "timestamp", "-timestamp",
    "name", "-name", "worker", "-worker", "state", "-state",
]  # fmt: skip

MAX_TEXT = 2048
"""Most characters of a text to filter by; Flower's bound on a search."""

MAX_TIME = 1e11
"""Epoch seconds, and the same before 1970: three thousand years, which leaves out infinity and what is no number."""

MAX_WORDS = 50
"""Most values of a parameter that may be repeated: with their bound of 255 characters each the address stays within
what the HTTP parser takes (64 KiB), and who sends too much is told which parameter it was."""

Text = Annotated[str, Meta(max_length=MAX_TEXT)]
Word = Annotated[str, Meta(max_length=255)]
Time = Annotated[float, Meta(ge=-MAX_TIME, le=MAX_TIME)]


class TaskConditions(msgspec.Struct, frozen=True, kw_only=True):
    """Which tasks, by what the store has indexes for."""

    state: Annotated[
        list[Word], Meta(max_length=MAX_WORDS, description="Only tasks in this state, any case; repeat it for several")
    ] = []
    name: Annotated[Text | None, Meta(description="Only tasks of exactly this name")] = None
    worker: Annotated[Text | None, Meta(description="Only tasks on the worker of exactly this host name")] = None
    received_start: Annotated[
        Time | UnsetType, Meta(description="Only tasks received at this time or later, epoch seconds")
    ] = UNSET
    received_end: Annotated[
        Time | UnsetType, Meta(description="Only tasks received at this time or before, epoch seconds")
    ] = UNSET

    def conditions(self) -> TaskQuery:
        """The question to the store, in its own order."""
        return TaskQuery(
            state=tuple(state.upper() for state in self.state),
            name=self.name,
            worker=self.worker,
            received_start=_given(self.received_start),
            received_end=_given(self.received_end),
        )


class TaskFilters(TaskConditions, frozen=True, kw_only=True):
    """Which tasks."""

    search: Annotated[
        Text | None,
        Meta(description="Only tasks with this text (any case) in uuid, name, args, kwargs, result or exception"),
    ] = None
    query: Annotated[
        Text | None,
        Meta(
            description="Only tasks that this fits in Flower's search language: words, `AND`, `OR`, parentheses, "
            "`name:`, `state:`, `worker:`, `args:`, `kwargs:`, `kwargs:key=value`, `result:`. A word without a field "
            "is looked for in exceptions too"
        ),
    ] = None

    def filters(self) -> TaskQuery:
        """The question to the store, with what texts are looked for."""
        return msgspec.structs.replace(self.conditions(), search=self.search or None, terms=_terms(self.query))


class TaskListParameters(TaskFilters, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which tasks, in what order."""

    sort: Annotated[Sort, Meta(description="What to sort by; `-` before it: highest or latest first")] = "-received"
    limit: Annotated[int, Meta(ge=1, le=MAX_LIMIT, description="Most tasks in the answer")] = 100
    cursor: Annotated[
        Text | None,
        Meta(description="`next_cursor` of the page before, with the same filters and sort; leave out for the first"),
    ] = None

    def question(self) -> TaskQuery:
        """The question to the store."""
        return msgspec.structs.replace(self.filters(), sort=self.sort, limit=self.limit, cursor=self.cursor)


class TaskParameters(msgspec.Struct, frozen=True):
    """Which task."""

    uuid: TaskId


def routes() -> Routes:
    """The routes of tasks."""
    return [
        Route(
            "/api/v1/tasks",
            list_tasks,
            TaskListParameters,
            tag="tasks",
            answers=answers(TaskList, bad_request=True),
        ),
        Route(
            "/api/v1/tasks/{uuid:path}",
            read_task,
            TaskParameters,
            tag="tasks",
            answers=answers(TaskDetail, not_found=True),
        ),
        Route("/api/v1/task-names", list_task_names, Nothing, tag="tasks", answers=answers(NameList)),
    ]


async def list_tasks(call: Call[TaskListParameters]) -> Response:
    """A page of tasks.

    With `search`, or with filters that leave little of what each has, a page may be short, even empty, and still have
    a `next_cursor`: a call takes some tenths of a second at most. To cancel a search, do not ask for its next page.
    """
    page = await call.context.store.read(lambda reader: reader.tasks(call.parameters.question()))
    return json_response(TaskList(page.items, page.next_cursor, page.progress))


async def read_task(call: Call[TaskParameters]) -> Response:
    """All that is known of a task, with its traceback, history and children."""
    uuid = call.parameters.uuid
    task = await call.context.store.read(lambda reader: reader.task(uuid))
    if task is None:
        raise unknown_task(uuid)
    return json_response(task)


async def list_task_names(call: Call[Nothing]) -> Response:
    """Names of all tasks that events were ever seen of, sorted."""
    return json_response(NameList(await call.context.store.read(Reader.task_names)))


def unknown_task(uuid: str) -> Problem:
    """404 for a task of which nothing is kept."""
    detail = f"Unknown task {uuid!r}: it was never seen here, or is older than what is kept"
    return Problem(HTTPStatus.NOT_FOUND, "unknown-task", detail, field="uuid")


def _terms(query: str | None) -> Expression | None:
    """What a query means; None where there is none.

    Raises:
        Problem: 400, with what is wrong and where.
    """
    try:
        found = grammar.parse(query)
    except grammar.SearchError as error:
        raise bad_parameter("query", str(error)) from error
    return None if found == grammar.EVERYTHING else found


def _given(value: float | UnsetType) -> float | None:
    """A number, or None where it was left out. (With `| None` msgspec would take the word null for left out.)"""
    return None if value is UNSET else value
