"""Sending tasks: the one class that owns the Celery app for it, its threads and its deadlines.

It is harmless as `control` is: its connections hand back no message of anybody, and consume none but the replies of
its own tasks. A task is sent once: without Celery's retries, and on RabbitMQ with the broker's confirmation.

The app has no result backend: with one, Celery subscribes to the result of every task that it sends and stays so
until somebody fetches it. Results are `outcomes`' affair.
"""

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from typing import Any, TypeVar

from flower_monitor import result_backend
from flower_monitor.config import Config
from flower_monitor.exceptions import BrokerError, OptionError
from flower_monitor.publish import translating
from flower_monitor.publish.connecting import Connecting
from flower_monitor.publish.order import Order
from flower_monitor.publish.outcomes import Outcomes
from flower_monitor.publish.replies import Replies
from flower_monitor.publish.stored import Stored

logger = logging.getLogger(__name__)

Answer = TypeVar("Answer")

THREADS = 4
"""Tasks that are being sent at the same time. Further callers wait until theirs is next, or until their deadline."""

DEADLINE = 15.0
"""Seconds after which a caller is told that the broker is too slow."""

NOT_FOR_SENDING = frozenset({"result_backend", "task_always_eager", "task_publish_retry", "task_publish_retry_policy"})
"""Settings of an app that would make of sending something else."""


class Publisher:
    """Sends tasks.

    Args:
        config: The monitor's settings: broker, transport options, result backend, and who it is.
        settings: Celery's, by its names, as the app of the workers has them: default queue, routes, serializers and
            the result backend's own. Those of the broker are the monitor's.
        task_names: Tasks that this app is known to have.
    """

    def __init__(
        self,
        config: Config,
        settings: Mapping[str, Any] = result_backend.NO_SETTINGS,
        task_names: Collection[str] = (),
    ) -> None:
        self._connecting = Connecting(config)
        self._settings = settings
        self._task_names = frozenset(task_names)
        self._replies, source = _source(config.result_backend, settings, self._connecting)
        self.outcomes = Outcomes(source)
        """What comes of tasks."""

        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="publish")

    async def send(self, order: Order, *, as_registered: bool) -> None:
        """Send a task.

        Args:
            order: What to send.
            as_registered: Whether to send it as the app's own task of that name, if it has one: with the options of
                that task, and its arguments checked. Else by its name alone.

        Raises:
            BrokerError: It could not be sent, or nobody knows whether it was: then the text says so.
            OptionError: It can't be sent like this.
        """
        await self._run(partial(self._send, order, as_registered), f"whether task {order.uuid} was sent is not known")
        logger.info("task %r sent as %r", order.name, order.uuid)

    async def registers(self, name: str) -> bool:
        """Whether the app itself has a task of this name, as it has Celery's own."""
        if name in self._task_names:
            return True
        return await self._run(lambda: name in self._app.tasks, "Celery could not be loaded")

    def close(self) -> None:
        """Stop; what is under way ends by its own time limits."""
        self.outcomes.close()
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _run(self, work: Callable[[], Answer], late: str) -> Answer:
        """Do something in a thread, within the deadline."""
        try:
            async with asyncio.timeout(DEADLINE):
                return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        except TimeoutError as error:
            text = f"{self._connecting.public} did not answer within {DEADLINE:.0f} s: {late}"
            raise BrokerError(text) from error

    # -- in a thread -----------------------------------------------------------------------------------------

    @cached_property
    def _app(self) -> Any:
        from flower_monitor.from_celery import Celery

        # No environment variable of Celery's names another broker: each message has a producer of ours.
        kept = {name: value for name, value in self._settings.items() if name not in NOT_FOR_SENDING}
        return Celery(
            "flower_monitor.publish",
            set_as_current=False,
            broker=self._connecting.url,
            backend="disabled://",
            changes=kept,
        )

    def _send(self, order: Order, as_registered: bool) -> None:
        task = self._app.tasks.get(order.name) if as_registered else None
        if task is not None:
            _check_arguments(task, order)
        call = self._app.send_task if task is None else task.apply_async
        first = (order.name,) if task is None else ()
        work = partial(call, *first, order.args, order.kwargs)
        try:
            self._publish(work, order)
        except Exception as error:
            # AMQP's code says what it is, whatever library raised it.
            if translating.code(error) != translating.PRECONDITION_FAILED:
                raise
            # The queue is there with other arguments than Celery would give it, as a quorum queue: use it as it is.
            self._publish(work, order, declare=[])

    def _publish(self, work: Callable[..., Any], order: Order, **more: Any) -> None:
        try:
            with self._connecting.connected() as connection:
                self._with_producer(connection.channel(), work, order, more)
        except (OptionError, BrokerError):
            raise
        except Exception as error:
            # Each transport has errors of another library; whose mistake one was is looked up by what it is.
            raise translating.problem(error, self._connecting) from error

    def _with_producer(self, channel: Any, work: Callable[..., Any], order: Order, more: dict[str, Any]) -> None:
        options = {"add_to_parent": False, **order.options}
        if self._replies is not None and "reply_to" not in options and not options.get("ignore_result"):
            self._replies.start()
            self._replies.queue(channel)
            options["reply_to"] = self._replies.queue_name
        producer = self._app.amqp.Producer(channel, auto_declare=False)
        try:
            work(**options, **more, task_id=order.uuid, producer=producer, retry=False)
        except translating.MISTAKES as error:
            raise OptionError("options", f"Invalid option: {type(error).__name__}: {error}") from error


def _source(
    url: str | None, settings: Mapping[str, Any], connecting: Connecting
) -> tuple[Replies | None, Stored | Replies | None]:
    """Where results are; first, where they come as messages."""
    if not url or result_backend.scheme(url) == "disabled":
        return None, None
    if result_backend.scheme(url) in result_backend.PRIVATE:
        replies = Replies(connecting)
        return replies, replies
    return None, Stored(url, settings)


def _check_arguments(task: Any, order: Order) -> None:
    """As `apply_async` does, before anybody is connected to."""
    try:
        if task.typing:
            task.__header__(*order.args, **order.kwargs)
    except TypeError as error:
        raise OptionError("args", f"Wrong arguments for {order.name}: {error}") from error
