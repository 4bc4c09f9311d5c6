"""What a proxy in front of us changed of a request, put back as the client had it.

uvicorn does so with the client's address and the scheme (`X-Forwarded-For`, `X-Forwarded-Proto`). Here `X-Real-Ip` and
`X-Scheme` stand in for these where a proxy sends no others, as with Flower's `xheaders`; and it is the host
(`X-Forwarded-Host`, which the look at the origin of writes compares with) and the URL prefix (`X-Forwarded-Prefix`),
where the proxy took it off. Both of named proxies only.
"""

import ipaddress
from collections.abc import Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from flower_monitor.config import Config

_STAND_IN = {"x-forwarded-for": "x-real-ip", "x-forwarded-proto": "x-scheme"}


def behind_proxies(app: ASGIApp, config: Config) -> ASGIApp:
    """An app that sees requests as clients sent them, where they come from a proxy of `--trusted-proxies`."""
    trusted = list(config.trusted_proxies)
    if not trusted:
        return app
    return Forwarded(ProxyHeadersMiddleware(app, trusted), trusted, config.url_prefix)  # type: ignore[arg-type]


class Forwarded:
    """ASGI middleware. It has to see the proxy's own address, so it comes before uvicorn's.

    Args:
        app: What comes after it.
        trusted: Addresses and networks of proxies that are believed; `*`: whoever asks.
        prefix: The URL prefix that everything is served under.
    """

    def __init__(self, app: ASGIApp, trusted: Sequence[str], prefix: str) -> None:
        self._app = app
        self._everybody = "*" in trusted
        self._networks = [ipaddress.ip_network(text) for text in trusted if text != "*"]
        self._prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self._believes(scope):
            scope = self._restored(scope)
        await self._app(scope, receive, send)

    def _believes(self, scope: Scope) -> bool:
        if self._everybody or scope["client"] is None:
            return self._everybody
        address = ipaddress.ip_address(scope["client"][0])
        return any(address in network for network in self._networks)

    def _restored(self, scope: Scope) -> Scope:
        headers = Headers(scope=scope)
        found = {**scope, "headers": [*scope["headers"]]}
        for name, other in _STAND_IN.items():
            if name not in headers and other in headers:
                found["headers"].append((name.encode(), headers[other].encode("latin-1")))
        if host := _nearest(headers.get("x-forwarded-host", "")):
            MutableHeaders(scope=found)["host"] = host
        if self._was_taken_off(headers, scope["path"]):
            found["path"] = self._prefix + scope["path"]
        return found

    def _was_taken_off(self, headers: Headers, path: str) -> bool:
        told = _nearest(headers.get("x-forwarded-prefix", "")).rstrip("/")
        return bool(told) and told == self._prefix and not path.startswith(f"{told}/")


def _nearest(value: str) -> str:
    """Of what several proxies wrote one after the other, what the last did: it is the one that is believed."""
    return value.rpartition(",")[2].strip()
