"""Telling systemd how the service is (`Type=notify`), by its protocol: sd_notify(3)."""

import logging
import os
import socket

log = logging.getLogger(__name__)


def tell(state: str) -> None:
    """Send a state such as `READY=1`; nothing happens where nobody wants to know (no NOTIFY_SOCKET)."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    # An @ stands for the zero byte of Linux's abstract sockets.
    target = "\0" + address[1:] if address.startswith("@") else address
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as messages:
            messages.sendto(state.encode(), target)
    except OSError as error:
        log.warning("systemd could not be told %s over NOTIFY_SOCKET: %s", state, error)
