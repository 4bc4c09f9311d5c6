"""Runs a fleet: start, serve, stop."""

import asyncio
import errno
import logging
import signal
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from typing import Any

import uvicorn
from typing_extensions import override

from flower_operator import connection
from flower_operator.exceptions import StartError
from flower_operator.fleet.app import Fleet, assemble, create_app
from flower_operator.fleet.config import Config
from flower_operator.fleet.connection import Connection
from flower_operator.fleet.fetch import http_fetch
from flower_operator.fleet.proxy import session
from flower_operator.fleet.search import MAX_SECONDS
from flower_operator.fleet.ways import Ways
from flower_operator.kube import connect

log = logging.getLogger(__name__)

GRACE = 3
"""Seconds that requests under way get when the program is told to stop; streams end within one."""

LONGEST_HEAD = 64 << 10
"""Bytes of an address with its headers. Of uvicorn's parsers h11 alone has a bound: to httptools one header without an
end, which anybody may send, is two bytes of memory for each that comes, and a second without answers for each MiB."""


async def serve(config: Config, kubeconfig: str | None = None) -> int:
    """Run until SIGTERM or SIGINT; the exit code."""
    async with AsyncExitStack() as stack:
        listener = stack.enter_context(listen(config.address, config.port))
        api = await stack.enter_async_context(connect(await connection.load(kubeconfig)))
        ways = Ways(
            await stack.enter_async_context(http_fetch()),
            await stack.enter_async_context(http_fetch(MAX_SECONDS * 2)),
            await stack.enter_async_context(session()),
        )
        fleet = assemble(config, api, ways)
        server = Server(fleet)
        stack.enter_context(on_signals(server.stop))
        await stack.enter_async_context(in_background(server.fail, fleet.work()))
        log.info("The fleet listens on port %d.", listener.getsockname()[1])
        await server.serve(sockets=[listener])
    return server.exit_code


class Server(uvicorn.Server):
    """uvicorn, stopped by us: it would end the process by the signal it got, before our own clean-up."""

    def __init__(self, fleet: Fleet) -> None:
        super().__init__(
            uvicorn.Config(
                create_app(fleet),
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                http=Connection,
                h11_max_incomplete_event_size=LONGEST_HEAD,
                ws="none",
                timeout_graceful_shutdown=GRACE,
            )
        )
        self.exit_code = 0
        self._fleet = fleet

    @override
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone; `on_signals` has them."""
        yield

    def stop(self) -> None:
        """End the streams, which would never end by themselves, and then the server."""
        self._fleet.close()
        self.should_exit = True

    def fail(self) -> None:
        """Stop, and say so with the exit code: a part of the program has died."""
        self.exit_code = 1
        self.stop()


@asynccontextmanager
async def in_background(fail: Callable[[], None], work: dict[str, Coroutine[Any, Any, None]]) -> AsyncIterator[None]:
    """Run endless work beside the body. One that ends has failed: that is logged, and the program told."""

    def ended(task: asyncio.Task[None]) -> None:
        if not task.cancelled():
            log.critical("%s has died; stopping.", task.get_name(), exc_info=task.exception())
            fail()

    tasks = [asyncio.create_task(coroutine, name=name) for name, coroutine in work.items()]
    for task in tasks:
        task.add_done_callback(ended)
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@contextmanager
def on_signals(stop: Callable[[], None]) -> Iterator[None]:
    """Call `stop` on SIGTERM and SIGINT while the body runs."""
    loop = asyncio.get_running_loop()
    signals = (signal.SIGTERM, signal.SIGINT)
    for number in signals:
        loop.add_signal_handler(number, stop)
    try:
        yield
    finally:
        for number in signals:
            loop.remove_signal_handler(number)


def listen(address: str, port: int) -> socket.socket:
    """A listening socket; an empty address is all of IPv4 and, where the machine has it, of IPv6."""
    try:
        if address:
            return socket.create_server((address, port), family=_family(address, port), backlog=1024)
        return _listen_everywhere(port)
    except OSError as error:
        where = f"{address or 'all addresses'} port {port}"
        if error.errno == errno.EADDRINUSE:
            raise StartError(f"{where} is in use by another program; choose another with --port.") from error
        raise StartError(f"Can't listen on {where}: {error.strerror or error}.") from error


def _listen_everywhere(port: int) -> socket.socket:
    try:
        return socket.create_server(("", port), family=socket.AF_INET6, dualstack_ipv6=True, backlog=1024)
    except (OSError, ValueError) as error:
        # IPv6 is compiled out, or switched off as it is in many containers.
        if isinstance(error, OSError) and error.errno in (errno.EADDRINUSE, errno.EACCES):
            raise
        return socket.create_server(("", port), backlog=1024)


def _family(address: str, port: int) -> socket.AddressFamily:
    return socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)[0][0]
