"""What an address of the fleet leads to, by its path, and whether a person opens it."""

import re

from fastapi import Request

_API = re.compile(r"((/c/[^/]+)?/n/[^/]+/[^/]+)?/api/")


def is_api(path: str) -> bool:
    """Whether programs ask there: of the fleet itself, or of a monitor behind it."""
    return _API.match(path) is not None


def leads_into_monitor(path: str) -> bool:
    """Whether it is asked of a monitor: of the fleet's own cluster, or of another."""
    return path.startswith(("/n/", "/c/"))


def is_opened(request: Request) -> bool:
    """Whether a browser shows the answer to a person."""
    return request.method == "GET" and "text/html" in request.headers.get("accept", "")
