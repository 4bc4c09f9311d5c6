"""Pages and assets of the built dashboard."""

import gzip
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from flower_monitor.web.page_routes import ENTRY_PATHS
from tests.monitor.web.apps import client_of, config_for, running
from tests.monitor.web.stores import StoreFile

pytestmark = pytest.mark.anyio

ENTRY = '<!doctype html><meta name="base" content="/"><base href="/"><link href="/x"><div id="root"></div>'
SCRIPT = "console.log('flower');" * 100


@pytest.fixture
def static(tmp_path: Path) -> Path:
    folder = tmp_path / "static"
    (folder / "assets").mkdir(parents=True)
    (folder / "monitor.html").write_text(ENTRY)
    (folder / "assets" / "main-abc123.js").write_text(SCRIPT)
    (folder / "assets" / "logo-abc123.png").write_bytes(b"\x89PNG")
    (folder / "secret.txt").write_text("not an asset")
    return folder


@pytest.fixture
async def app(store: StoreFile, static: Path) -> AsyncIterator[Starlette]:
    async with running(config_for(store.path), static=static) as started:
        yield started


@pytest.mark.parametrize("path", [re.sub(r"{\w+:path}", "celery@h/x", path) for path in ENTRY_PATHS])
async def test_every_page_is_the_entry_page(client: httpx.AsyncClient, path: str) -> None:
    response = await client.get(path)

    assert response.text == ENTRY
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["cache-control"] == "no-cache"


async def test_a_person_with_a_wrong_address_gets_the_page_that_says_so(client: httpx.AsyncClient) -> None:
    response = await client.get("/no/such/page", headers={"Accept": "text/html,*/*;q=0.8"})

    assert (response.status_code, response.text) == (404, ENTRY)


@pytest.mark.parametrize(
    ("path", "accept"), [("/no/such/page", "*/*"), ("/api/nothing", "text/html"), ("/assets/gone.js", "text/html")]
)
async def test_a_program_with_a_wrong_address_gets_words(client: httpx.AsyncClient, path: str, accept: str) -> None:
    response = await client.get(path, headers={"Accept": accept})

    assert (response.status_code, response.headers["content-type"]) == (404, "text/plain; charset=utf-8")


async def test_the_entry_page_knows_the_prefix(store: StoreFile, static: Path) -> None:
    async with running(config_for(store.path, url_prefix="/flower"), static=static) as app, client_of(app) as client:
        page = (await client.get("/flower/tasks")).text

    assert '<meta name="base" content="/flower/"><base href="/flower/"><link href="/x">' in page


async def test_an_asset_may_be_kept_for_ever(client: httpx.AsyncClient) -> None:
    response = await client.get("/assets/main-abc123.js")

    assert response.text == SCRIPT
    assert "javascript" in response.headers["content-type"]
    assert response.headers["cache-control"] == "public, max-age=31536000, immutable"


async def test_a_script_is_compressed_for_those_who_take_it(client: httpx.AsyncClient) -> None:
    async with client.stream("GET", "/assets/main-abc123.js", headers={"Accept-Encoding": "gzip"}) as response:
        raw = b"".join([part async for part in response.aiter_raw()])

    assert response.headers["content-encoding"] == "gzip"
    assert gzip.decompress(raw).decode() == SCRIPT


async def test_a_script_is_plain_for_the_others(client: httpx.AsyncClient) -> None:
    response = await client.get("/assets/main-abc123.js", headers={"Accept-Encoding": "identity"})

    assert "content-encoding" not in response.headers


@pytest.mark.parametrize(
    "path",
    ["/assets/none.js", "/assets/", "/assets/../secret.txt", "/assets/%2e%2e/secret.txt", "/assets/..%2fsecret.txt"],
)
async def test_nothing_outside_of_the_assets_is_served(client: httpx.AsyncClient, path: str) -> None:
    response = await client.get(path)

    assert response.status_code == 404
    assert "not an asset" not in response.text


async def test_without_a_build_the_page_says_how_to_make_one(store: StoreFile, tmp_path: Path) -> None:
    async with running(config_for(store.path), static=tmp_path / "nowhere") as app, client_of(app) as client:
        response = await client.get("/")

    assert response.status_code == 200
    assert "make dashboard" in response.text
