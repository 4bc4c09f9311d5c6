"""The queues of one broker, whatever kind it is."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from flower_monitor.config import Config
from flower_monitor.control import DEADLINE, Control
from flower_monitor.exceptions import BrokerError
from flower_monitor.queues import other, rabbitmq, redis
from flower_monitor.queues.records import Bindings, Depths, Peeked
from flower_monitor.receive import url

if TYPE_CHECKING:
    from flower_monitor.queues.management import Management


class BrokerQueues:
    """Looks at queues and purges them.

    Args:
        config: Which broker.
        control: Its connections: they are harmless, have a time limit, and raise `BrokerError`.
    """

    def __init__(self, config: Config, control: Control) -> None:
        self._broker = url.parse(config.broker_url, config.broker_use_ssl)
        self._control = control
        self._management: Management | None = None
        if config.broker_api and self._broker.kind == "amqp":
            # Here, not above: http.client and the email package that it needs are for those who asked for it.
            from flower_monitor.queues import management

            self._management = management.Management(config.broker_api, self._broker)
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="management")

    async def look(self, names: Sequence[str], bindings: Bindings) -> Depths:
        """How long queues are, in this order; without those that the broker has not.

        Raises:
            BrokerError: The broker did not answer.
        """
        if self._management is not None:
            return await self._ask(self._management, names)
        match self._broker.kind:
            case "redis":
                return await self._control.use(lambda connection: redis.look(connection, names, bindings))
            case "amqp":
                return await self._control.use(lambda connection: rabbitmq.look(connection, names))
            case "other":
                return await self._control.use(lambda connection: other.look(connection, names))

    async def purge(self, name: str, expect: int) -> int:
        """Delete the messages that wait in a queue if they are no more than expected; how many it were.

        Raises:
            BrokerError, QueueMissing, QueueLonger: Nothing was deleted, unless the connection broke on the way.
        """
        module = {"redis": redis, "amqp": rabbitmq, "other": other}[self._broker.kind]
        return await self._control.use(lambda connection: module.purge(connection, name, expect))

    async def peek(self, name: str, limit: int) -> list[Peeked]:
        """The messages that are delivered next, the first first.

        Raises:
            NotPossible: Not with this broker.
            BrokerError, QueueMissing: As they say.
        """
        match self._broker.kind:
            case "redis":
                return await self._control.use(lambda connection: redis.peek(connection, name, limit))
            case "amqp":
                raise rabbitmq.peek(name)
            case "other":
                raise other.peek(self._broker.scheme)

    async def managed(self, names: Sequence[str]) -> Depths | None:
        """What RabbitMQ's management API says of queues, those that it has; None where no `--broker-api` is set.

        Raises:
            BrokerError: It can't be reached, refused, or answered nonsense.
        """
        return None if self._management is None else await self._ask(self._management, names)

    def close(self) -> None:
        """Stop; what is under way ends by its own time limits."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _ask(self, management: "Management", names: Sequence[str]) -> Depths:
        try:
            async with asyncio.timeout(DEADLINE):
                return await asyncio.get_running_loop().run_in_executor(self._pool, management.look, names)
        except TimeoutError as error:
            raise BrokerError(f"{management.public} did not answer within {DEADLINE:.0f} s") from error
