"""An error as a page: what somebody reads who opened a monitor in a browser and can't be shown it.

A problem in JSON tells a person at three in the morning neither where they are nor how they get back. The page is one
piece, without a script: what it would load may be what does not answer.
"""

import base64
import hashlib
import html
from collections.abc import Mapping
from http import HTTPStatus

from fastapi import Request, Response
from fastapi.responses import HTMLResponse

from flower_operator.fleet.addresses import is_api, is_opened, leads_into_monitor

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:15vh auto;padding:0 1.5rem;overflow-wrap:anywhere}"
    "h1{font-size:1.25rem}a{display:inline-block;padding:.5rem 0;margin-right:1.5rem}"
)

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{where} can't be shown</title>
<style>{style}</style>
</head>
<body>
<main>
<h1>{where} can't be shown</h1>
<p>{detail}</p>
<p><small>{status}</small></p>
<p><a href="">Try again</a> <a href="/">All monitors</a></p>
</main>
</body>
</html>
"""


def is_wanted(request: Request) -> bool:
    """Whether a browser opens a monitor, by the fleet, to show it to a person."""
    path = request.url.path
    return is_opened(request) and leads_into_monitor(path) and not is_api(path)


def page(request: Request, status: int, detail: str, headers: Mapping[str, str]) -> Response:
    """The page; `detail` says why and what to do."""
    content = _PAGE.format(
        where=html.escape(_where(request.url.path)),
        detail=html.escape(detail),
        status=f"{status} {HTTPStatus(status).phrase}",
        style=_STYLE,
    )
    return HTMLResponse(content, status, {**headers, "Content-Security-Policy": _policy()})


def _where(path: str) -> str:
    """The monitor that a path leads into, as NAMESPACE/NAME."""
    return "/".join(path.partition("/n/")[2].split("/")[:2])


def _policy() -> str:
    """Nothing but its own style."""
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
