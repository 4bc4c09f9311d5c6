"""The load as a process of its own, so that making it takes no time of who measures."""

import json
import subprocess
import sys
from types import TracebackType

from bench import options
from bench.load.order import Order, Sent
from bench.load.shape import Shape


class Generator:
    """A running load."""

    def __init__(self, broker: str, shape: Shape, order: Order) -> None:
        given = [*options.arguments(shape), *options.arguments(order)]
        argv = [sys.executable, "-m", "bench.load", "--broker", broker, *given]
        self._process = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)

    def __enter__(self) -> "Generator":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    def running(self) -> bool:
        """Whether it still sends."""
        return self._process.poll() is None

    def result(self) -> Sent:
        """Wait for its end; what it sent."""
        out, _ = self._process.communicate()
        if self._process.returncode:
            raise RuntimeError(f"the load generator ended with {self._process.returncode}")
        return Sent(**json.loads(out))

    def stop(self) -> None:
        """End it, whether it is done or not."""
        if self.running():
            self._process.terminate()
        self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()
