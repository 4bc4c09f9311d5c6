"""Flower's task object: 31 keys, in Flower's order."""

from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from flower_monitor.store.records import TaskDetail

_FIELDS: tuple[tuple[str, Any], ...] = (
    ("uuid", str),
    ("name", str | None),
    ("state", str),
    ("received", float | None),
    ("sent", float | None),
    ("started", float | None),
    ("rejected", float | None),
    ("succeeded", float | None),
    ("failed", float | None),
    ("retried", float | None),
    ("revoked", float | None),
    ("args", str | None),
    ("kwargs", str | None),
    ("eta", str | None),
    ("expires", str | None),
    ("retries", int | None),
    ("worker", str | None),
    ("result", str | None),
    ("exception", str | None),
    ("timestamp", float),
    ("runtime", float | None),
    ("traceback", str | None),
    ("exchange", str | None),
    ("routing_key", str | None),
    ("clock", int),
    ("client", str | None),
    ("root", str | None),
    ("root_id", str | None),
    ("parent", str | None),
    ("parent_id", str | None),
    ("children", tuple[str, ...]),
)

FlowerTask = msgspec.defstruct("FlowerTask", _FIELDS, frozen=True)
"""A task as `/api/task/info/{id}` shows it."""

ListedTask = msgspec.defstruct(
    "ListedTask",
    [*(field for field in _FIELDS if field[0] != "worker"), ("worker", str | UnsetType, UNSET)],
    frozen=True,
)
"""A task as `/api/tasks` shows it: `worker` comes last, and is left out where it is not known."""

_COPIED = tuple(name for name, _ in _FIELDS if name not in ("root", "parent", "worker", "children"))


def flower_task(task: TaskDetail) -> msgspec.Struct:
    """A task in the shape of `/api/task/info/{id}`."""
    return FlowerTask(**_fields(task), worker=task.worker)


def listed_task(task: TaskDetail) -> msgspec.Struct:
    """A task in the shape of `/api/tasks`."""
    return ListedTask(**_fields(task), worker=UNSET if task.worker is None else task.worker)


def _fields(task: TaskDetail) -> dict[str, Any]:
    copied = {field: getattr(task, field) for field in _COPIED}
    return copied | {"root": task.root_id, "parent": task.parent_id, "children": task.children}


class TaskTypes(msgspec.Struct, frozen=True, rename={"task_types": "task-types"}):
    """Names of tasks, as `/api/task/types` shows them."""

    task_types: list[str]
