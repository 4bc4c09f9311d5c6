"""Running the app on a socket that is bound already, until SIGTERM or SIGINT."""

import asyncio
import socket
import ssl
from types import FrameType

import uvicorn
from starlette.applications import Starlette
from typing_extensions import override

from flower_monitor.config import Config
from flower_monitor.web.app import create_app
from flower_monitor.web.certificate import Certificate
from flower_monitor.web.connection import Connection
from flower_monitor.web.forwarded import behind_proxies

GRACE = 3
"""Seconds that requests under way have to finish when the process stops; it promises to be gone within five."""

KEEP_ALIVE = 75
"""Seconds an idle connection stays open: longer than the 60 after which proxies drop theirs, so that they never
send a request into one that is closing."""


LOOK_EVERY = 100
"""Turns of uvicorn's main loop, a tenth of a second each, between two looks at the files of the certificate."""

HANG_UP_EVERY = 10
"""Turns between two looks for connections on which no request comes."""


class Server(uvicorn.Server):
    """uvicorn's server, which ends the live streams before it waits for requests to finish.

    Args:
        config: uvicorn's settings.
        app: The application, without what is around it.
        certificate: What is read again when it is renewed; None without HTTPS.
    """

    def __init__(self, config: uvicorn.Config, app: Starlette, certificate: Certificate | None = None) -> None:
        super().__init__(config)
        self._app = app
        self._certificate = certificate

    @override
    async def on_tick(self, counter: int) -> bool:
        """What uvicorn does every tenth of a second, and sometimes a look at the certificate and at connections."""
        if counter % HANG_UP_EVERY == 0:
            for connection in list(self.server_state.connections):
                if isinstance(connection, Connection):
                    connection.end_if_overdue()
        if self._certificate is not None and self.config.ssl is not None and counter % LOOK_EVERY == 0:
            self._certificate.refresh(self.config.ssl)
        return await super().on_tick(counter)

    @override
    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop. Not handed on to the default handler afterwards, so that `run` returns."""
        self.should_exit = True

    @override
    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, which would go on for ever, then everything else.

        uvicorn gives up on a client that does not take its answer, but leaves that connection open.
        """
        self._app.state.context.feed.close()
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
    app = create_app(config, letters_fd=letters_fd)
    settings = uvicorn.Config(
        behind_proxies(app, config),
        loop="uvloop",
        http=Connection,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,  # its lines hold whole query strings, and what people search for is theirs
        server_header=False,
        proxy_headers=False,  # `behind_proxies` does it
        ssl_certfile=config.certfile,
        ssl_keyfile=config.keyfile,
        ssl_ca_certs=config.ca_certs,
        # With authorities a client without a certificate is not let in (D23: Flower asks for none).
        ssl_cert_reqs=ssl.CERT_REQUIRED if config.ca_certs else ssl.CERT_NONE,
        timeout_graceful_shutdown=GRACE,
        timeout_keep_alive=KEEP_ALIVE,
    )
    return Server(settings, app, None if config.certfile is None else Certificate(config.certfile, config.keyfile))
