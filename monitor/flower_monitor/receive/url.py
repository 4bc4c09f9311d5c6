"""What a broker URL says, by kombu's rules, and how it is shown: without credentials."""

from typing import Literal, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from flower_monitor.exceptions import UsageError

Kind = Literal["redis", "amqp"]

#: Scheme -> kind, TLS, default port. kombu's names.
_SCHEMES: dict[str, tuple[Kind, bool, int]] = {
    "redis": ("redis", False, 6379),
    "rediss": ("redis", True, 6379),
    "redis+socket": ("redis", False, 0),
    "amqp": ("amqp", False, 5672),
    "pyamqp": ("amqp", False, 5672),
    "amqps": ("amqp", True, 5671),
}

SUPPORTED = "redis, rediss, redis+socket, amqp, amqps"


class Broker(NamedTuple):
    """A broker's address and how to log in. It holds a password: never print it."""

    scheme: str
    kind: Kind
    tls: bool
    host: str
    port: int
    user: str | None
    password: str | None
    virtual_host: str
    """RabbitMQ's virtual host, Redis's database number, as text."""

    socket: str | None
    """Path of a Unix socket; then host and port mean nothing."""

    query: dict[str, str]
    """What stands after `?`: TLS options such as `ssl_ca_certs`."""

    @property
    def public(self) -> str:
        """The URL without user, password and options."""
        if self.socket:
            return f"{self.scheme}://{self.socket}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        path = "" if self.virtual_host in ("", "/") else self.virtual_host
        return f"{self.scheme}://{host}:{self.port}/{path}"


def parse(url: str) -> Broker:
    """Take a broker URL apart; UsageError, without the URL in it, when it can't be used."""
    scheme, separator, rest = url.partition("://")
    if not separator:
        raise UsageError(f"--broker: not a URL; it looks like redis://host:6379/0. Supported: {SUPPORTED}")
    if scheme not in _SCHEMES:
        raise UsageError(f"--broker: transport {scheme!r} is not supported; supported are {SUPPORTED}")
    if ";" in rest:
        raise UsageError("--broker: several URLs separated by ; are not supported; give one")
    kind, tls, default_port = _SCHEMES[scheme]
    try:
        parts = urlsplit("http://" + rest)
        port = parts.port or default_port
    except ValueError as error:
        raise UsageError(f"--broker: {error}") from error
    query = dict(parse_qsl(parts.query))
    path = unquote(parts.path.removeprefix("/"))
    user, password = (unquote(text) if text else None for text in (parts.username, parts.password))
    socket = None
    if scheme == "redis+socket":
        socket, path = unquote(parts.path), query.pop("virtual_host", "0").removeprefix("/")
    broker = Broker(
        scheme, kind, tls, unquote(parts.hostname or "127.0.0.1"), port, user, password, path, socket, query
    )
    return _checked(broker)


def _checked(broker: Broker) -> Broker:
    """Fill in the default virtual host; refuse what the broker would."""
    if broker.kind == "amqp":
        return broker._replace(virtual_host=broker.virtual_host or "/")
    database = broker.virtual_host.strip("/") or "0"
    if not database.isdecimal():
        raise UsageError(f"--broker: {database!r} is not the number of a Redis database; write redis://host:port/0")
    if broker.socket is not None and not broker.socket.startswith("/"):
        raise UsageError("--broker: redis+socket needs the path of a socket, as redis+socket:///run/redis.sock")
    return broker._replace(virtual_host=database)
