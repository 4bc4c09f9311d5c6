"""Events sent as workers send them, by Celery's own dispatcher, but without running tasks."""

import contextlib
import uuid
from collections.abc import Iterator
from typing import Any

from celery import Celery

WORKER = "w1@test"


class Sender:
    """A worker that only says what it does."""

    def __init__(self, dispatcher: Any) -> None:
        self._dispatcher = dispatcher

    def send(self, kind: str, **fields: Any) -> None:
        """Send an event now."""
        self._dispatcher.send(kind, retry=True, **fields)

    def task(self, *kinds: str, name: str = "t") -> str:
        """Send the events of a new task; its id."""
        task = str(uuid.uuid4())
        for kind in kinds or ("received", "started", "succeeded"):
            described = {"name": name, "args": "()", "kwargs": "{}", "retries": 0} if kind == "received" else {}
            self.send(f"task-{kind}", uuid=task, **described)
        return task


@contextlib.contextmanager
def sender(broker: str, hostname: str = WORKER, **conf: Any) -> Iterator[Sender]:
    """A sender of events on a broker, with some of Celery's settings."""
    app = Celery("tests", broker=broker, set_as_current=False)
    app.conf.update(conf)
    with app.connection_for_write() as connection, app.events.Dispatcher(connection, hostname=hostname) as dispatcher:
        yield Sender(dispatcher)
