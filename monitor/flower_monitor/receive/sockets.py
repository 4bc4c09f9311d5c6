"""Connections to Redis: by TCP, TLS or a socket, and to the master that Sentinels name."""

import contextlib
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flower_monitor.exceptions import BrokerError, UsageError
from flower_monitor.receive import resp
from flower_monitor.receive.url import Broker

#: Seconds to wait for a connection and for the reply to each command of the greeting.
CONNECT_TIMEOUT = 5.0

#: The kernel's buffer: rides out the moments in which the decoding thread holds the interpreter.
KERNEL_BUFFER = 4 << 20

#: What the kernel allows of it. Below that its own choice, up to 6 MiB, is better than what we would get.
_KERNEL_LIMIT = Path("/proc/sys/net/core/rmem_max")


def connect(broker: Broker, transport_options: Mapping[str, Any]) -> socket.socket:
    """A socket that is logged in to the Redis that Celery publishes on."""
    return _by_sentinels(broker, transport_options) if broker.sentinels else _logged_in(broker)


def _logged_in(broker: Broker) -> socket.socket:
    sock = open_socket(broker)
    try:
        resp.login(sock, broker.user, broker.password)
    except OSError as error:
        sock.close()
        raise BrokerError(f"can't log in: {error}{_hint(broker)}") from error
    except BrokerError as error:
        sock.close()
        raise BrokerError(f"{error}{_hint(broker) if error.reason == 'closed' else ''}", error.reason) from error
    return sock


def _hint(broker: Broker) -> str:
    """With TLS 1.3 a server that misses a client's certificate says so after we think that we are connected."""
    bare = broker.tls and "ssl_certfile" not in broker.query
    return "; it may want a client's certificate (ssl_certfile)" if bare else ""


def open_socket(broker: Broker) -> socket.socket:
    """A connected socket."""
    try:
        if broker.socket is not None:
            return _local(broker.socket)
        sock = socket.create_connection((broker.host, broker.port), CONNECT_TIMEOUT)
        with contextlib.ExitStack() as undo:
            undo.callback(sock.close)
            if _kernel_limit() >= KERNEL_BUFFER:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, KERNEL_BUFFER)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            ready = _secured(sock, broker) if broker.tls else sock
            undo.pop_all()
        return ready
    except (OSError, UsageError) as error:
        raise BrokerError(f"can't connect: {error}") from error


def _local(path: str) -> socket.socket:
    sock = socket.socket(socket.AF_UNIX)
    sock.settimeout(CONNECT_TIMEOUT)
    try:
        sock.connect(path)
    except OSError:
        sock.close()
        raise
    return sock


def _secured(sock: socket.socket, broker: Broker) -> socket.socket:
    from flower_monitor.receive import tls  # ssl takes 3 MiB that most need not

    return tls.context(broker).wrap_socket(sock, server_hostname=broker.host)


def _kernel_limit() -> int:
    try:
        return int(_KERNEL_LIMIT.read_text())
    except (OSError, ValueError):
        return 0


# -- Sentinel ----------------------------------------------------------------------------------------------


def _by_sentinels(broker: Broker, transport_options: Mapping[str, Any]) -> socket.socket:
    """Connected to what the first Sentinel that answers calls the master, if it says so itself."""
    name = str(transport_options.get("master_name", ""))
    login: Mapping[str, Any] = transport_options.get("sentinel_kwargs") or {}
    told: list[str] = []
    for host, port in broker.sentinels:
        try:
            where = _master(_sentinel(broker, host, port, login), name)
            return _confirmed(_logged_in(broker._replace(host=where[0], port=where[1])), where)
        except (BrokerError, OSError) as error:
            told.append(f"{host}:{port}: {error}")
    raise BrokerError("no Sentinel led to a master: " + "; ".join(told))


def _sentinel(broker: Broker, host: str, port: int, login: Mapping[str, Any]) -> Broker:
    """How to reach a Sentinel. By redis-py's rules it has nothing of the master's but what `sentinel_kwargs` says."""
    query = {key: str(value) for key, value in login.items() if key.startswith("ssl_")}
    return broker._replace(
        host=host,
        port=port,
        user=login.get("username"),
        password=login.get("password"),
        tls=bool(login.get("ssl", False)),
        query=query,
        sentinels=(),
    )


def _master(sentinel: Broker, name: str) -> tuple[str, int]:
    """Where a Sentinel says that the master is."""
    with _logged_in(sentinel) as sock:
        reply = resp.ask(sock, b"SENTINEL", b"get-master-addr-by-name", name.encode())
    if reply is None:
        raise BrokerError(f"it knows no master {name!r}; correct master_name in --broker-transport-options", "refused")
    return reply[0].decode(), int(reply[1])


def _confirmed(sock: socket.socket, where: tuple[str, int]) -> socket.socket:
    """The socket, unless this is a replica by now: a Sentinel learns of a failover a moment late."""
    try:
        role = resp.ask(sock, b"ROLE")[0]
    except BrokerError:
        return sock  # an ACL may forbid to ask
    if role != b"master":
        sock.close()
        raise BrokerError(f"{where[0]}:{where[1]} is no master any more")
    return sock
