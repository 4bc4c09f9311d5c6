"""Options of the web server, from what was given to what Config holds."""

import ipaddress
import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from flower_monitor.constants import RUNTIME_BUCKETS
from flower_monitor.exceptions import UsageError

#: Who is believed with --xheaders alone.
THIS_HOST = ("127.0.0.1", "::1", "::ffff:127.0.0.1")


class Files(NamedTuple):
    """Absolute paths of options by their names; None: not given."""

    unix_socket: Path | None
    certfile: Path | None
    keyfile: Path | None
    ca_certs: Path | None


def files(options: Mapping[str, Any]) -> Files:
    """The paths of socket and certificates, after a look whether they can be used."""
    found = Files(*(_absolute(options[name]) for name in Files._fields))
    check_certificates(found.certfile, found.keyfile, found.ca_certs)
    return found


def _absolute(text: str | None) -> Path | None:
    return Path(text).expanduser().absolute() if text else None


def check_certificates(certfile: Path | None, keyfile: Path | None, ca_certs: Path | None) -> None:
    """Refuse what would fail later, or would serve without the protection that was asked for."""
    if certfile is None:
        for name, path in (("keyfile", keyfile), ("ca-certs", ca_certs)):
            if path is not None:
                raise UsageError(f"--{name}: HTTPS needs --certfile too")
        return
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        # Without a password of its own OpenSSL would ask the terminal for one.
        context.load_cert_chain(certfile, keyfile, password="")
    except (OSError, ssl.SSLError) as error:
        raise UsageError(f"--certfile, --keyfile: {certfile} can't be used: {error}") from error
    try:
        if ca_certs is not None:
            context.load_verify_locations(ca_certs)
    except (OSError, ssl.SSLError) as error:
        raise UsageError(f"--ca-certs: {ca_certs} can't be used: {error}") from error


def proxies(options: Mapping[str, Any]) -> tuple[str, ...]:
    """Whose X-Forwarded headers are believed."""
    given = options["trusted_proxies"] or ""
    parts = [part.strip() for part in str(given).split(",")]
    named = [network for part in parts if part for network in _networks(part)]
    if options["unix_socket"] and (options["xheaders"] or named):
        return ("*",)  # who connects has no address, and is on this host
    return tuple(named) or (THIS_HOST if options["xheaders"] else ())


def _networks(text: str) -> tuple[str, ...]:
    """A network as clients are seen: those of IPv4 come to our socket for both as addresses of IPv6."""
    if text == "*":
        return (text,)
    try:
        network = ipaddress.ip_network(text)
    except ValueError as error:
        raise UsageError(
            f"--trusted-proxies: {error}; write addresses and networks, as 10.0.0.7,10.1.0.0/16"
        ) from error
    if network.version == 6:
        return (text,)
    return text, f"::ffff:{network.network_address}/{network.prefixlen + 96}"


def check_buckets(text: Any) -> None:
    """Refuse bounds of a histogram but those by which run times are counted.

    The store counts by fixed bounds, so that a restart with others neither loses nor guesses anything.
    """
    if not text:
        return
    try:
        given = {float(part) for part in str(text).split(",")} - {float("inf")}
    except ValueError as error:
        raise UsageError(f"--task-runtime-metric-buckets: {error}; give seconds, separated by commas") from error
    if given != set(RUNTIME_BUCKETS):
        raise UsageError(
            "--task-runtime-metric-buckets: run times are counted by fixed bounds, so that counts survive a restart: "
            f"{','.join(map(str, RUNTIME_BUCKETS))}. Leave it out; percentiles, exact to 2 %: /api/v1/latencies"
        )
