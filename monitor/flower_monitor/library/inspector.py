"""What workers say of themselves, as Flower's `flower.inspector` asks them, for scripts: each call waits for answers.

It is as harmless as the monitor (control.py): it consumes nothing but replies to its own questions, and its queues
are bounded and go away.
"""

import copy
from collections.abc import Collection, Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from typing_extensions import override

from flower_monitor.config import Config
from flower_monitor.control import PATIENCE, Control, Replies
from flower_monitor.exceptions import UsageError
from flower_monitor.library.connection import Seat, config_of, wait_for
from flower_monitor.web.inspection import Inspection

LONGEST = 8.0
"""Most seconds to wait for workers: connecting and asking take up to seven of the fifteen that a call may last."""


class Inspector:
    """Asks the workers of one broker. Close it, or use it in a `with`; one thread at a time.

    Args:
        broker_url: The broker, as Celery's `broker_url`.
        transport_options: Celery's `broker_transport_options`. Their `visibility_timeout` is ignored.
        broker_use_ssl: Celery's `broker_use_ssl`.
        timeout: Seconds to wait for workers' answers, up to `LONGEST`; Celery's and Flower's default is one. When all
            have answered that answer it is over sooner.

    Raises:
        UsageError: An argument is wrong.
    """

    def __init__(
        self,
        broker_url: str,
        *,
        transport_options: Mapping[str, Any] | None = None,
        broker_use_ssl: bool | Mapping[str, Any] = False,
        timeout: float = PATIENCE,
    ) -> None:
        if not 0 < timeout <= LONGEST:
            raise UsageError(f"timeout: give more than 0 and at most {LONGEST:.0f} seconds, not {timeout!r}")
        config = config_of(broker_url, transport_options, broker_use_ssl)
        self._seat = Seat()
        self._control = _Patient(self._seat.take(config), timeout)
        self._inspection = Inspection(self._control)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def workers(self) -> dict[str, dict[str, Any]]:
        """All that was answered so far: host name -> command -> answer, and `timestamp` of the last (epoch seconds)."""
        return {name: copy.deepcopy(dict(answers)) for name, answers in self._inspection.known().items()}

    def inspect(self, workername: str | None = None) -> dict[str, dict[str, Any]]:
        """Ask, and wait for the answers.

        Args:
            workername: Host name of one worker, which is asked for `stats`, `active_queues`, `registered`, `conf`,
                `scheduled`, `active`, `reserved` and `revoked`; None: all workers, for the first four, as the others
                can be long.

        Returns:
            `workers`. One that did not answer is not there, or with what it said before and the time of that.

        Raises:
            BrokerError: The broker can't be reached.
        """
        wait_for(self._inspection.refresh(workername, None))
        return self.workers

    def ping(self) -> list[str]:
        """Host names of the workers that answer, sorted.

        Raises:
            BrokerError: The broker can't be reached.
        """
        return sorted(wait_for(self._control.ask({"ping": {}}, None, None)))

    def close(self) -> None:
        """Let go of its threads. What it knows can still be read."""
        self._control.close()
        self._seat.close()


class _Patient(Control):
    """Waits as long for workers as it was told to."""

    def __init__(self, config: Config, patience: float) -> None:
        super().__init__(config)
        self._patience = patience

    @override
    async def ask(
        self,
        commands: Mapping[str, Mapping[str, Any]],
        destination: Sequence[str] | None,
        expected: Collection[str] | None,
        patience: float | None = None,
    ) -> Replies:
        return await super().ask(commands, destination, expected, self._patience if patience is None else patience)
