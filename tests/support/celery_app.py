"""The Celery application of the tests' workers. Its broker is in the environment."""

import os
import signal
import time
from typing import Any

from celery import Celery
from celery.contrib.abortable import AbortableTask
from celery.signals import worker_ready

SERIALIZER = os.environ.get("TESTS_TASK_SERIALIZER", "json")
"""Of tasks and of what workers answer to commands."""

app = Celery("tests", broker=os.environ["TESTS_BROKER_URL"], backend=os.environ.get("TESTS_RESULT_BACKEND") or None)
app.conf.update(
    task_default_queue="tests",
    task_send_sent_event=True,
    task_serializer=SERIALIZER,
    accept_content=["json", SERIALIZER],
    event_serializer=os.environ.get("TESTS_EVENT_SERIALIZER", "json"),
    broker_connection_retry_on_startup=True,
    worker_hijack_root_logger=False,
    broker_transport_options={"global_keyprefix": os.environ.get("TESTS_KEYPREFIX", "")},
)


@worker_ready.connect  # type: ignore[untyped-decorator]  # Celery has no types
def tell(sender: Any, **_: Any) -> None:
    """Say when it hears commands: of a Redis it wants them in the first round of its loop, after it said "ready"."""

    def say() -> None:
        os.write(2, f"{sender.hostname} listens.\n".encode())

    if sender.hub is None:
        say()
    elif sender.connection.transport.driver_type == "redis":
        sender.hub.call_soon(sender.hub.call_soon, say)
    else:
        sender.hub.call_soon(say)


@app.task  # type: ignore[untyped-decorator]  # Celery has no types
def add(a: int, b: int) -> int:
    """Succeeds."""
    return a + b


@app.task  # type: ignore[untyped-decorator]  # Celery has no types
def fail() -> None:
    """Fails."""
    raise ValueError("as it should")


@app.task  # type: ignore[untyped-decorator]  # Celery has no types
def die() -> None:
    """Ends as the kernel ends a process that takes too much memory; only for the pool prefork."""
    os.kill(os.getpid(), signal.SIGKILL)


@app.task(bind=True, max_retries=1, default_retry_delay=0)  # type: ignore[untyped-decorator]
def twice(self) -> str:  # type: ignore[no-untyped-def]
    """Succeeds when it is run the second time."""
    if not self.request.retries:
        raise self.retry()
    return "at last"


@app.task(bind=True)  # type: ignore[untyped-decorator]
def progress(self) -> None:  # type: ignore[no-untyped-def]
    """Sends an event of its own."""
    self.send_event("task-progress", current=3, total=10, note="halb fertig: ä")


@app.task  # type: ignore[untyped-decorator]  # Celery has no types
def hold(path: str) -> str:
    """Runs until a file is there."""
    while not os.path.exists(path):
        time.sleep(0.02)
    return "let go"


@app.task(acks_late=True)  # type: ignore[untyped-decorator]  # Celery has no types
def hold_late(path: str) -> str:
    """As `hold`, acknowledged at its end."""
    while not os.path.exists(path):
        time.sleep(0.02)
    return "let go"


@app.task(bind=True)  # type: ignore[untyped-decorator]  # Celery has no types
def report(self, path: str, **meta: object) -> str:  # type: ignore[no-untyped-def]
    """Tells how far it is, and runs until a file is there."""
    self.update_state(state="PROGRESS", meta=meta)
    return str(hold(path))


@app.task(bind=True)  # type: ignore[untyped-decorator]  # Celery has no types
def report_of(self, path: str, current: int, total: int) -> str:  # type: ignore[no-untyped-def]
    """As `report`, with the two numbers that a progress bar is made of."""
    self.update_state(state="PROGRESS", meta={"current": current, "total": total})
    return str(hold(path))


@app.task  # type: ignore[untyped-decorator]  # Celery has no types
def fail_long() -> None:
    """Fails with a traceback of ten thousand lines."""
    raise ValueError("as it should\n" + "\n".join(f"line {number}" for number in range(10_000)))


@app.task(bind=True, base=AbortableTask)  # type: ignore[untyped-decorator]  # Celery has no types
def abortable(self) -> str:  # type: ignore[no-untyped-def]
    """Runs until it is told to abort."""
    while not self.is_aborted():
        time.sleep(0.02)
    return "aborted"


@app.task  # type: ignore[untyped-decorator]  # Celery has no types
def large(size: int) -> str:
    """Has a result of so many characters."""
    return "x" * size
