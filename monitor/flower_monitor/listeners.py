"""The socket that web serves on, bound in the process that people start: what is wrong with it is told at once."""

import errno
import os
import socket
import stat
from pathlib import Path

from flower_monitor.config import Config
from flower_monitor.exceptions import MonitorError, UsageError

#: Connections that wait until web takes them: at the start those of half a second.
BACKLOG = 128

#: The first descriptor that systemd hands over: sd_listen_fds(3).
FIRST_GIVEN = 3

#: Rights of a Unix socket. A proxy runs as another user; who may do what is decided by the login.
SOCKET_MODE = 0o666


def listen(config: Config) -> socket.socket:
    """The socket of systemd, of `--unix-socket`, or of `--address` and `--port`."""
    given = handed_over()
    if given is not None:
        return given
    if config.unix_socket is not None:
        return unix(config.unix_socket)
    return tcp(config.address, config.port)


def handed_over() -> socket.socket | None:
    """The socket that systemd listens on for us; None when there is none."""
    if os.environ.get("LISTEN_PID") != str(os.getpid()):
        return None
    if os.environ.get("LISTEN_FDS") != "1":
        raise UsageError("systemd hands over several sockets (LISTEN_FDS); one ListenStream= is what is served")
    return socket.socket(fileno=FIRST_GIVEN)


def tcp(address: str, port: int) -> socket.socket:
    """A socket bound to an address; without one to all."""
    try:
        if address or not socket.has_dualstack_ipv6():
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            return socket.create_server((address, port), family=family, backlog=BACKLOG)
        return socket.create_server(("", port), family=socket.AF_INET6, dualstack_ipv6=True, backlog=BACKLOG)
    except OSError as error:
        where = f"{address or 'all addresses'}, port {port}"
        raise MonitorError(
            f"can't listen on {where}: {os.strerror(error.errno or 0)}; choose another with --port or --address"
        ) from error


def unix(path: Path) -> socket.socket:
    """A Unix socket; one that a dead process left is replaced."""
    _clear(path)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        listener.bind(str(path))
        path.chmod(SOCKET_MODE)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise MonitorError(f"--unix-socket: can't listen on {path}: {error.strerror or error}") from error
    return listener


def _clear(path: Path) -> None:
    """Remove a socket on which nobody listens any more."""
    if not path.exists():
        return
    if not stat.S_ISSOCK(path.stat().st_mode):
        raise MonitorError(f"--unix-socket: {path} is there and is no socket; choose another path")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as other:
        if other.connect_ex(str(path)) != errno.ECONNREFUSED:
            raise MonitorError(f"--unix-socket: another program listens on {path}; choose another path")
    path.unlink()


def where(listener: socket.socket, config: Config) -> str:
    """Where a person finds the monitor."""
    if listener.family == socket.AF_UNIX:
        return f"unix:{listener.getsockname()}, path {config.url_prefix}/"
    host = config.address if config.address not in ("", "0.0.0.0", "::") else "localhost"  # noqa: S104 - compared
    shown = f"[{host}]" if ":" in host else host
    return f"http{'s' if config.certfile else ''}://{shown}:{listener.getsockname()[1]}{config.url_prefix}/"
