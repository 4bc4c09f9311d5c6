"""One question to a monitor, and its whole answer, or why there is none."""

import os
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp

from flower_operator.answers import beginning
from flower_operator.fleet.apistatus import said
from flower_operator.fleet.resolver import MonitorResolver

TIMEOUT = 3.0
"""Seconds that one answer may take, name look-up and connection included."""
CONNECTIONS = 100
"""Open at a time."""
MAX_BODY = 1 << 20
"""Bytes of an answer; a summary has about 6,000. A monitor's image may be anybody's."""


class FetchError(Exception):
    """A monitor could not be asked; the message is for a person."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        """HTTP status of the answer, where there was one that is no success."""


@dataclass(frozen=True, slots=True)
class Target:
    """What to ask, and as whom."""

    url: str
    headers: Mapping[str, str] = field(repr=False)


Fetch = Callable[[Target], Awaitable[bytes]]
"""Gets the body of an answer; raises FetchError."""


def by_token(url: str, token: str) -> Target:
    """A question in the fleet's own name."""
    return Target(url, {"Authorization": f"Bearer {token}"})


@dataclass(frozen=True, slots=True)
class Line:
    """How the monitors of another cluster are reached: by way of its API server."""

    tls: ssl.SSLContext
    headers: Mapping[str, str] = field(repr=False)
    """Of every request: they log in to the API server, which takes them off."""
    proxy: str | None = None
    """On the way to the API server; default None: none."""


def connector(connections: int, line: Line | None) -> aiohttp.TCPConnector:
    """Connections to monitors, or (with a line) to an API server, whose address an administrator has written down."""
    if line is None:
        return aiohttp.TCPConnector(limit=connections, resolver=MonitorResolver())
    return aiohttp.TCPConnector(limit=connections, ssl=line.tls)


@asynccontextmanager
async def http_fetch(
    patience: float = TIMEOUT, connections: int = CONNECTIONS, line: Line | None = None
) -> AsyncIterator[Fetch]:
    """A Fetch over HTTP. No proxy of the environment, no cookies, no redirects: the token goes to the monitor alone."""
    async with aiohttp.ClientSession(
        connector=connector(connections, line),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=patience),
        trust_env=False,
        headers=line.headers if line else None,
        proxy=line.proxy if line else None,
    ) as session:

        async def fetch(target: Target) -> bytes:
            try:
                return await _get(session, target)
            except TimeoutError:
                raise FetchError(f"{target.url} did not answer within {patience:g} s.") from None
            except aiohttp.ClientConnectorDNSError as error:
                raise FetchError(f"{target.url}: no such host; is the monitor's Service there?") from error
            except aiohttp.ClientSSLError as error:
                raise FetchError(f"{target.url}: {error}.") from error
            except aiohttp.ClientConnectorError as error:
                raise FetchError(f"{target.url} can't be reached: {_reason(error.os_error)}.") from error
            except aiohttp.ClientError as error:
                raise FetchError(f"{target.url}: {str(error) or type(error).__name__}.") from error

        yield fetch


def _reason(error: OSError) -> str:
    # asyncio replaces the text of the error by one that lacks the reason; the number is left.
    return os.strerror(error.errno) if error.errno else str(error)


async def _get(session: aiohttp.ClientSession, target: Target) -> bytes:
    headers = {**target.headers, "Accept": "application/json"}
    async with session.get(target.url, headers=headers, allow_redirects=False) as response:
        body = await beginning(response, MAX_BODY + 1)
    if response.status != 200:
        raise refused(target.url, response.status, body)
    if len(body) > MAX_BODY:
        raise FetchError(f"{target.url} answered more than {MAX_BODY} bytes.")
    return body


def refused(url: str, status: int, body: bytes) -> FetchError:
    """Why there is no answer, of one that is no success."""
    told = said(status, body)
    if told is not None:
        # Without its status: a search would take 404 for a monitor that has no such task.
        return FetchError(f"{url}: the API server did not pass it on: {told}.")
    if status in (401, 403):
        return FetchError(
            f"{url} does not accept the fleet's token (HTTP {status}): it was started with another"
            " key than that in Secret flower-operator-fleet. Restart the controller, which puts that right."
        )
    return FetchError(f"{url} answered HTTP {status}.", status)
