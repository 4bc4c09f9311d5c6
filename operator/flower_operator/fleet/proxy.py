"""The way into a monitor: `/n/NAMESPACE/NAME/…` is asked of it in the name of the person behind the request, and
`/c/CLUSTER/n/NAMESPACE/NAME/…` of one in another cluster.

Only monitors of the roster are asked, at the address that the fleet makes itself. Pages, API, writes and the live
stream go the same way; the monitor decides by the role that the fleet tells it, and writes down the person.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from fastapi import HTTPException, Request, Response
from yarl import URL

from flower_operator.fleet import errorpage, forward
from flower_operator.fleet.fetch import FetchError, Line, connector
from flower_operator.fleet.forward import NotPassedOn
from flower_operator.fleet.identity import Identity
from flower_operator.fleet.monitors import Monitor
from flower_operator.fleet.passage import Passage
from flower_operator.fleet.relay import Relay
from flower_operator.fleet.rights import Role
from flower_operator.fleet.sight import Sight, who
from flower_operator.fleet.vouch import HEADER, Voucher
from flower_operator.spec import Key

MAX_BODY = 1 << 20
"""Bytes of a request's body: a monitor takes no more."""
BODY_TIMEOUT = 30.0
"""Seconds for a client to send it."""
CONNECT_TIMEOUT = 3.0
FAR_CONNECT_TIMEOUT = 10.0
"""Of another cluster: its API server is across a network and speaks TLS."""
READ_TIMEOUT = 60.0
"""Seconds without a byte: a live stream is never silent for more than 15."""
PAGE_TIMEOUT = 5.0
"""Seconds for the head of a page, which a monitor has in memory: somebody looks at an empty window meanwhile."""
CONNECTIONS = 500
"""To all monitors at a time; each open page has one for its stream."""


class Proxy:
    """Asks the monitors of one cluster in people's names."""

    def __init__(self, sight: Sight, voucher: Voucher, passage: Passage, session: aiohttp.ClientSession) -> None:
        self._sight = sight
        self._voucher = voucher
        self._passage = passage
        self._session = session
        self._stop = asyncio.Event()

    def close(self) -> None:
        """End what is being passed on: the program is going down."""
        self._stop.set()

    async def answer(self, request: Request, raw_path: bytes) -> Response:
        """Ask the monitor that a path names, which begins with `/n/`."""
        try:
            namespace, name, path = forward.rest_of(raw_path)
            headers = forward.passed_on(request.headers.items(), forward.REQUEST_HEADERS)
            self._passage.fit(path, headers)
        except NotPassedOn as error:
            raise HTTPException(400, str(error)) from error
        key, person = Key(namespace, name), who(request)
        entry, role = await self._sight.entry(person, key)
        if entry.monitor.suspended:
            raise HTTPException(503, f"{key} is suspended; set spec.suspend to false to start it.")
        headers[HEADER] = await self._vouch(person, role, key)
        upstream = await self._ask(request, f"{self._passage.address_of(entry.monitor)}{path}", headers)
        try:
            return await self._pass_on(upstream, request, entry.monitor, path)
        except BaseException:  # also when the one who asks leaves meanwhile
            upstream.close()
            raise

    async def _vouch(self, person: Identity, role: Role, key: Key) -> str:
        try:
            return await self._voucher.header(person, role, key)
        except FetchError as error:
            raise HTTPException(503, str(error)) from error

    async def _pass_on(
        self, upstream: aiohttp.ClientResponse, request: Request, monitor: Monitor, path: str
    ) -> Response:
        try:
            headers = self._headers(upstream, request, monitor, path)
        except NotPassedOn as error:
            raise HTTPException(502, str(error)) from error
        whole = await self._passage.whole(upstream, monitor)
        if whole is None:
            if upstream.status == 401:
                raise HTTPException(502, _NOT_BELIEVED)
            return Relay(upstream, headers, self._stop)
        upstream.close()
        headers.pop("content-length", None)
        whole.headers.update(headers)
        return whole

    def _headers(
        self, upstream: aiohttp.ClientResponse, request: Request, monitor: Monitor, path: str
    ) -> dict[str, str]:
        """The headers of an answer, with the fleet's own policy for what it is."""
        base = self._passage.base(monitor)
        headers = forward.passed_on(upstream.headers.items(), forward.ANSWER_HEADERS)
        location = upstream.headers.get("location")
        if location is not None:
            headers["location"] = forward.redirect(location, base, path, self._passage.prefix(monitor))
        headers["content-security-policy"] = forward.policy(request.headers, base)
        # nginx and its like would hold a live stream back to fill a buffer.
        headers["x-accel-buffering"] = "no"
        return headers

    async def _ask(self, request: Request, address: str, headers: dict[str, str]) -> aiohttp.ClientResponse:
        query = request.url.query
        url = URL(f"{address}?{query}" if query else address, encoded=True)
        body = await _body(request)
        patience = PAGE_TIMEOUT if errorpage.is_wanted(request) else None
        try:
            async with asyncio.timeout(patience):
                return await self._session.request(
                    request.method, url, headers=headers, data=body or None, allow_redirects=False
                )
        except TimeoutError as error:
            raise HTTPException(504, _SILENT) from error
        except aiohttp.ClientSSLError as error:
            raise HTTPException(502, f"The API server before the monitor can't be trusted: {error}.") from error
        except aiohttp.ClientConnectorDNSError as error:
            raise HTTPException(502, "The monitor can't be reached: no such host. Is its Service there?") from error
        except aiohttp.ClientConnectorError as error:
            reason = os.strerror(error.os_error.errno) if error.os_error.errno else "no such host"
            raise HTTPException(502, f"The monitor can't be reached: {reason}. Is its pod ready?") from error
        except (aiohttp.ClientError, ValueError) as error:
            raise HTTPException(502, f"The monitor broke off: {type(error).__name__}.") from error


_SILENT = (
    "The monitor did not answer in time. It may be starting, or hang: `kubectl flower doctor NAME` and the log of its"
    " pod say more. Its kubelet restarts one that hangs, within a minute or two."
)

_NOT_BELIEVED = (
    "The monitor does not believe the fleet: it is older than this fleet, was started with another key than that in"
    " Secret flower-operator-fleet, or its node's clock is wrong. Restarting the controller puts the key right."
)


async def _body(request: Request) -> bytes:
    """The body of a request, which is at most `MAX_BODY` long."""
    parts: list[bytes] = []
    try:
        async with asyncio.timeout(BODY_TIMEOUT):
            async for part in request.stream():
                parts.append(part)
                if sum(map(len, parts)) > MAX_BODY:
                    raise HTTPException(413, f"The body is longer than {MAX_BODY} bytes.")
    except TimeoutError as error:
        raise HTTPException(408, f"The body did not come within {BODY_TIMEOUT:g} s.") from error
    return b"".join(parts)


@asynccontextmanager
async def session(line: Line | None = None) -> AsyncIterator[aiohttp.ClientSession]:
    """Connections to monitors: no proxy of the environment, no cookies, and nothing is unpacked on the way."""
    async with aiohttp.ClientSession(
        connector=connector(CONNECTIONS, line),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(
            total=None, connect=FAR_CONNECT_TIMEOUT if line else CONNECT_TIMEOUT, sock_read=READ_TIMEOUT
        ),
        skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
        auto_decompress=False,
        trust_env=False,
        headers=line.headers if line else None,
        proxy=line.proxy if line else None,
    ) as made:
        yield made
