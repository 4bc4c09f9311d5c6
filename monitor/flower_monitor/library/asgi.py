"""A monitor's page and API as an ASGI application, for a server that is there already."""

import os
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from starlette.applications import Starlette

from flower_monitor import config as configs
from flower_monitor import settings
from flower_monitor.config import Config
from flower_monitor.exceptions import UsageError
from flower_monitor.library.monitor import Companion
from flower_monitor.receive import url
from flower_monitor.store import connect, place
from flower_monitor.web import app as web


def create_app(config: Config, *, ingest: bool = True) -> Starlette:
    """A monitor for an ASGI server: `uvicorn.run(create_app(config))`, in one worker process.

    It begins and ends with the server's lifespan. An app that is mounted in another does not get that from Starlette:
    enter `app.router.lifespan_context(app)` in the other's own.

    Args:
        config: Its settings. `address` and `port` are the server's business here.
        ingest: Receive events too, in a process of its own; False: only show the store that another monitor writes.

    Raises:
        UsageError: A setting is wrong, or nobody could log in.
    """
    _check(config)
    if not ingest:
        return web.create_app(config)
    reading, writing = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    app = web.create_app(config, letters_fd=writing.detach())
    pages = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(started: Starlette) -> AsyncIterator[None]:
        async with pages(started):
            with _ingesting(config, reading):
                yield

    app.router.lifespan_context = lifespan
    return app


def _check(config: Config) -> None:
    settings.check_brokers(url.parse_all(config.broker_url, config.broker_use_ssl), config.transport_options)
    if not (config.users or config.oauth or config.credentials_dir or config.token_file):
        raise UsageError('users: nobody could log in; give users=(User("name", "password"),) or another way to log in')


@contextmanager
def _ingesting(config: Config, letters: socket.socket) -> Iterator[None]:
    """An ingest process for as long as the block lasts, started again when it dies; it ends with this process."""
    with letters:
        place.check(config.store)
        connect.inspect(config.store)
        with _locked(config.store) as lock:
            companion = Companion("ingest", configs.dump(config), (letters.fileno(), lock))
    try:
        yield
    finally:
        companion.stop()


@contextmanager
def _locked(store: Path) -> Iterator[int]:
    """The store's lock, while it is handed on: it is held for as long as the process that inherits it lives."""
    lock = place.lock(store)
    try:
        yield lock
    finally:
        os.close(lock)
