"""What a client may send before there is a request, and how long that may take: nobody has logged in by then."""

import contextlib
import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from flower_monitor.web import bodies, connection
from tests.monitor.web.apps import ADMIN, config_for
from tests.monitor.web.servers import serving
from tests.monitor.web.stores import StoreFile
from tests.support.patience import PATIENCE
from tests.support.processes import until

LINE = b"GET /livez HTTP/1.1\r\nHost: x\r\n"
AS_ADMIN = b"Authorization: %s\r\n" % next(ADMIN.auth_flow(httpx.Request("GET", "/"))).headers["Authorization"].encode()
PIECE = b"a" * (16 << 10)


@pytest.fixture
def port(store: StoreFile) -> Iterator[int]:
    with serving(config_for(store.path)) as url:
        yield int(url.rpartition(":")[2])


@contextmanager
def connected(port: int) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as opened:
        yield opened


def answer(opened: socket.socket) -> bytes:
    """Everything until the monitor hangs up."""
    return b"".join(iter(lambda: opened.recv(1 << 16), b""))


def pour(opened: socket.socket, piece: bytes) -> threading.Thread:
    """Send one piece after the other until the monitor takes no more."""

    def send() -> None:
        try:
            while True:
                opened.sendall(piece)
        except OSError:
            return

    thread = threading.Thread(target=send)
    thread.start()
    return thread


@pytest.mark.parametrize(
    ("begin", "piece"),
    [
        (b"GET /livez?", PIECE),
        (LINE + b"X: ", PIECE),
        (LINE, b"X: " + PIECE[:1000] + b"\r\n"),
        (b"", b"\r\n" * 8000),
        (b"POST /api/v1/tasks HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: ", PIECE),
        (b"POST /api/v1/tasks HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1;", PIECE),
    ],
    ids=["address", "a header", "headers", "blank lines", "a trailer", "a chunk's extension"],
)
def test_who_never_comes_to_an_end_is_hung_up_on(port: int, begin: bytes, piece: bytes) -> None:
    with connected(port) as opened:
        opened.sendall(begin)
        sending = pour(opened, piece)
        sending.join(PATIENCE)

        assert not sending.is_alive()


def test_it_is_told_how_long_a_head_may_be(port: int) -> None:
    with connected(port) as opened:
        opened.sendall((LINE + b"X: ").ljust(connection.LONGEST_HEAD + 1, b"a"))
        said = answer(opened)

    assert said.startswith(b"HTTP/1.1 431 Request Header Fields Too Large\r\n")
    assert said.endswith(b"may have 64 KiB")


def test_a_long_head_within_the_bound_is_answered(port: int) -> None:
    with connected(port) as opened:
        opened.sendall(LINE + b"Connection: close\r\nX: " + b"a" * (connection.LONGEST_HEAD - 200))
        opened.sendall(b"\r\n\r\n")

        assert answer(opened).startswith(b"HTTP/1.1 200 OK")


def test_many_requests_and_long_bodies_on_one_connection_are_no_long_head(port: int) -> None:
    body = b" " * 40_000
    post = b"POST /api/v1/tasks HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    with connected(port) as opened:
        opened.sendall(post * 4 + LINE + b"Connection: close\r\n\r\n")
        said = answer(opened)

    assert (said.count(b"HTTP/1.1 401"), said.count(b"HTTP/1.1 200 OK")) == (4, 1)


@pytest.mark.parametrize(
    ("answered", "then"),
    [
        (b"", LINE),
        (LINE + b"\r\n", LINE),
        (b"POST /api/v1/tasks HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n", b"x"),
    ],
    ids=["half a request", "half of the next one", "a body that a refused request has"],
)
def test_who_falls_silent_is_hung_up_on(
    port: int, answered: bytes, then: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connected(port) as opened:
        if answered:
            opened.sendall(answered)
            opened.recv(1 << 16)
        opened.sendall(then)
        monkeypatch.setattr(connection, "HEAD_WITHIN", 0.1)
        # What it had not read yet when it hung up makes a reset of it.
        with contextlib.suppress(ConnectionResetError):
            answer(opened)


def test_who_says_nothing_is_told_why_it_is_hung_up_on(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "HEAD_WITHIN", 0.1)
    with connected(port) as opened:
        assert answer(opened).startswith(b"HTTP/1.1 408 Request Timeout\r\n")


def test_a_connection_may_idle_between_two_requests(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client keeps it for its next request: nothing is hung up on after a whole one."""
    with connected(port) as kept, connected(port) as silent:
        kept.sendall(LINE + b"\r\n")
        kept.recv(1 << 16)
        monkeypatch.setattr(connection, "HEAD_WITHIN", 0.1)
        answer(silent)
        kept.sendall(LINE + b"Connection: close\r\n\r\n")

        assert b"HTTP/1.1 200 OK" in answer(kept)


def test_a_body_that_does_not_come_is_408(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "WITHIN", 0.2)
    with connected(port) as opened:
        opened.sendall(b"POST /api/v1/tasks HTTP/1.1\r\nHost: x\r\n" + AS_ADMIN + b"Content-Length: 99\r\n\r\n{")
        said = answer(opened)

    assert said.startswith(b"HTTP/1.1 408 ")
    assert b'"field":"body"' in said


def test_a_client_that_leaves_amid_its_body_is_no_defect(port: int, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    with connected(port) as opened:
        opened.sendall(b"POST /api/v1/tasks HTTP/1.1\r\nHost: x\r\n" + AS_ADMIN + b"Content-Length: 99\r\n\r\n{")

    until(lambda: "POST '/api/v1/tasks'" in caplog.text, "the request is written down")
    assert "-> 400" in caplog.text
    assert "Exception in ASGI application" not in caplog.text
