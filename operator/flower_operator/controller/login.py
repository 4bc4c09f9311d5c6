"""Tells kopf to log in where and as our own client does. The only untyped edge of kopf's authentication."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from inspect import isawaitable
from typing import cast

import aiohttp
import kopf
from kubernetes.aio.client import Configuration

logger = logging.getLogger(__name__)

PAUSE = 2.0
"""Seconds before kopf may log in again: until then its watches wait, and it asks for it as often as it is refused."""


class Logins:
    """Logs kopf in as often as it wants.

    To kopf a token that was refused once is bad for ever; having no other it ends, and hangs on its way: a process that
    hears nothing. But the same token is good again when an API server has got over its start, and another one is in the
    file soon. So each login is a session of its own, which we close: kopf, when it fails, leaves some open.
    """

    def __init__(
        self, configuration: Configuration, answered: Callable[[str, int], None], pause: float = PAUSE
    ) -> None:
        """`answered`: told of path and status of every answer that kopf gets; itself it says nothing of a watch that
        was begun anew."""
        self._configuration = configuration
        self._answered = answered
        self._pause = pause
        self._sessions: list[aiohttp.ClientSession] = []

    async def log_in(self) -> kopf.AiohttpSession:
        """Log in with the token that there is now: bound tokens rotate about hourly."""
        if self._sessions:
            logger.warning("the API server refused the token of a watch; logging in again")
            await asyncio.sleep(self._pause)
            await self.close()
        info = await for_kopf(self._configuration)
        # Unlimited, as kopf's own: each watch has a connection to itself.
        connector = aiohttp.TCPConnector(limit=0, ssl=info.as_ssl_context())
        session = aiohttp.ClientSession(
            connector=connector, headers=info.as_http_headers(), trace_configs=[self._trace()]
        )
        self._sessions.append(session)
        return kopf.AiohttpSession(server=info.server, aiohttp_session=session)

    def _trace(self) -> aiohttp.TraceConfig:
        async def ended(_session: object, _context: object, request: aiohttp.TraceRequestEndParams) -> None:
            self._answered(request.url.path, request.response.status)

        trace = aiohttp.TraceConfig()
        trace.on_request_end.append(ended)
        return trace

    async def close(self) -> None:
        """Close what is open."""
        while self._sessions:
            await self._sessions.pop().close()


async def for_kopf(configuration: Configuration) -> kopf.ConnectionInfo:
    """Say to kopf what our own client knows, with a fresh token."""
    if configuration.refresh_api_key_hook is not None:
        refreshed = configuration.refresh_api_key_hook(configuration)
        if isawaitable(refreshed):
            await cast("Awaitable[None]", refreshed)
    scheme, _, token = str(configuration.api_key.get("BearerToken", "")).rpartition(" ")
    return kopf.ConnectionInfo(
        server=configuration.host,
        ca_path=configuration.ssl_ca_cert,
        insecure=not configuration.verify_ssl or None,
        scheme=scheme.capitalize() or None,
        token=token or None,
        certificate_path=configuration.cert_file,
        private_key_path=configuration.key_file,
    )
