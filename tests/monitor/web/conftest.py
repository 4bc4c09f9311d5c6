"""A store, a running app and clients of it, for every test that wants them."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from tests.monitor.web.apps import client_of, config_for, running
from tests.monitor.web.live import wait_for_servers
from tests.monitor.web.stores import StoreFile
from tests.support.celery import worker
from tests.support.processes import Program
from tests.support.redis import RedisServer, redis_server


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Brokers and backends answer, and kombu is imported, however slow the machine is. Tests of limits set their own.

    Who is not there is refused at once, so no test waits for these.
    """
    wait_for_servers(monkeypatch)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StoreFile]:
    file = StoreFile(tmp_path / "flower.sqlite3")
    yield file
    file.close()


@pytest.fixture
async def app(store: StoreFile) -> AsyncIterator[Starlette]:
    async with running(config_for(store.path)) as started:
        yield started


@pytest.fixture
async def client(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app) as opened:
        yield opened


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """A Redis of the module's own: its worker hears every command."""
    with redis_server(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture(scope="module")
def w1(broker: RedisServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """A worker with a pool of two processes, which can end those of its tasks."""
    with worker(broker.url, tmp_path_factory.mktemp("w1"), pool="prefork") as program:
        yield program


@pytest.fixture
async def stranger(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    """A client without credentials."""
    async with client_of(app, None) as opened:
        yield opened
