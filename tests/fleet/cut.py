"""A line between the fleet and the API server that can be cut. All that is behind it is real."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock, Thread
from urllib.parse import urlsplit

import yaml


@dataclass
class Line:
    """Forwards TCP connections while it is whole."""

    port: int
    whole: bool = True
    sockets: set[socket.socket] = field(default_factory=set)
    lock: Lock = field(default_factory=Lock)
    """Nobody connects while the line is cut."""

    def cut(self) -> None:
        """End all connections and take no new ones."""
        with self.lock:
            self.whole = False
            for end in list(self.sockets):
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def join(self, near: socket.socket, target: tuple[str, int]) -> socket.socket | None:
        """Connect what has come to where the line leads; None while it is cut."""
        with self.lock:
            if not self.whole:
                near.close()
                return None
            far = socket.create_connection(target)
            self.sockets |= {near, far}
            return far

    def mend(self) -> None:
        """Take connections again."""
        self.whole = True


@contextmanager
def line_to(url: str) -> Iterator[Line]:
    """A line to the server of a URL."""
    parts = urlsplit(url)
    target = (str(parts.hostname), int(parts.port or 443))
    listener = socket.create_server(("127.0.0.1", 0))
    line = Line(listener.getsockname()[1])
    thread = Thread(target=_accept, args=(line, listener, target), name="line")
    thread.start()
    try:
        yield line
    finally:
        line.cut()
        # Wakes the thread in accept(); closing alone would leave it there.
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        thread.join()
        listener.close()


def _accept(line: Line, listener: socket.socket, target: tuple[str, int]) -> None:
    pumps: list[Thread] = []
    while True:
        try:
            near, _ = listener.accept()
        except OSError:
            break
        far = line.join(near, target)
        if far is None:
            continue
        for source, sink in ((near, far), (far, near)):
            pumps.append(Thread(target=_pump, args=(line, source, sink), name="pump"))
            pumps[-1].start()
    for pump in pumps:
        pump.join()


def _pump(line: Line, source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
    with line.lock:
        line.sockets -= {source}
    source.close()


def through(line: Line, kubeconfig: str, folder: Path) -> Path:
    """A kubeconfig that leads through the line."""
    config = yaml.safe_load(Path(kubeconfig).read_text())
    for cluster in config["clusters"]:
        cluster["cluster"]["server"] = f"https://127.0.0.1:{line.port}"
    path = folder / "kubeconfig"
    path.write_text(yaml.safe_dump(config))
    return path
