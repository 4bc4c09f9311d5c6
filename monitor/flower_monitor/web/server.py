"""Running the app on a socket that is bound already, until SIGTERM or SIGINT."""

import asyncio
import socket
from types import FrameType

import uvicorn
from typing_extensions import override

from flower_monitor.config import Config
from flower_monitor.web.app import create_app

GRACE = 3
"""Seconds that requests under way have to finish when the process stops; it promises to be gone within five."""

KEEP_ALIVE = 75
"""Seconds an idle connection stays open: longer than the 60 after which proxies drop theirs, so that they never
send a request into one that is closing."""


class Server(uvicorn.Server):
    """uvicorn's server, which ends the live streams before it waits for requests to finish."""

    @override
    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop. Not handed on to the default handler afterwards, so that `run` returns."""
        self.should_exit = True

    @override
    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, which would go on for ever, then everything else.

        uvicorn gives up on a client that does not take its answer, but leaves that connection open.
        """
        self.config.loaded_app.state.context.feed.close()
        await super().shutdown(sockets)
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)  # the loop calls the transports' last callbacks


def run(config: Config, listener: socket.socket, letters_fd: int | None = None) -> None:
    """Serve a monitor on a bound socket until SIGTERM or SIGINT; returns once everything is closed.

    Args:
        config: The monitor's settings.
        listener: A listening socket.
        letters_fd: Where what is found out goes to ingest; None: nothing is.
    """
    server_for(config, letters_fd).run(sockets=[listener])


def server_for(config: Config, letters_fd: int | None = None) -> Server:
    """The server of a monitor, not yet running."""
    settings = uvicorn.Config(
        create_app(config, letters_fd=letters_fd),
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,  # its lines hold whole query strings, and what people search for is theirs
        server_header=False,
        proxy_headers=False,  # nothing here depends on a client's address, so nobody is believed about it
        timeout_graceful_shutdown=GRACE,
        timeout_keep_alive=KEEP_ALIVE,
    )
    return Server(settings)
