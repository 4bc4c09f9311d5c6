"""Somebody who is asked before pools are sized, on a real socket."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec
from typing_extensions import override


class Receiver:
    """Answers each request the same, and keeps what came."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.status = 200
        self.answer = b""
        self.silent = threading.Event()
        """Set: requests are answered. Else they wait."""

        self.silent.set()
        self.endless = False
        """The answer never ends."""

        self.requests: list[tuple[dict[str, str], bytes]] = []

    @property
    def bodies(self) -> list[dict[str, Any]]:
        """The bodies that came."""
        return [msgspec.json.decode(body) for _, body in self.requests]


@contextmanager
def receiver() -> Iterator[Receiver]:
    """A receiver for as long as the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            made.requests.append(({name.lower(): value for name, value in self.headers.items()}, body))
            made.silent.wait(30)
            self.send_response(made.status)
            if made.status == 302:
                self.send_header("location", f"{made.url}/elsewhere")
            if not made.endless:
                self.send_header("content-length", str(len(made.answer)))
            with suppress(ConnectionError):  # who asked may have given up
                self.end_headers()
                self.wfile.write(made.answer)
                while made.endless:
                    self.wfile.write(b" ")
                    time.sleep(0.01)

        @override
        def log_message(self, format: str, *args: object) -> None:
            """To nobody."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made = Receiver(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, name="receiver")
    thread.start()
    try:
        yield made
    finally:
        made.silent.set()
        made.endless = False
        server.shutdown()
        server.server_close()
        thread.join()
