"""What goes on beside the load in production: scrapes, people with the page open, requests for it."""

import contextlib
import http.client
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlparse

from bench.options import option
from bench.sut.api import login
from bench.sut.monitor import Monitor


@dataclass(frozen=True, kw_only=True)
class Extra:
    """How much of it."""

    scrape: float = option(15, "seconds between two scrapes of /metrics; 0: none")
    subscribers: int = option(5, "subscribers to the live stream, where the monitor has one")
    pages: float = option(10, "requests for the first page a second; 0: none")


@dataclass
class Extras:
    """Threads that do it, for as long as the block lasts."""

    monitor: Monitor
    extra: Extra
    page_s: list[float] = field(default_factory=list)
    """Latencies of the first page."""

    scrape_s: list[float] = field(default_factory=list)
    streamed: list[int] = field(default_factory=list)
    """Bytes that each subscriber got."""

    failures: list[str] = field(default_factory=list)
    """Answers that were none."""

    _over: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)
    _sockets: list[socket.socket] = field(default_factory=list)

    def __enter__(self) -> "Extras":
        extra, stream = self.extra, self.monitor.profile.stream
        if extra.scrape:
            self._run(self._scrape)
        if extra.pages:
            self._run(self._pages)
        if stream is not None:
            for number in range(extra.subscribers):
                self.streamed.append(0)
                self._run(lambda number=number: self._subscribe(stream, number))  # type: ignore[misc]
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for one in self._sockets:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(30)

    def _run(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        self._threads.append(thread)

    def _scrape(self) -> None:
        api = self.monitor.api(30)
        while not self._over.wait(self.extra.scrape):
            self._ask(lambda: self.scrape_s.append(api.get("/metrics").seconds))

    def _pages(self) -> None:
        """At a fixed rate; a request that is late is not made up for."""
        api, due = self.monitor.api(30), time.monotonic()
        while not self._over.wait(max(0.0, due - time.monotonic())):
            due = max(due + 1 / self.extra.pages, time.monotonic())
            self._ask(lambda: self.page_s.append(api.ask(self.monitor.profile.first_page).seconds))

    def _ask(self, ask: Callable[[], None]) -> None:
        try:
            ask()
        except (OSError, http.client.HTTPException) as error:
            self.failures.append(repr(error))

    def _subscribe(self, path: str, number: int) -> None:
        where = urlparse(self.monitor.url)
        connection = http.client.HTTPConnection(where.hostname or "127.0.0.1", where.port, timeout=60)
        try:
            connection.connect()
            self._sockets.append(connection.sock)
            connection.request("GET", path, headers=login())
            response = connection.getresponse()
            while line := response.readline():
                self.streamed[number] += len(line)
        except (OSError, http.client.HTTPException) as error:
            if not self._over.is_set():
                self.failures.append(repr(error))
        finally:
            connection.close()
