"""What a broker URL says, by kombu's rules, and how it is shown: without credentials.

Several URLs are separated by `;`. They are tried in order, except Sentinel's, which are asked together.
"""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from flower_monitor.exceptions import UsageError

Kind = Literal["redis", "amqp", "other"]

#: Scheme -> kind, TLS, default port. kombu's names.
_SCHEMES: dict[str, tuple[Kind, bool, int]] = {
    "redis": ("redis", False, 6379),
    "rediss": ("redis", True, 6379),
    "redis+socket": ("redis", False, 0),
    "sentinel": ("redis", False, 26379),
    "amqp": ("amqp", False, 5672),
    "pyamqp": ("amqp", False, 5672),
    "amqps": ("amqp", True, 5671),
    "filesystem": ("other", False, 0),
    "mongodb": ("other", False, 27017),
    "mongodb+srv": ("other", False, 0),
    "gcpubsub": ("other", False, 0),
    "pgmq": ("other", False, 5432),
}

SUPPORTED = ", ".join(_SCHEMES)

#: Transports of kombu on which no event of a worker reaches another process, and why.
_WITHOUT_EVENTS = {
    "memory": "it lives inside one process",
    "sqs": "Celery sends no events over it",
    "sqla": "it remembers the queues of its own process only, so that no event gets out",
    "azureservicebus": "Celery sends no events over it",
    "azurestoragequeues": "Celery sends no events over it",
    "confluentkafka": "Celery sends no events over it",
    "kafka": "Celery sends no events over it",
}


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
    """What stands after `?`: TLS options such as `ssl_ca_certs`; those of `broker_use_ssl` are among them."""

    sentinels: tuple[tuple[str, int], ...] = ()
    """Hosts and ports of the Sentinels that know the master; then host and port are the first of them."""

    @property
    def name(self) -> str:
        """What kind of broker, for people."""
        return self.scheme if self.kind == "other" else self.kind

    @property
    def public(self) -> str:
        """The URL without user, password and options."""
        if self.socket:
            return f"{self.scheme}://{self.socket}"
        if self.kind == "other":
            return f"{self.scheme}://{self.host}"
        path = "" if self.virtual_host in ("", "/") else self.virtual_host
        places = self.sentinels or ((self.host, self.port),)
        return f"{self.scheme}://{','.join(_place(*place) for place in places)}/{path}"


def _place(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def parse(text: str, use_ssl: bool | Mapping[str, Any] = False) -> Broker:
    """The first of `parse_all`."""
    return parse_all(text, use_ssl)[0]


def parse_all(text: str, use_ssl: bool | Mapping[str, Any] = False) -> tuple[Broker, ...]:
    """Take broker URLs apart; UsageError, without the URL in it, when one can't be used.

    Args:
        text: The URL, or several separated by `;`, the first tried first.
        use_ssl: Celery's `broker_use_ssl`: whether to use TLS, or with which options. Those of a URL win.
    """
    scheme, separator, _ = text.partition("://")
    if not separator:
        raise UsageError(f"--broker: not a URL; it looks like redis://host:6379/0. Supported: {SUPPORTED}")
    if _SCHEMES.get(scheme, ("",))[0] == "other":
        return (_other(text, scheme),)
    parts = [part for part in text.split(";") if part]
    first = _one(parts[0], use_ssl)
    # A part without a scheme is a further host, with all else as the first.
    further = [_one(part, use_ssl) if "://" in part else _further(first, part) for part in parts[1:]]
    brokers = (first, *further)
    if len({(broker.kind, broker.scheme == "sentinel") for broker in brokers}) > 1:
        raise UsageError("--broker: the URLs separated by ; are for different kinds of brokers; give one kind")
    if scheme == "sentinel":
        return (first._replace(sentinels=tuple((broker.host, broker.port) for broker in brokers)),)
    return brokers


def for_kombu(text: str) -> str:
    """The URLs as kombu needs them: each whole, and without TLS options, which it is told in another way."""
    parts = [part for part in text.split(";") if part]
    first = parts[0]
    before, at, after = first.rpartition("@")
    login = before + at if at else first.partition("://")[0] + "://"
    path = (after if at else first.partition("://")[2]).partition("/")[2].partition("?")[0]
    whole = [part if "://" in part else f"{login}{part.partition('/')[0]}/{path}" for part in parts]
    return ";".join(map(_without_tls, whole))


def _without_tls(text: str) -> str:
    base, _, query = text.partition("?")
    drop = ("ssl_", "heartbeat=", "login_method=")
    kept = [option for option in query.split("&") if option and not option.startswith(drop)]
    return "?".join((base, "&".join(kept))) if kept else base


def _one(text: str, use_ssl: bool | Mapping[str, Any]) -> Broker:
    scheme, _, rest = text.partition("://")
    kind, secure, default_port = _known(scheme)
    parts, port = _split(rest)
    given = use_ssl if isinstance(use_ssl, Mapping) else {}
    query = {_ssl_option(key): str(value) for key, value in given.items()} | dict(parse_qsl(parts.query))
    path = unquote(parts.path.removeprefix("/"))
    user, password = (unquote(found) if found else None for found in (parts.username, parts.password))
    socket = None
    if scheme == "redis+socket":
        socket, path = unquote(parts.path), query.pop("virtual_host", "0").removeprefix("/")
    tls = secure or bool(use_ssl)
    host = unquote(parts.hostname or "127.0.0.1")
    return _checked(Broker(scheme, kind, tls, host, port or default_port, user, password, path, socket, query))


def _further(first: Broker, text: str) -> Broker:
    """Another host, as `host:port` without a scheme."""
    parts, port = _split(text)
    if not parts.hostname:
        raise UsageError("--broker: something between two ; has no host")
    return first._replace(host=unquote(parts.hostname), port=port or _SCHEMES[first.scheme][2])


def _split(rest: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit("http://" + rest)
        return parts, parts.port
    except ValueError as error:
        raise UsageError(f"--broker: {error}") from error


def _known(scheme: str) -> tuple[Kind, bool, int]:
    base = scheme.partition("+")[0].lower()
    if base in _WITHOUT_EVENTS:
        raise UsageError(
            f"--broker: transport {scheme!r} can't be followed: {_WITHOUT_EVENTS[base]}. Supported are {SUPPORTED}"
        )
    if scheme not in _SCHEMES:
        raise UsageError(f"--broker: transport {scheme!r} is not supported; supported are {SUPPORTED}")
    return _SCHEMES[scheme]


def _other(text: str, scheme: str) -> Broker:
    """One that only kombu understands: kept whole, shown as its host."""
    parts, _ = _split(text.partition("://")[2].split(",")[0].split(";")[0])
    return Broker(scheme, "other", False, unquote(parts.hostname or ""), 0, None, None, "", None, {})


def _ssl_option(name: str) -> str:
    """`ca_certs`, as `broker_use_ssl` has it for RabbitMQ, is `ssl_ca_certs` in a URL."""
    return name if name.startswith("ssl_") else f"ssl_{name}"


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
