"""Options of the web server."""

from pathlib import Path
from typing import Any

import pytest

from flower_monitor import web_settings
from flower_monitor.constants import RUNTIME_BUCKETS
from flower_monitor.exceptions import UsageError
from tests.support import certificates

NOTHING = dict.fromkeys(("unix_socket", "certfile", "keyfile", "ca_certs", "xheaders", "trusted_proxies"))


def test_the_buckets_that_there_are_may_be_given() -> None:
    web_settings.check_buckets(",".join(map(str, reversed(RUNTIME_BUCKETS))) + ",inf")


@pytest.mark.parametrize(("text", "says"), [("0.3,1", "fixed bounds"), ("x", "separated by commas")])
def test_other_buckets_are_refused(text: str, says: str) -> None:
    with pytest.raises(UsageError, match=f"--task-runtime-metric-buckets: .*{says}"):
        web_settings.check_buckets(text)


@pytest.mark.parametrize(
    ("given", "believed"),
    [
        ({}, ()),
        ({"xheaders": True}, web_settings.THIS_HOST),
        ({"trusted_proxies": "10.0.0.7"}, ("10.0.0.7", "::ffff:10.0.0.7/128")),
        ({"trusted_proxies": "10.0.0.0/8, fd00::/8"}, ("10.0.0.0/8", "::ffff:10.0.0.0/104", "fd00::/8")),
        ({"trusted_proxies": "*"}, ("*",)),
        ({"xheaders": True, "unix_socket": "/s"}, ("*",)),
        ({"unix_socket": "/s"}, ()),
    ],
)
def test_only_proxies_that_were_named_are_believed(given: dict[str, Any], believed: tuple[str, ...]) -> None:
    assert web_settings.proxies({**NOTHING, **given}) == believed


def test_a_proxy_that_is_no_address_is_refused() -> None:
    with pytest.raises(UsageError, match="--trusted-proxies: 'nginx' does not appear to be"):
        web_settings.proxies({**NOTHING, "trusted_proxies": "nginx"})


def test_paths_are_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    made = certificates.make(tmp_path)

    found = web_settings.files({**NOTHING, "certfile": made.server.name, "unix_socket": "s"})

    assert found == (tmp_path / "s", made.server, None, None)


@pytest.mark.parametrize("name", ["keyfile", "ca_certs"])
def test_a_key_or_authorities_without_a_certificate_are_refused(name: str) -> None:
    """Flower then serves HTTP, to everybody."""
    with pytest.raises(UsageError, match="HTTPS needs --certfile too"):
        web_settings.files({**NOTHING, name: "/x.pem"})


@pytest.mark.parametrize(("option", "says"), [("certfile", "--certfile"), ("ca_certs", "--ca-certs")])
def test_a_file_that_is_no_certificate_is_refused(option: str, says: str, tmp_path: Path) -> None:
    made = certificates.make(tmp_path)
    (tmp_path / "bad.pem").write_text("nothing")

    with pytest.raises(UsageError, match=f"{says}.*bad.pem can't be used"):
        web_settings.files({**NOTHING, "certfile": str(made.server), option: str(tmp_path / "bad.pem")})
