"""Writes that another site makes a person's browser send are refused. Pure.

A browser that is logged in attaches its credentials to whatever a page of any site posts to us. It also says where the
request comes from, and no page can forge that. Programs send neither header and pass. (A monitor has the same rule; it
never sees these headers of a request that came through the fleet, because its own address is another.)
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN = frozenset({"same-origin", "none"})


def is_cross_site_write(method: str, headers: Headers) -> bool:
    """Whether a request would change something and comes from a page that is not ours."""
    if method in SAFE_METHODS:
        return False
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site.lower() not in _OWN
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc.lower() != headers.get("host", "").lower()
