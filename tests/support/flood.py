"""Events of many made-up tasks, as fast as wanted, until told to stop: all that was begun is then brought to an end."""

import contextlib
import threading
import time
from collections.abc import Iterator

from bench.load.messages import Message
from bench.load.senders import publisher
from bench.load.stream import Load

#: Seconds between two batches.
EACH = 0.02


class Flood:
    """A thread that publishes; its load says what it published."""

    def __init__(self, broker: str, rate: float) -> None:
        self.load = Load()
        self._rate = rate
        self._publisher = publisher(self.load, broker)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        began = time.monotonic()
        while not self._stopping.wait(EACH):
            self._publisher.send(self._batch(int((time.monotonic() - began) * self._rate)))

    def _batch(self, events: int) -> list[Message]:
        found = []
        while self.load.events < events:
            found.append(self.load.next_message())
        return found

    def finish(self) -> str:
        """Publish the ends of all tasks, and one more task that is only received; its id."""
        self.stop()
        probe, message = self.load.probe()
        self._publisher.send([*self.load.finish(), message])
        return probe

    def stop(self) -> None:
        """Publish no more."""
        self._stopping.set()
        self._thread.join()

    def close(self) -> None:
        """Stop, and hang up."""
        self.stop()
        self._publisher.close()


@contextlib.contextmanager
def flood(broker: str, rate: float) -> Iterator[Flood]:
    """Events at a rate a second, while the block lasts or until `finish`."""
    started = Flood(broker, rate)
    try:
        yield started
    finally:
        started.close()
