"""Who a request is from: what a proxy says of it counts only where the proxy was named."""

import socket
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.datastructures import Headers

from flower_monitor import listeners, web_settings
from flower_monitor.config import Config
from flower_monitor.web.forwarded import behind_proxies
from tests.monitor.web.apps import config_for
from tests.monitor.web.servers import serving
from tests.monitor.web.stores import StoreFile
from tests.support.patience import PATIENCE

pytestmark = pytest.mark.anyio

PROXY, STRANGER = ("10.1.2.3", 4), ("10.2.0.1", 4)

FORWARDED = [(b"x-forwarded-for", b"203.0.113.9"), (b"x-forwarded-proto", b"https")]


async def forwarded(
    config: Config,
    client: tuple[str, int] | None,
    path: str = "/",
    **headers: str,
) -> Any:
    """The request that the app sees, of one that some connection brings with FORWARDED and further headers."""
    return await passed(config, client, path, [*FORWARDED, *raw(headers)])


def raw(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    """Headers as a server hands them on."""
    return [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]


async def passed(
    config: Config, client: tuple[str, int] | None, path: str, headers: Sequence[tuple[bytes, bytes]]
) -> Any:
    """The same of one with these headers alone."""
    found: list[Any] = []

    async def app(scope: Any, *_: Any) -> None:
        found.append(scope)

    scope = {"type": "http", "client": client, "scheme": "http", "path": path, "headers": [*headers]}
    outermost: Any = behind_proxies(app, config)
    await outermost(scope, None, None)
    return found[0]


async def seen(config: Config, client: tuple[str, int] | None) -> tuple[Any, str]:
    """The client's address and the scheme, as the app sees them."""
    scope = await forwarded(config, client)
    return scope["client"] and scope["client"][0], scope["scheme"]


def trusting(store: StoreFile, **options: Any) -> Config:
    none = {"unix_socket": None, "xheaders": False, "trusted_proxies": None}
    return config_for(store.path, url_prefix="/flower", trusted_proxies=web_settings.proxies({**none, **options}))


@pytest.mark.parametrize("address", ["10.1.2.3", "::ffff:10.1.2.3"])
async def test_a_proxy_that_was_named_is_believed(store: StoreFile, address: str) -> None:
    config = trusting(store, trusted_proxies="10.1.0.0/16")

    assert await seen(config, (address, 4)) == ("203.0.113.9", "https")


@pytest.mark.parametrize("options", [{"trusted_proxies": "10.1.0.0/16"}, {"xheaders": True}, {}])
async def test_nobody_else_is(store: StoreFile, options: dict[str, Any]) -> None:
    """With --xheaders Flower believes whoever sends such a header."""
    assert await seen(trusting(store, **options), ("10.2.0.1", 4)) == ("10.2.0.1", "http")


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
async def test_xheaders_are_those_of_a_proxy_on_this_host(store: StoreFile, address: str) -> None:
    assert await seen(trusting(store, xheaders=True), (address, 4)) == ("203.0.113.9", "https")


async def test_over_a_unix_socket_only_a_proxy_comes(store: StoreFile) -> None:
    config = trusting(store, xheaders=True, unix_socket="/run/flower.sock")

    assert await seen(config, None) == ("203.0.113.9", "https")


@pytest.mark.parametrize(
    ("client", "before", "seen"),
    [
        (PROXY, (), ("203.0.113.7", "https")),
        (PROXY, FORWARDED, ("203.0.113.9", "https")),
        (STRANGER, (), ("10.2.0.1", "http")),
    ],
)
async def test_flowers_headers_stand_in_for_those_that_a_named_proxy_does_not_send(
    store: StoreFile, client: tuple[str, int], before: Sequence[tuple[bytes, bytes]], seen: tuple[str, str]
) -> None:
    config = trusting(store, trusted_proxies="10.1.0.0/16")

    further = raw({"x_real_ip": "203.0.113.7", "x_scheme": "https"})
    scope = await passed(config, client, "/", [*before, *further])

    assert (scope["client"][0], scope["scheme"]) == seen


@pytest.mark.parametrize(("client", "host"), [(PROXY, "flower.example.com"), (STRANGER, "inside")])
async def test_the_host_is_what_a_named_proxy_says(store: StoreFile, client: tuple[str, int], host: str) -> None:
    """Of several the last: what comes before it somebody else may have sent."""
    told: Any = {"host": "inside", "x_forwarded_host": "evil, flower.example.com"}
    scope = await forwarded(trusting(store, trusted_proxies="10.1.0.0/16"), client, **told)

    assert Headers(scope=scope).getlist("host") == [host]


@pytest.mark.parametrize(
    ("client", "path", "told", "seen"),
    [
        (PROXY, "/tasks", "/flower", "/flower/tasks"),
        (PROXY, "/", "/flower/", "/flower/"),
        (PROXY, "/flower/tasks", "/flower", "/flower/tasks"),  # it says so, and did not take it off
        (PROXY, "/tasks", "/other", "/tasks"),
        (STRANGER, "/tasks", "/flower", "/tasks"),
    ],
)
async def test_a_prefix_that_a_named_proxy_took_off_is_put_back(
    store: StoreFile, client: tuple[str, int], path: str, told: str, seen: str
) -> None:
    config = trusting(store, trusted_proxies="10.1.0.0/16")

    assert (await forwarded(config, client, path, x_forwarded_prefix=told))["path"] == seen


def test_a_unix_socket_is_served(store: StoreFile, tmp_path: Path) -> None:
    path = tmp_path / "flower.sock"
    listener: socket.socket = listeners.unix(path)
    with (
        serving(config_for(store.path, unix_socket=path), listener),
        httpx.Client(transport=httpx.HTTPTransport(uds=str(path)), timeout=PATIENCE) as client,
    ):
        assert client.get("http://flower/healthcheck").text == "OK"
