"""Connections to another cluster: its API server, and by way of it the monitors."""

import asyncio
import ssl
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from kubernetes.aio.client import Configuration

from flower_operator.connection import CONNECTIONS, environment_proxy
from flower_operator.fleet.fetch import Line, http_fetch
from flower_operator.fleet.kubeconfig import Access, BadKubeconfig
from flower_operator.fleet.monitors import Monitor
from flower_operator.fleet.proxy import session
from flower_operator.fleet.search import MAX_SECONDS
from flower_operator.fleet.ways import Ways
from flower_operator.kube import KubeApi, connect


class Far(NamedTuple):
    """Open connections to another cluster."""

    api: KubeApi
    ways: Ways


@asynccontextmanager
async def opened(access: Access) -> AsyncIterator[Far]:
    """Connect to it; BadKubeconfig when its certificates can't be read. Nothing is asked yet."""
    tls = await asyncio.to_thread(tls_of, access)
    proxy = environment_proxy(access.server)
    headers = {"Authorization": f"Bearer {access.token}"} if access.token else {}
    line = Line(tls, headers, proxy)
    async with AsyncExitStack() as stack:
        api = await stack.enter_async_context(connect(_configuration(access, proxy), tls=tls))
        ways = Ways(
            await stack.enter_async_context(http_fetch(line=line)),
            await stack.enter_async_context(http_fetch(MAX_SECONDS * 2, line=line)),
            await stack.enter_async_context(session(line)),
        )
        yield Far(api, ways)


def _configuration(access: Access, proxy: str | None) -> Configuration:
    configuration = Configuration(
        host=access.server, connection_pool_maxsize=CONNECTIONS, client_session_kwargs={"trust_env": False}
    )
    if access.token:
        configuration.api_key["BearerToken"] = f"Bearer {access.token}"
    configuration.proxy = proxy
    return configuration


def tls_of(access: Access) -> ssl.SSLContext:
    """Whom to trust, and the client's certificate."""
    try:
        tls = ssl.create_default_context(cadata=access.authority)
        if access.certificate is not None and access.key is not None:
            _show(tls, access.certificate, access.key)
    except (ssl.SSLError, ValueError) as error:
        raise BadKubeconfig(f"its certificates can't be read: {error}; they are PEM in base64") from error
    return tls


def _show(tls: ssl.SSLContext, certificate: bytes, key: bytes) -> None:
    # OpenSSL's interface in Python reads a client's certificate from a file only.
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "client.pem"
        path.touch(0o600)
        path.write_bytes(certificate + b"\n" + key)
        tls.load_cert_chain(path)


def service_path(monitor: Monitor) -> str:
    """The path at an API server that leads to a monitor's Service (Kubernetes, Access Services Running on Clusters)."""
    namespace, name = monitor.key
    return f"/api/v1/namespaces/{namespace}/services/http:{name}-monitor:{monitor.port}/proxy"
