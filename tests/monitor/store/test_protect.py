"""What a policy hides is nowhere in the file; what is cut is told by the reader."""

import uuid
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flower_monitor.fold.events import Event
from flower_monitor.protect import Caps, Protection
from flower_monitor.redact import Redaction, Rule
from flower_monitor.store.records import TaskQuery
from tests.monitor.fold.made import UUID, event
from tests.monitor.store.made import Store

RULES = [Rule(argument="*password*"), Rule(pattern=r"\bsk-[a-z0-9]+"), Rule(task="pay.*")]

secrets = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=12, max_size=40)


def fold(store: Store, protection: Protection, *events: Event) -> None:
    store.tasks.fold(events, 0.0, protection)


def everything(folder: Path) -> bytes:
    """All bytes that the store has on the disk."""
    return b"".join(file.read_bytes() for file in folder.iterdir())


@settings(
    max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)
@given(secret=secrets, length=st.integers(0, 3000))
def test_nothing_redacted_is_in_the_bytes_of_the_store(tmp_path: Path, secret: str, length: int) -> None:
    folder = tmp_path / uuid.uuid4().hex
    folder.mkdir()
    store = Store(folder / "s")
    protection = Protection(Redaction(RULES), Caps(kwargs=500, traceback=600))
    kwargs = repr({"filler": "x" * length, "db_password": [secret], "n": 1})
    token = f"sk-{secret}"
    fold(
        store,
        protection,
        event("received", uuid="1", name="ship", args=f"('{token}',)", kwargs=kwargs),
        event("failed", uuid="1", exception=f"Refused(password='{secret}')", traceback=f"{'y' * length} {token} bad"),
        event("received", uuid="2", name="pay.card", args=f"({secret},)"),
    )
    store.commit()
    # The name of the task is stored by now, and no longer in the event.
    fold(store, protection, event("succeeded", uuid="2", result=secret), event("succeeded", uuid="3", result=secret))
    store.commit().close()

    assert secret.encode() not in everything(folder)
    assert len(Store(folder / "s").reader.tasks(TaskQuery()).items) == 3


def test_the_name_of_a_task_is_known_after_a_restart(tmp_path: Path) -> None:
    protection = Protection(Redaction([Rule(task="pay.*")]), Caps())
    first = Store(tmp_path / "s")
    fold(first, protection, event("received", uuid="1", name="pay.card"), event("received", uuid="2", name="ship"))
    first.commit().close()
    second = Store(tmp_path / "s")
    fold(
        second, protection, event("succeeded", uuid="1", result="secret"), event("succeeded", uuid="2", result="shown")
    )
    second.commit()

    found = {task.uuid: task.result for task in second.reader.tasks(TaskQuery()).items}
    assert found == {"1": "[redacted]", "2": "shown"}


def test_what_is_cut_is_told_of_each_text(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    protection = Protection(Redaction([]), Caps(args=10, result=20))
    fold(store, protection, event("received", args="a" * 100, kwargs="{}"))
    store.commit()
    fold(store, protection, event("succeeded", result="b" * 100))
    store.commit()

    task = store.reader.task(UUID)
    assert task is not None
    assert task.args == "a" * 10 + "… (90 characters cut)"
    assert (task.kwargs, task.cut) == ("{}", {"args": 90, "result": 80})
