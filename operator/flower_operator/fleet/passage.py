"""The way to the monitors of one cluster, and what an API server on it does to their answers.

The API server of another cluster passes requests on to Services, and means it well: it puts its own path before every
absolute address in a page and before redirects (apimachinery, util/proxy/transport.go), so that a browser that asks the
API server finds its way. A browser that asks the fleet would not; so that path is taken off again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

import aiohttp
from fastapi import HTTPException, Response

from flower_operator.answers import beginning
from flower_operator.fleet.apistatus import said
from flower_operator.fleet.forward import NotPassedOn
from flower_operator.fleet.monitors import Monitor
from flower_operator.fleet.vouch import base_of

MAX_PAGE: Final = 1 << 20
"""Bytes of a page, or of an error, that is read whole; a monitor's page has some 2,000."""


@dataclass(frozen=True, slots=True)
class Passage:
    """How the monitors of a cluster are asked, and where the fleet shows them."""

    address_of: Callable[[Monitor], str]
    """Where a monitor is, without a slash at the end."""
    cluster: str | None = None
    """Which other cluster; default None: the fleet's own."""
    service_path: Callable[[Monitor], str] | None = None
    """The path at the API server that leads to it; default None: it is asked itself."""

    def base(self, monitor: Monitor) -> str:
        """The path under which the fleet shows a monitor."""
        return base_of(monitor.key, self.cluster)

    def prefix(self, monitor: Monitor) -> str:
        """The path under which it answers, as its redirects have it on the way back."""
        before = "" if self.service_path is None else self.service_path(monitor)
        return f"{before}{monitor.prefix}"

    def fit(self, path: str, headers: dict[str, str]) -> None:
        """Make a request fit for an API server on the way, which decodes the path and looks into pages."""
        if self.service_path is None:
            return
        if ".." in unquote(path).split("/"):
            raise NotPassedOn("The path has a .. in it.")
        if "text/html" in headers.get("accept", ""):
            headers.pop("accept-encoding", None)

    async def whole(self, upstream: aiohttp.ClientResponse, monitor: Monitor) -> Response | None:
        """An answer that an API server on the way has touched, put right; None: it is passed on as it comes.

        Raises:
            HTTPException: The API server did not pass the request on.
        """
        if self.service_path is None or upstream.method == "HEAD":
            return None
        if upstream.status >= 400 and upstream.content_type == "application/json":
            body = await _read(upstream)
            if (why := said(upstream.status, body)) is not None:
                raise HTTPException(503 if upstream.status == 503 else 502, f"{self.cluster}: {why}.")
            return Response(body, upstream.status)
        if upstream.content_type == "text/html" and "content-encoding" not in upstream.headers:
            body = await _read(upstream)
            return Response(body.replace(self.service_path(monitor).encode(), b""), upstream.status)
        return None


async def _read(upstream: aiohttp.ClientResponse) -> bytes:
    try:
        body = await beginning(upstream, MAX_PAGE + 1)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise HTTPException(502, f"The monitor broke off: {type(error).__name__}.") from error
    if len(body) > MAX_PAGE:
        raise HTTPException(502, f"The monitor answered with a page of more than {MAX_PAGE} bytes.")
    return body
