"""The few words of Redis's protocol that a monitor needs, spoken by hand.

Not with redis-py: importing it takes 22 MiB and 0.1 s of a process that has neither to spare.
"""

import contextlib
import socket
from typing import Any

import hiredis

from flower_monitor.constants import PROGRAM
from flower_monitor.exceptions import BrokerError

#: Bytes read at once while we talk.
READ = 1 << 16

#: What to do about a refusal, by the word Redis begins it with.
_REFUSALS = {
    "WRONGPASS": "the broker refused the user name or password; correct them in the URL of --broker",
    "NOAUTH": "the broker wants a password; put it into the URL of --broker",
    "NOPERM": "the broker's user may not subscribe to Celery's channels; grant them (`ACL SETUSER name &*`)",
    "LOADING": "Redis is still loading its data",
}


def command(*words: bytes) -> bytes:
    """A command as Redis reads it."""
    return b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%b\r\n" % (len(w), w) for w in words)


def ask(sock: socket.socket, *words: bytes) -> Any:
    """What Redis replies to a command; not for one after which it goes on talking."""
    sock.sendall(command(*words))
    reader = hiredis.Reader()
    try:
        while (reply := reader.gets()) is False:
            reader.feed(_read(sock))
    except hiredis.ProtocolError as error:
        raise BrokerError(
            f"the broker's answer to {words[0].decode()} makes no sense: is it a Redis?", "garbled"
        ) from error
    if isinstance(reply, hiredis.ReplyError):
        raise refusal(str(reply))
    return reply


def login(sock: socket.socket, user: str | None, password: str | None) -> None:
    """Log in, see that it is a Redis, and say who we are."""
    if password is not None:
        ask(sock, b"AUTH", *([user.encode()] if user else []), password.encode())
    ask(sock, b"PING")
    # Named for `CLIENT LIST`; an ACL may forbid it, and nothing depends on it.
    with contextlib.suppress(BrokerError):
        ask(sock, b"CLIENT", b"SETNAME", PROGRAM.encode())


def info(sock: socket.socket, section: bytes) -> dict[str, str]:
    """A section of INFO; empty where we may not ask."""
    try:
        text: bytes = ask(sock, b"INFO", section)
    except BrokerError:
        return {}
    lines = text.decode("utf-8", "replace").splitlines()
    return dict(line.split(":", 1) for line in lines if ":" in line)


def subscribe(sock: socket.socket, *patterns: bytes) -> bytes:
    """Subscribe; returns what already came behind the replies."""
    replies = [
        b"*3\r\n$10\r\npsubscribe\r\n$%d\r\n%b\r\n:%d\r\n" % (len(pattern), pattern, number)
        for number, pattern in enumerate(patterns, 1)
    ]
    expected = b"".join(replies)
    sock.sendall(command(b"PSUBSCRIBE", *patterns))
    reply = b""
    while len(reply) < len(expected):
        reply += _read(sock)
        if reply.startswith(b"-") and reply.endswith(b"\r\n"):
            raise refusal(reply[1:].split(b"\r\n")[0].decode("utf-8", "replace"))
    if not reply.startswith(expected):
        raise BrokerError("the broker's answer to PSUBSCRIBE makes no sense: is it a Redis?", "garbled")
    return reply[len(expected) :]


def refusal(text: str) -> BrokerError:
    """An error reply as an exception that says what to do."""
    advice = _REFUSALS.get(text.split(" ")[0])
    return BrokerError(f"{advice} ({text})" if advice else f"Redis says: {text}", "refused")


def _read(sock: socket.socket) -> bytes:
    data = sock.recv(READ)
    if not data:
        raise BrokerError("Redis closed the connection during the greeting", "closed")
    return data
