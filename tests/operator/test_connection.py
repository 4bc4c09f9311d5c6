"""Where the API server is, and by which way."""

from pathlib import Path

import pytest

from flower_operator import connection

pytestmark = pytest.mark.anyio

CONFIG = """
apiVersion: v1
kind: Config
current-context: it
contexts: [{name: it, context: {cluster: it, user: me}}]
clusters: [{name: it, cluster: {server: 'https://kube.example.com:6443'%s}}]
users: [{name: me, user: {token: throw-away}}]
"""


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


async def proxy_of(folder: Path, cluster: str = "") -> str | None:
    """The proxy that a kubeconfig and the environment lead to."""
    file = folder / "config"
    file.write_text(CONFIG % cluster)
    found: str | None = (await connection.load(str(file))).proxy
    return found


async def test_without_a_proxy_there_is_none(tmp_path: Path) -> None:
    assert await proxy_of(tmp_path) is None


async def test_the_proxy_of_the_environment_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example.com:3128")

    assert await proxy_of(tmp_path) == "http://proxy.example.com:3128"


async def test_a_proxy_is_not_for_what_no_proxy_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example.com:3128")
    monkeypatch.setenv("NO_PROXY", ".example.com")

    assert await proxy_of(tmp_path) is None


async def test_the_proxy_of_the_kubeconfig_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example.com:3128")

    assert await proxy_of(tmp_path, ", proxy-url: 'http://own.example.com:3128'") == "http://own.example.com:3128"
