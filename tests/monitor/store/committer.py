"""A process that writes tasks as fast as it can, and says after each commit how many events are in it by now.

    python -m tests.monitor.store.committer STORE

Each task has three events, in three different batches; which they are follows from their number alone, so that the
next life goes on where the store says that the last one came to.
"""

import itertools
import sys
import time
import uuid
from pathlib import Path

from flower_monitor.fold.events import Event
from flower_monitor.store import place
from flower_monitor.store.checkpoint import Checkpoint
from flower_monitor.store.retention import Keep
from flower_monitor.store.writer import Writer

#: Events of a batch: 125 ms of 20,000 a second.
BATCH = 2500

#: Tasks between the first event of one and its second, and its third.
APART = 1500

KINDS = ("received", "started", "succeeded")


def key(number: int) -> str:
    """The uuid of a task: scattered, as real ones are."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, str(number)))


def events(first: int) -> list[Event]:
    """The batch that begins with an event."""
    found = []
    for number in range(first, first + BATCH):
        turn, step = divmod(number, len(KINDS))
        task = turn - step * APART
        if task >= 0:
            text = "x" * 200 if step != 1 else None
            found.append(
                Event(
                    type=f"task-{KINDS[step]}",
                    hostname="w@h",
                    timestamp=1e9 + number,
                    uuid=key(task),
                    args=text,
                    kwargs=text,
                    name="t" if step == 0 else None,
                    result=text if step == 2 else None,
                )
            )
    return found


def main(path: Path) -> None:
    """Write until killed."""
    connection, notice = place.open_writer(path)
    assert notice is None, notice
    writer = Writer(connection, Keep())
    tasks, workers, counted = writer.tasks(), writer.workers(), writer.counters()
    Checkpoint(path).start()
    for number in itertools.count(int(counted.get("made", 0)), BATCH):
        now = time.time()
        tasks.fold(events(number), now)
        tasks.prepare(hold=True)
        writer.commit(tasks, workers, {("made", ()): BATCH}, {}, now)
        tasks.settle()
        workers.settle(now)
        sys.stdout.write(f"{number + BATCH}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
