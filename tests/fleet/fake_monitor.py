"""A monitor that answers like ours, and can fail in ways that a real one can't be made to."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread

from typing_extensions import override

from tests.fleet.made import summary_body

Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class FakeMonitor:
    """A small HTTP server on a free port of loopback."""

    port: int = 0
    token: str | None = None
    """The only bearer token that is accepted; None accepts any."""
    answer: Answer = field(default=lambda handler: reply(handler, 200, summary_body()))
    paths: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    """Of each request, names in lower case."""
    closing: Event = field(default_factory=Event)
    """Ends the answers that hang."""
    lock: Lock = field(default_factory=Lock)
    """Keeps what belongs to one request at one place of the lists."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def handle(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer one request."""
        authorization = handler.headers.get("Authorization", "")
        with self.lock:
            self.paths.append(handler.path)
            self.headers.append({name.lower(): value for name, value in handler.headers.items()})
            self.tokens.append(authorization.removeprefix("Bearer "))
        if self.token is not None and authorization != f"Bearer {self.token}":
            reply(handler, 401, b"{}")
        else:
            self.answer(handler)

    def hang(self, _handler: BaseHTTPRequestHandler) -> None:
        """Never answer."""
        self.closing.wait()


def reply(handler: BaseHTTPRequestHandler, status: int, body: bytes, **headers: str) -> None:
    """Send an answer."""
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(body)))
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


@contextmanager
def fake_monitor() -> Iterator[FakeMonitor]:
    """Run one."""
    fake = FakeMonitor()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            fake.handle(self)

        @override
        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        @override
        def handle_error(self, request: object, client_address: object) -> None:
            """A client that went away is part of the tests."""

    with Server(("127.0.0.1", 0), Handler) as server:
        fake.port = server.server_port
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="fake monitor")
        thread.start()
        try:
            yield fake
        finally:
            fake.closing.set()
            server.shutdown()
            thread.join()
