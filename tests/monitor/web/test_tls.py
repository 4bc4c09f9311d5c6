"""HTTPS: clients' certificates where they are wanted, and the renewal of the server's."""

import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from flower_monitor.web import server
from flower_monitor.web.certificate import Certificate
from tests.monitor.web.apps import config_for
from tests.monitor.web.servers import serving
from tests.monitor.web.stores import StoreFile
from tests.support import certificates
from tests.support.certificates import Certificates
from tests.support.patience import PATIENCE
from tests.support.processes import until


@pytest.fixture
def made(tmp_path: Path) -> Certificates:
    return certificates.make(tmp_path / "tls")


@contextmanager
def secured(store: StoreFile, made: Certificates, *, clients: bool = False) -> Iterator[str]:
    """The https:// address of a monitor."""
    config = config_for(store.path, certfile=made.server, ca_certs=made.ca if clients else None)
    with serving(config) as url:
        yield url.replace("http://", "https://")


def trusting(made: Certificates, client: Path | None = None) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(made.ca))
    if client is not None:
        context.load_cert_chain(client)
    return context


def test_everything_is_served_over_https(store: StoreFile, made: Certificates) -> None:
    with secured(store, made) as url:
        assert httpx.get(f"{url}/healthcheck", verify=trusting(made), timeout=PATIENCE).text == "OK"


def test_with_authorities_a_client_needs_a_certificate(store: StoreFile, made: Certificates) -> None:
    """Flower takes --ca-certs and asks for none (deviation D23)."""
    with secured(store, made, clients=True) as url:
        with pytest.raises(httpx.TransportError):
            httpx.get(f"{url}/healthcheck", verify=trusting(made), timeout=PATIENCE)

        assert httpx.get(f"{url}/healthcheck", verify=trusting(made, made.client), timeout=PATIENCE).text == "OK"


def test_a_certificate_of_other_authorities_does_not_do(store: StoreFile, made: Certificates, tmp_path: Path) -> None:
    stranger = certificates.make(tmp_path / "other").client
    with secured(store, made, clients=True) as url, pytest.raises(httpx.TransportError):
        httpx.get(f"{url}/healthcheck", verify=trusting(made, stranger), timeout=PATIENCE)


def test_a_renewed_certificate_is_used_from_then_on(made: Certificates, tmp_path: Path) -> None:
    renewed = certificates.make(tmp_path / "renewed")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made.server)
    watched = Certificate(made.server, None)

    made.server.write_bytes(renewed.server.read_bytes())
    watched.refresh(context)

    assert shaken(context, trusting(renewed))
    assert not shaken(context, trusting(made))


def test_a_renewed_certificate_that_cannot_be_used_leaves_the_old_one(
    made: Certificates, caplog: pytest.LogCaptureFixture
) -> None:
    """Such as one whose key is not written yet: OpenSSL would then drop the old key too."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made.server)
    watched = Certificate(made.server, None)
    whole = made.client.read_text()

    made.server.write_text(whole[whole.index("-----BEGIN CERT") :])
    watched.refresh(context)

    assert "can't be used, the old one stays" in caplog.text
    assert shaken(context, trusting(made))


def test_the_server_looks_after_its_certificate(
    store: StoreFile, made: Certificates, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "LOOK_EVERY", 1)
    renewed = certificates.make(tmp_path / "renewed")
    with secured(store, made) as url:
        os.replace(renewed.server, made.server)

        until(lambda: healthy(url, trusting(renewed)), "the renewed certificate is shown")


def healthy(url: str, context: ssl.SSLContext) -> bool:
    """Whether a monitor shows a certificate that is trusted."""
    try:
        return httpx.get(f"{url}/healthcheck", verify=context, timeout=PATIENCE).is_success
    except httpx.TransportError:
        return False


def shaken(offered: ssl.SSLContext, client: ssl.SSLContext) -> bool:
    """Whether a client that trusts some authority finishes a handshake with a server."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    ours = client.wrap_bio(to_client, to_server, server_hostname="127.0.0.1")
    theirs = offered.wrap_bio(to_server, to_client, server_side=True)
    for side in (ours, theirs, ours, theirs):
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue
        except ssl.SSLError:
            return False
    return True
