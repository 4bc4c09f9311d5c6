"""Behind a real nginx, by what docs/monitor.md says to write into its configuration."""

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from flower_monitor import listeners
from flower_monitor.config import Config
from flower_monitor.web_settings import proxies
from tests.monitor.web.apps import ADMIN, config_for
from tests.monitor.web.servers import serving
from tests.monitor.web.stores import StoreFile, task
from tests.monitor.web.test_server import events
from tests.support.nginx import nginx
from tests.support.patience import PATIENCE

GUIDE = Path(__file__).parents[3] / "docs" / "monitor.md"

KEPT, STRIPPED, BY_SOCKET = re.findall(r"```nginx\n(.*?)```", GUIDE.read_text(), flags=re.DOTALL)
"""The guide's blocks: the prefix stays, nginx takes it off, the monitor listens on a Unix socket."""

CLIENT = "127.0.0.2"
"""Address of our client, which is not nginx's: all of 127.0.0.0/8 is this host."""

WRITE = "/flower/api/task/revoke/x"
"""A route that changes something."""

either = pytest.mark.parametrize("locations", [pytest.param(KEPT, id="kept"), pytest.param(STRIPPED, id="stripped")])


def config(store: StoreFile, **options: Any) -> Config:
    """A monitor's under /flower. By default it believes a proxy of this host."""
    given = {"unix_socket": None, "xheaders": True, "trusted_proxies": None, **options}
    return config_for(
        store.path, url_prefix="/flower", unix_socket=given["unix_socket"], trusted_proxies=proxies(given)
    )


@contextmanager
def proxied(settings: Config, locations: str, folder: Path) -> Iterator[httpx.Client]:
    """A client of a monitor behind nginx, logged in."""
    with serving(settings) as upstream:
        block = locations.replace("127.0.0.1:5555", upstream.removeprefix("http://"))
        assert block != locations
        with nginx(folder / "nginx", block) as url, client(url) as opened:
            yield opened


def client(url: str) -> httpx.Client:
    transport = httpx.HTTPTransport(local_address=CLIENT)
    return httpx.Client(base_url=url, auth=ADMIN, transport=transport, timeout=PATIENCE)


@either
def test_pages_and_api_are_under_the_prefix(store: StoreFile, tmp_path: Path, locations: str) -> None:
    store.add(task("one"))
    with proxied(config(store), locations, tmp_path) as asked:
        assert [item["uuid"] for item in asked.get("/flower/api/v1/tasks").json()["items"]] == ["one"]
        assert asked.get("/flower/healthcheck").text == "OK"
        assert asked.get("/flower/tasks").headers["content-type"] == "text/html; charset=utf-8"


@either
def test_the_prefix_without_a_slash_leads_to_the_page(store: StoreFile, tmp_path: Path, locations: str) -> None:
    """In Flower it is a 404."""
    with proxied(config(store), locations, tmp_path) as asked:
        answer = asked.get("/flower", follow_redirects=True)

    assert (answer.status_code, answer.url.path) == (200, "/flower/")


def test_a_stripped_prefix_is_put_back_for_named_proxies_only(store: StoreFile, tmp_path: Path) -> None:
    with proxied(config(store, xheaders=False), STRIPPED, tmp_path) as asked:
        assert asked.get("/flower/healthcheck").status_code == 404


@either
def test_the_live_stream_is_not_held_back(store: StoreFile, tmp_path: Path, locations: str) -> None:
    """Each event is far smaller than nginx's buffers, and nothing else is sent in this topic."""
    with (
        proxied(config(store), locations, tmp_path) as asked,
        asked.stream("GET", "/flower/api/v1/stream?topics=tasks") as answer,
    ):
        found = events(answer)
        next(found)
        store.add(task("new"))

        assert [item["uuid"] for item in next(found)[2]["items"]] == ["new"]


@pytest.mark.parametrize(("xheaders", "seen"), [(True, CLIENT), (False, "127.0.0.1")])
def test_the_clients_address_is_what_a_named_proxy_says(
    store: StoreFile, tmp_path: Path, caplog: pytest.LogCaptureFixture, xheaders: bool, seen: str
) -> None:
    """Whatever the client itself says in that header."""
    with proxied(config(store, xheaders=xheaders), KEPT, tmp_path) as asked, caplog.at_level("INFO"):
        asked.post(WRITE, data={"signal": "none"}, headers={"X-Forwarded-For": "203.0.113.9"})

    assert f" from {seen}:" in caplog.text


@pytest.mark.parametrize(
    ("xheaders", "origin", "status"), [(True, "{here}", 400), (True, "http://evil", 403), (False, "{here}", 403)]
)
def test_a_write_of_our_page_is_told_by_the_host_that_a_named_proxy_says(
    store: StoreFile, tmp_path: Path, xheaders: bool, origin: str, status: int
) -> None:
    """nginx asks us by our own address, unless it is told otherwise. 400: let in, and the signal is unknown."""
    with proxied(config(store, xheaders=xheaders), KEPT, tmp_path) as asked:
        here = str(asked.base_url).rstrip("/")
        answer = asked.post(WRITE, data={"signal": "none"}, headers={"Origin": origin.format(here=here)})

    assert answer.status_code == status


def test_a_monitor_on_a_unix_socket(store: StoreFile, tmp_path: Path) -> None:
    path = tmp_path / "flower.sock"
    listener: socket.socket = listeners.unix(path)
    block = BY_SOCKET.replace("/run/flower/flower.sock", str(path))
    with (
        serving(config(store, unix_socket=path), listener),
        nginx(tmp_path / "nginx", block) as url,
        client(url) as asked,
    ):
        assert str(path) in block
        assert asked.get("/flower/healthcheck").text == "OK"
        assert asked.get("/flower/api/v1/tasks").status_code == 200
