"""A Redis with a worker, shared by the tests of a module: they only ask it things."""

from collections.abc import Iterator

import pytest

from flower_monitor import control
from flower_monitor.library import events
from tests.support.celery import worker
from tests.support.patience import PATIENCE
from tests.support.redis import RedisServer, redis_server


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broker on a busy machine may be slow."""
    monkeypatch.setattr(events, "CONNECT_TIMEOUT", PATIENCE)
    for name in ("CONNECT_TIMEOUT", "SOCKET_TIMEOUT", "DEADLINE"):
        monkeypatch.setattr(control, name, PATIENCE)


@pytest.fixture(scope="module")
def inhabited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """A Redis on which the worker w1@test works."""
    folder = tmp_path_factory.mktemp("inhabited")
    with redis_server(folder / "redis") as server, worker(server.url, folder):
        yield server
