"""HTTP to a monitor."""

import http.client
import os
import time
from base64 import b64encode
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlparse

LOGIN = "BENCH_BASIC_AUTH"
"""Environment variable with `user:password`, sent with every request; load generators get it too."""


class Request(NamedTuple):
    """What is asked."""

    path: str
    method: str = "GET"
    body: str | None = None
    headers: Mapping[str, str] = {}


class Answer(NamedTuple):
    """What came back, and after how many seconds."""

    status: int
    body: bytes
    seconds: float


def login() -> dict[str, str]:
    """The header of a monitor that is closed without it."""
    found = os.environ.get(LOGIN)
    return {"Authorization": f"Basic {b64encode(found.encode()).decode()}"} if found else {}


class Api:
    """One connection that is kept, and made again once when the monitor closed it."""

    def __init__(self, url: str, timeout: float = 120) -> None:
        parsed = urlparse(url)
        self._host, self._port = parsed.hostname or "127.0.0.1", parsed.port or 80
        self._timeout = timeout
        self._connection: http.client.HTTPConnection | None = None

    def get(self, path: str) -> Answer:
        """GET."""
        return self.ask(Request(path))

    def ask(self, request: Request) -> Answer:
        """The answer, the time of a lost connection included."""
        start = time.perf_counter()
        if self._connection is not None:
            try:
                return self._try(self._connection, request, start)
            except (OSError, http.client.HTTPException):
                self.close()
        self._connection = http.client.HTTPConnection(self._host, self._port, timeout=self._timeout)
        try:
            return self._try(self._connection, request, start)
        except (OSError, http.client.HTTPException):
            self.close()
            raise

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _try(self, connection: http.client.HTTPConnection, request: Request, start: float) -> Answer:
        connection.request(request.method, request.path, request.body, {**login(), **request.headers})
        response = connection.getresponse()
        data = response.read()
        return Answer(response.status, data, time.perf_counter() - start)


def wait_visible(url: str, uuid: str, timeout: float, interval: float = 0.02) -> float | None:
    """Seconds until a task can be read; None when it can't within `timeout`."""
    api, start = Api(url, max(timeout, 1.0)), time.monotonic()
    try:
        while time.monotonic() - start < timeout:
            if answers(api, f"/api/task/info/{uuid}"):
                return time.monotonic() - start
            time.sleep(interval)
    finally:
        api.close()
    return None


def answers(api: Api, path: str) -> bool:
    """Whether a path answers 200 now."""
    try:
        return api.get(path).status == 200
    except (OSError, http.client.HTTPException):
        return False
