"""A Redis with a worker, shared by the tests of a module: they only ask it things."""

from collections.abc import Iterator

import pytest

from tests.support.celery import worker
from tests.support.redis import RedisServer, redis_server


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def inhabited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """A Redis on which the worker w1@test works."""
    folder = tmp_path_factory.mktemp("inhabited")
    with redis_server(folder / "redis") as server, worker(server.url, folder):
        yield server
