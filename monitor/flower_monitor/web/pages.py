"""The built dashboard: one entry page for all addresses that a person sees, and its hashed assets.

Everything is read once, when the program starts: a file that is not in that listing does not exist, so no
path can lead out of the folder.
"""

import gzip
import html
import mimetypes
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from flower_monitor.web.problems import Problem
from flower_monitor.web.vouched import base_of

ENTRY = "monitor.html"
BASE_TAGS = ('<meta name="base" content="/">', '<base href="/">')
"""What the built page says where the server writes its URL prefix."""

IMMUTABLE = "public, max-age=31536000, immutable"
"""Names of assets carry a hash of their content, so what a name stands for never changes."""

MIN_COMPRESSED = 1024
"""Bytes under which compressing gains nothing."""

MISSING_BUILD = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Dashboard not built</title></head>
<body><h1>The dashboard is not built</h1>
<p>The monitor runs, but this installation has no pages. In a checkout, run <code>make dashboard</code>
and start the monitor again. The API is at <code>api/v1/</code>.</p></body></html>
"""


@dataclass(frozen=True)
class Asset:
    """A static file, ready to send."""

    content: bytes
    media_type: str

    @cached_property
    def compressed(self) -> bytes | None:
        """With gzip, made when it is first asked for; None where that would gain nothing."""
        squeezable = self.media_type.startswith(("text/", "application/j", "image/svg"))
        return gzip.compress(self.content, mtime=0) if squeezable and len(self.content) >= MIN_COMPRESSED else None


@dataclass(frozen=True)
class Pages:
    """The entry page and the assets of a dashboard build."""

    built: str
    """The entry page, as it was built."""
    base: str
    """Path under which browsers that ask the monitor itself see it; ends with a slash."""
    assets: dict[str, Asset]

    @cached_property
    def entry(self) -> str:
        """The page for those browsers."""
        return with_base(self.built, self.base)

    def entry_response(self, request: Request, status: int = HTTPStatus.OK) -> Response:
        """The page; a browser asks each time whether it is still this one."""
        base = base_of(request)
        page = self.entry if base is None else with_base(self.built, base)
        return HTMLResponse(page, status, {"Cache-Control": "no-cache"})

    def asset_response(self, name: str, request: Request) -> Response:
        """An asset by its name under `/assets/`."""
        asset = self.assets.get(name)
        if asset is None:
            raise Problem(HTTPStatus.NOT_FOUND, "unknown-asset", f"Unknown asset {name!r}")
        headers = {"Cache-Control": IMMUTABLE, "Vary": "Accept-Encoding"}
        if "gzip" not in request.headers.get("accept-encoding", "") or asset.compressed is None:
            return Response(asset.content, headers=headers, media_type=asset.media_type)
        headers["Content-Encoding"] = "gzip"
        return Response(asset.compressed, headers=headers, media_type=asset.media_type)


def load_pages(folder: Path, prefix: str) -> Pages:
    """The dashboard built into a folder, for a monitor under a URL prefix; a hint where there is none."""
    base = f"{prefix}/"
    try:
        built = (folder / ENTRY).read_text(encoding="utf-8")
    except FileNotFoundError:
        return Pages(MISSING_BUILD, base, {})
    return Pages(built, base, _load_assets(folder / "assets"))


def with_base(built: str, base: str) -> str:
    """A page, told the path under which it is served."""
    for tag in BASE_TAGS:
        built = built.replace(tag, tag.replace('"/"', f'"{html.escape(base)}"'))
    return built


def _load_assets(folder: Path) -> dict[str, Asset]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): _load(path) for path in files}


def _load(path: Path) -> Asset:
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    content = path.read_bytes()
    return Asset(content, media_type)
