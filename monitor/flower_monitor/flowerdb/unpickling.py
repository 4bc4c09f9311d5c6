"""Reading what Flower pickled without running it: a few names are known, and what they stand for does nothing.

A pickle is a program. Whoever could write Flower's file could otherwise run code here; so nothing of Celery or Flower
is loaded, every other name is refused, and all of it happens in a process of its own (`python -m` this module), which
prints one JSON object a task.
"""

import dbm
import io
import json
import pickle
import sys
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from typing_extensions import override

FIELDS = (
    "uuid", "name", "state", "received", "sent", "started", "rejected", "succeeded", "failed", "retried", "revoked",
    "args", "kwargs", "eta", "expires", "retries", "result", "exception", "timestamp", "runtime", "traceback",
    "exchange", "routing_key", "clock", "client", "root_id", "parent_id",
)  # fmt: skip
"""Of a task what is taken over, beside its worker."""


class Inert:
    """Stands for an object: keeps what it would have been made of, and does nothing with it."""

    def __init__(self, *args: Any) -> None:
        self.args = args
        self.state: Any = None

    def __setstate__(self, state: Any) -> None:
        self.state = state

    @override
    def __reduce__(self) -> Any:
        raise TypeError("it is never written")


def _task(_: Any, fields: Any) -> Any:
    """What `celery.events.state._depickle_task` is called with: the task's fields are enough."""
    return fields


KNOWN: dict[tuple[str, str], Callable[..., Any]] = {
    ("flower.events", "EventsState"): Inert,
    ("celery.events.state", "State"): Inert,
    ("celery.events.state", "Worker"): Inert,
    ("celery.events.state", "Task"): Inert,
    ("celery.events.state", "_depickle_task"): _task,
    ("celery.utils.functional", "LRUCache"): Inert,
    ("kombu.utils.functional", "LRUCache"): Inert,
    ("collections", "Counter"): Counter,
    ("collections", "OrderedDict"): OrderedDict,
    ("collections", "defaultdict"): defaultdict,
}


class Refused(Exception):
    """The file holds something that Flower does not write."""


class Unpickler(pickle.Unpickler):
    """Knows the names above."""

    @override
    def find_class(self, module: str, name: str) -> Any:
        """What a name stands for."""
        try:
            return KNOWN[module, name]
        except KeyError:
            raise Refused(f"it names {module}.{name}, which is not of Flower's state; it may be forged") from None


def tasks(pickled: bytes) -> Iterator[dict[str, Any]]:
    """The tasks of Flower's pickled state, each with what is plain of its fields.

    Raises:
        Refused: It is not one.
    """
    try:
        state = Unpickler(io.BytesIO(pickled)).load()
        # State(callback, workers, tasks, …), celery.events.state.State.__reduce__; tasks are an LRUCache.
        found = state.args[2].state["data"]
    except Refused:
        raise
    except Exception as error:
        # What is broken in a pickle raises whatever its opcodes come upon.
        raise Refused(f"it is not Flower's state: {type(error).__name__}: {error}") from error
    for fields in found.values():
        if isinstance(fields, dict) and isinstance(fields.get("uuid"), str):
            yield _plain(fields)


def _plain(fields: dict[str, Any]) -> dict[str, Any]:
    worker = fields.get("worker")
    hostname = worker.args[0] if isinstance(worker, Inert) and worker.args else None
    kept = {name: value for name in FIELDS if isinstance(value := fields.get(name), str | int | float)}
    return kept | ({"worker": hostname} if isinstance(hostname, str) else {})


def main(path: str) -> None:
    """Print the tasks of a file; what is wrong with it goes to stderr, with exit code 1."""
    try:
        with dbm.open(path, "r") as database:
            pickled = database[b"events"]
        for task in tasks(pickled):
            print(json.dumps(task))  # noqa: T201 - the answer
    except KeyError:
        sys.exit("it holds no `events`: Flower never saved anything there")
    except (Refused, *dbm.error, ModuleNotFoundError) as error:
        sys.exit(f"{error}")


if __name__ == "__main__":
    main(sys.argv[1])
