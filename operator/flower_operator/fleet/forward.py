"""What is passed on of a request to a monitor, and of its answer. Pure.

A monitor's image may be anybody's, and its pages share the fleet's origin with all others. So headers pass by name
only, a redirect leads nowhere but into the same monitor, and a page may load from and ask nothing but its own monitor.
"""

import re
from collections.abc import Iterable, Mapping
from urllib.parse import unquote, urljoin, urlsplit

REQUEST_HEADERS = frozenset(
    {
        "accept",
        "accept-encoding",
        "accept-language",
        "cache-control",
        "content-type",
        "if-modified-since",
        "if-none-match",
        "last-event-id",
        "range",
        "user-agent",
    }
)
"""Of a request. Not: credentials and cookies, which are the fleet's; those of one hop (RFC 9110, 7.6.1)."""

ANSWER_HEADERS = frozenset(
    {
        "accept-ranges",
        "allow",
        "cache-control",
        "content-disposition",
        "content-encoding",
        "content-length",
        "content-range",
        "content-type",
        "etag",
        "last-modified",
        "retry-after",
        "vary",
    }
)
"""Of an answer. Not: cookies, challenges and policies, which a browser would take for the fleet's."""

_HOST = re.compile(r"[A-Za-z0-9.-]+(:[0-9]+)?")
_VISIBLE = re.compile(r"[!-~]*")

SANDBOX = "allow-scripts allow-same-origin allow-downloads allow-modals"
"""What a page may do. Not: open windows, since a page can reach into windows of its own origin."""


class NotPassedOn(ValueError):
    """A request or an answer that is not passed on; the message says why."""


def passed_on(headers: Iterable[tuple[str, str]], names: frozenset[str]) -> dict[str, str]:
    """The headers that pass; of one that is there twice the last."""
    return {name.lower(): value for name, value in headers if name.lower() in names}


def rest_of(raw_path: bytes) -> tuple[str, str, str]:
    """Namespace, name and the path at the monitor (with its slash) of `/n/NAMESPACE/NAME/…`, all as they came.

    The path is not decoded, so that `%2F` in a worker's name stays what it is.
    """
    text = raw_path.decode("latin-1")
    _, _, namespace, name, rest = text.split("/", 4)
    if not _VISIBLE.fullmatch(text) or "\\" in text:
        raise NotPassedOn("The path has characters that no URL has.")
    if _climbs(rest):
        raise NotPassedOn("The path has a . or .. in it.")
    return namespace, name, f"/{rest}"


def redirect(location: str, base: str, path: str, prefix: str = "") -> str:
    """Where a redirect of a monitor leads a browser of the fleet.

    Args:
        location: What the monitor says.
        base: The path under which the fleet shows it.
        path: What was asked of it.
        prefix: The path under which the monitor answers; default empty, at the root.

    Raises:
        NotPassedOn: It leads out of the monitor.
    """
    parts = urlsplit(urljoin(f"{prefix}{path}", location.replace("\\", "/")))
    elsewhere = parts.scheme or parts.netloc or not parts.path.startswith(f"{prefix}/") or _climbs(parts.path)
    if elsewhere or not _VISIBLE.fullmatch(location):
        raise NotPassedOn("The monitor answered with a redirect to somewhere else, which the fleet does not follow.")
    query = f"?{parts.query}" if parts.query else ""
    return f"{base.rstrip('/')}{parts.path.removeprefix(prefix)}{query}"


def _climbs(path: str) -> bool:
    """Whether it has a `.` or `..`; browsers take `%2e` for a dot, too."""
    return any(unquote(part) in (".", "..") for part in path.split("/"))


def policy(headers: Mapping[str, str], base: str) -> str:
    """The Content-Security-Policy of a monitor's page: nothing but its own monitor, no window, no frame."""
    host = headers.get("x-forwarded-host", headers.get("host", "")).partition(",")[0].strip()
    # CSP has no way to write an IPv6 address; nobody but the browser's owner chooses the host that it asks.
    own = f"{host}{base}" if _HOST.fullmatch(host) else "'self'"
    return "; ".join(
        (
            "default-src 'none'",
            *(f"{kind} {own}" for kind in ("script-src", "style-src", "font-src", "connect-src", "base-uri")),
            f"img-src {own} data:",
            "form-action 'none'",
            "frame-ancestors 'none'",
            f"sandbox {SANDBOX}",
        )
    )
