"""Talking to workers: the only code that opens a connection to the broker beside ingest.

One class owns its threads, connections and deadlines. It is harmless by construction:

* On Redis every connection, also one that only waits for replies, may hand unacknowledged messages of
  other consumers back to their queue once they are older than *its own* visibility timeout; by default that
  is an hour, and a task that runs longer would run twice. Here the timeout is a hundred years.
* Nothing but the reply queue of a question is ever consumed. On RabbitMQ it is exclusive and expires. On
  Redis it is up to kombu whether it does (since 5.7), so its name is the same each time: a killed monitor
  leaves at most one behind for each of its threads, and its next question clears it.
* A command is published without kombu's endless retries: a broker that is down costs one caller a few
  seconds, and no thread longer than that.

A worker that is silent, or a broker that hangs, costs only those who ask it: whoever waits has a thread, and of the
threads those who ask the same workers get a part (`LANE`).

kombu is imported when the first command is sent: a monitor that sends none does without its 11 MiB, most of them
redis-py's. Celery is not needed: the mailbox of its remote control is kombu's, and importing Celery for the few values
that it sets there takes another 0.1 s and 4 MiB.
"""

import asyncio
import queue
import socket
import time
import uuid
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import cached_property, partial
from typing import Any, TypeVar
from weakref import WeakValueDictionary

from flower_monitor import blocked
from flower_monitor.blocked import Blocked, hung_up
from flower_monitor.config import Config
from flower_monitor.exceptions import BrokerError
from flower_monitor.receive import tls, url
from flower_monitor.reply_content import Unreadable, content, tell_unreadable

Answer = TypeVar("Answer")
Replies = dict[str, dict[str, Any]]
"""What each worker said to each command: host name -> command -> reply, `{"ok": …}` or `{"error": …}` where it is a
command that changes something."""

Lane = tuple[str, ...] | None
"""Who is asked, so that they share a part of the threads; None: all workers."""

VISIBILITY_TIMEOUT = 100 * 365 * 86400
"""Seconds. Older than any message: nothing of anybody is ever handed back (see the module)."""

CONNECT_TIMEOUT = 4.0
"""Seconds to connect, Celery's own default."""

SOCKET_TIMEOUT = 5.0
"""Seconds that one read or write of a connected broker may take before it counts as gone."""

PATIENCE = 1.0
"""Seconds to wait for workers' replies: Celery's and Flower's default. Workers in a loop answer in milliseconds."""

QUIET = 0.2
"""Seconds without a further reply after which nobody is waited for any more, once all that are known have replied."""

BLIND_QUIET = 0.5
"""The same where nobody is known, once somebody has replied. All hear the question at the same moment; one that takes
so much longer than the others is asked again when its events have made it known."""

QUEUE_TTL = 300.0
"""Seconds that a message to or from a worker lasts, Celery's `control_queue_ttl`."""

QUEUE_EXPIRES = 10.0
"""Seconds after which a queue that nobody reads goes away, Celery's `control_queue_expires`."""

THREADS = 32
"""Commands under way at the same time: each is a thread that mostly waits, made when it is first needed."""

LANE = 8
"""Of these to the same workers, and of other work with the broker. Further callers wait until theirs is next, or until
their deadline; those who ask others don't notice (deviation D8). With a silent worker a lane takes 8 calls a second."""

DEADLINE = 15.0
"""Seconds after which a caller is told that the broker is too slow. A Redis that hangs keeps a thread for 12."""

UNANSWERED = frozenset({"shutdown"})
"""Commands that no worker replies to: on `shutdown` it ends before it could (`celery.worker.control.shutdown`)."""

_OTHERS: Lane = ()
"""The lane of what is not for workers."""


class Control:
    """Sends remote control commands to workers.

    Args:
        config: The monitor's settings: broker, transport options, and who it is.
    """

    at_least = 0.0
    """Seconds that somebody said workers may take to answer (`--inspect-timeout`)."""

    def __init__(self, config: Config) -> None:
        self._broker = url.parse(config.broker_url, config.broker_use_ssl)
        self._url = url.for_kombu(config.broker_url)
        self._transport_options = config.transport_options
        self._exchange = config.app.control_exchange
        self._who = who(config)
        self.at_least = config.inspect_timeout
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="control")
        self._lanes: WeakValueDictionary[Lane, asyncio.Semaphore] = WeakValueDictionary()
        self._slots: queue.LifoQueue[int] = queue.LifoQueue()
        for slot in reversed(range(THREADS)):
            self._slots.put(slot)

    @property
    def kind(self) -> str:
        """The kind of the broker, such as `redis` or `amqp`."""
        return self._broker.kind

    async def tell(self, command: str, destination: Sequence[str], arguments: Mapping[str, Any] | None = None) -> None:
        """Send a command to some workers and don't wait for what they say.

        Raises:
            BrokerError: It could not be sent.
        """
        work = partial(self._tell, command, list(destination), dict(arguments or {}))
        await self._run(work, _lane(destination))

    async def ask(
        self,
        commands: Mapping[str, Mapping[str, Any]],
        destination: Sequence[str] | None,
        expected: Collection[str] | None,
        patience: float | None = None,
    ) -> Replies:
        """Send commands and collect what the workers reply.

        Args:
            commands: Commands and their arguments.
            destination: Host names of the workers that are asked; None: all.
            expected: Workers that are known, to stop soon after all of them have answered; None: not known, so stop
                when those that answer have done so for a while (`BLIND_QUIET`).
            patience: Seconds to wait for replies; None: `PATIENCE`.

        Raises:
            BrokerError: They could not be sent. A worker that does not answer is just not among the replies.
        """
        names = None if destination is None else list(destination)
        wanted = expected if destination is None else destination
        wait = PATIENCE if patience is None else patience
        return await self._run(partial(self._ask, commands, names, wanted, wait), _lane(destination))

    def long_enough(self, seconds: float | None) -> float:
        """Seconds to wait for the answers to a command: so many, or as long as workers may take to speak."""
        return max(PATIENCE if seconds is None else seconds, self.at_least)

    async def use(self, work: Callable[[Any], Answer]) -> Answer:
        """Do something with a connection of kombu, as harmless as all of ours, in a thread and within the deadline.

        Raises:
            BrokerError: The broker did not answer.
        """
        return await self._run(partial(self._use, work), _OTHERS)

    def close(self) -> None:
        """Stop; commands under way end by their own time limits."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _run(self, work: Callable[[], Answer], lane: Lane) -> Answer:
        """Do something in a thread, within the deadline; errors of the broker become `BrokerError`.

        What has not begun by the deadline is never done; what has may still be.
        """
        try:
            async with asyncio.timeout(DEADLINE), self._lane(lane):
                return await asyncio.get_running_loop().run_in_executor(self._pool, self._translated, work)
        except TimeoutError as error:
            detail = f"{self._broker.public} did not answer within {DEADLINE:.0f} s; a command may be under way"
            raise BrokerError(detail) from error

    def _lane(self, lane: Lane) -> asyncio.Semaphore:
        """What those who ask the same workers share; gone when nobody does."""
        return self._lanes.setdefault(lane, asyncio.Semaphore(LANE))

    def _translated(self, work: Callable[[], Answer]) -> Answer:
        errors = self._errors
        try:
            return work()
        except errors as error:
            raise BrokerError(f"{self._broker.public}: {str(error) or type(error).__name__}") from error

    # -- in a thread -----------------------------------------------------------------------------------------

    @cached_property
    def _errors(self) -> tuple[type[Exception], ...]:
        """What can go wrong with a broker. Imports kombu."""
        from flower_monitor.from_kombu import KombuError

        connection = self._unconnected()
        # Of the channel: what a broker that is there refuses, for its user's rights or because it is full or a replica.
        return KombuError, OSError, *connection.connection_errors, *connection.channel_errors

    @cached_property
    def _mailbox(self) -> Any:
        """How messages to workers look, and where they go: as Celery's `app.control.mailbox`."""
        from flower_monitor.from_kombu import Mailbox

        make: Any = Mailbox  # not typed by kombu
        return make(
            self._exchange,
            type="fanout",
            accept=["json"],
            serializer="json",
            queue_ttl=QUEUE_TTL,
            queue_expires=QUEUE_EXPIRES,
            reply_queue_ttl=QUEUE_TTL,
            reply_queue_expires=QUEUE_EXPIRES,
        )

    def _unconnected(self) -> Any:
        from flower_monitor.from_kombu import connection

        connect: Any = connection.Connection  # not typed by kombu
        return connect(
            self._url,
            ssl=tls_options(self._broker),
            connect_timeout=CONNECT_TIMEOUT,
            transport_options=transport_options(self._broker.kind, self._transport_options),
        )

    @contextmanager
    def _connection(self) -> Iterator[Any]:
        with self._unconnected() as connection:
            connection.connect()
            with hung_up(connection):
                yield connection

    def _use(self, work: Callable[[Any], Answer]) -> Answer:
        with self._connection() as connection:
            return work(connection)

    def _tell(self, command: str, destination: list[str], arguments: dict[str, Any]) -> None:
        with self._connection() as connection:
            channel = connection.channel()
            self._publish(channel, command, arguments, destination, None)
            channel.close()  # its answer says that the command was taken

    def _ask(
        self,
        commands: Mapping[str, Mapping[str, Any]],
        destination: list[str] | None,
        expected: Collection[str] | None,
        wait: float,
    ) -> Replies:
        slot = self._slots.get()
        try:
            with self._connection() as connection, self._reply_queue(connection, slot) as replies:
                return self._collect(connection, replies, commands, destination, expected, wait)
        finally:
            self._slots.put(slot)

    @contextmanager
    def _reply_queue(self, connection: Any, slot: int) -> Iterator[Any]:
        """A queue for replies, empty and gone afterwards."""
        channel = connection.channel()
        replies = self._mailbox.get_reply_queue()
        if self._broker.kind == "redis":
            key = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self._who}/{slot}"))
            replies.name, replies.routing_key = f"{key}.{replies.exchange.name}", key
        bound = replies(channel)
        bound.declare()
        bound.purge()
        with ExitStack() as undo:
            undo.callback(bound.delete)
            try:
                yield bound
            except Blocked:
                undo.pop_all()  # nothing is read from us any more; the queue expires by itself
                raise

    def _collect(
        self,
        connection: Any,
        replies: Any,
        commands: Mapping[str, Mapping[str, Any]],
        destination: list[str] | None,
        expected: Collection[str] | None,
        wait: float,
    ) -> Replies:
        found: Replies = {}
        tickets = {str(uuid.uuid4()): command for command in commands}

        unreadable: list[Unreadable] = []

        def on_reply(message: Any) -> None:
            command = tickets.get(message.headers.get("ticket"))
            if command is None:
                return
            try:
                said = content(message.body, message.content_type)
            except Unreadable as error:
                unreadable.append(error)  # one that can't be read does not take those of the others along
                return
            for hostname, reply in said.items():
                found.setdefault(hostname, {})[command] = reply

        with connection.Consumer([replies], channel=replies.channel, no_ack=True, on_message=on_reply):
            for ticket, command in tickets.items():
                reply_to = {"exchange": replies.exchange.name, "routing_key": replies.routing_key}
                self._publish(
                    replies.channel,
                    command,
                    dict(commands[command]),
                    destination,
                    {"ticket": ticket, "reply_to": reply_to},
                )
            # One that is not known yet may answer beside those that are; of those that were named, none.
            quiet = 0.0 if destination is not None else BLIND_QUIET if expected is None else QUIET
            _drain(connection, time.monotonic() + wait, partial(_complete, found, commands, expected), quiet)
        tell_unreadable(unreadable, heard=bool(found))
        return found

    def _publish(
        self, channel: Any, command: str, arguments: dict[str, Any], destination: list[str] | None, reply: Any
    ) -> None:
        """Publish one command as `kombu.pidbox` does, but once: its own way retries for ever."""
        from flower_monitor.from_kombu import messaging

        mailbox = self._mailbox
        message = {
            "method": command,
            "arguments": arguments,
            "destination": destination,
            "pattern": None,
            "matcher": None,
        }
        producer: Any = messaging.Producer  # not typed by kombu
        producer(channel, auto_declare=False).publish(
            message | (reply or {}),
            exchange=mailbox.exchange.name,
            declare=[mailbox.exchange],
            headers={"clock": mailbox.clock.forward(), "expires": 0},
            serializer="json",
            retry=False,
        )


def who(config: Config) -> str:
    """What tells this monitor from others on its broker, the same each time it runs: for names of our own queues."""
    return f"{config.namespace}/{config.name}" if config.namespace else f"{socket.gethostname()}:{config.store}"


def tls_options(broker: url.Broker) -> dict[str, Any] | None:
    """kombu's TLS options: the broker is verified unless its URL says otherwise, as for the events."""
    if not broker.tls:
        return None
    if broker.kind == "amqp":
        return tls.for_amqp(broker)
    files = ("ssl_ca_certs", "ssl_certfile", "ssl_keyfile")
    return {
        "ssl_cert_reqs": tls.verify_mode(broker),
        "ssl_check_hostname": tls.check_hostname(broker),
        **{name: broker.query[name] for name in files if name in broker.query},
    }


def transport_options(kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """kombu's transport options for every connection of ours: the given ones, made harmless."""
    if kind == "amqp":
        return {"read_timeout": SOCKET_TIMEOUT, "write_timeout": SOCKET_TIMEOUT, **blocked.OPTIONS, **given}
    if kind != "redis":
        return dict(given)
    timeouts = {"socket_timeout": SOCKET_TIMEOUT, "socket_connect_timeout": CONNECT_TIMEOUT}
    return {**timeouts, **given, "visibility_timeout": VISIBILITY_TIMEOUT}


def _drain(connection: Any, deadline: float, complete: Callable[[], bool], quiet: float) -> None:
    """Receive until everything is there and it has been quiet for some seconds, or the time is up."""
    while (left := deadline - time.monotonic()) > 0:
        left = min(left, quiet) if complete() else left
        if left <= 0:
            return
        try:
            connection.drain_events(timeout=left)
        except TimeoutError:
            return


def _complete(found: Replies, commands: Collection[str], expected: Collection[str] | None) -> bool:
    """Whether all that are expected have said all; of those that are not, each that has said anything."""
    names = found if expected is None else expected
    wanted = len(set(commands) - UNANSWERED)
    return bool(names) and all(len(found.get(name, ())) == wanted for name in names)


def _lane(destination: Sequence[str] | None) -> Lane:
    return None if destination is None else tuple(sorted(destination))
