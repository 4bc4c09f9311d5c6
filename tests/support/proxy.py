"""A TCP proxy that cuts a connection at a byte: a real broker can't be told to."""

import contextlib
import socket
import threading
from collections.abc import Iterator


class Proxy:
    """Passes bytes on between its clients and one server."""

    def __init__(self, port: int) -> None:
        self._server = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._left: int | None = None
        self._flowing = threading.Event()
        self._flowing.set()
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._run(self._accept)

    def cut_after(self, count: int) -> None:
        """Pass on so many bytes more from the server, and then reset its connection to the client."""
        self._left = count

    def freeze(self) -> None:
        """Pass nothing on any more, in either direction, and close nothing: as a cable that is pulled."""
        self._flowing.clear()

    def close(self) -> None:
        """End all."""
        self._flowing.set()
        _shut(self._listener)
        self._threads[0].join()  # it may have taken one more a moment ago
        for sock in self._open:
            _shut(sock)
        for thread in self._threads:
            thread.join()
        for sock in (self._listener, *self._open):
            sock.close()

    def _run(self, work: object, *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self._open.append(client)
            try:
                server = socket.create_connection(("127.0.0.1", self._server))
            except OSError:  # as a proxy whose server is not there
                _shut(client)
                continue
            self._open.append(server)
            self._run(self._pass, client, server, False)
            self._run(self._pass, server, client, True)

    def _pass(self, source: socket.socket, target: socket.socket, counted: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(1 << 16):
                self._flowing.wait()
                if counted and self._left is not None:
                    data, self._left = data[: self._left], self._left - len(data)
                target.sendall(data)
                if counted and self._left is not None and self._left <= 0:
                    self._left = None
                    break
        _shut(source)
        _shut(target)


def _shut(sock: socket.socket) -> None:
    """End it; who waits for it learns of that at once."""
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def proxy(port: int) -> Iterator[Proxy]:
    """A proxy for as long as the block lasts."""
    started = Proxy(port)
    try:
        yield started
    finally:
        started.close()
