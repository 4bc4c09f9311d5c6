"""Read-only mode: the door refuses everything that changes something, whoever asks."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.monitor.web.apps import client_of, config_for, running
from tests.monitor.web.stores import StoreFile

pytestmark = pytest.mark.anyio


@pytest.fixture
async def client(store: StoreFile) -> AsyncIterator[httpx.AsyncClient]:
    async with running(config_for(store.path, read_only=True)) as app, client_of(app) as opened:
        yield opened


@pytest.mark.parametrize("path", ["/api/worker/shutdown/w1@host", "/api/task/revoke/x", "/api/task/apply/tasks.add"])
async def test_a_write_of_flowers_is_refused_in_its_words(client: httpx.AsyncClient, path: str) -> None:
    response = await client.post(path)

    assert response.status_code == 403
    assert response.text == "Read only mode is enabled"
    assert response.headers["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_a_write_of_ours_is_refused_with_a_problem(client: httpx.AsyncClient, method: str) -> None:
    response = await client.request(method, "/api/v1/workers/w1@host/pool")

    assert response.status_code == 403
    assert response.json()["type"].endswith(":read-only")


@pytest.mark.parametrize("path", ["/api/workers", "/api/tasks", "/api/v1/tasks", "/", "/metrics"])
async def test_looking_goes_on(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 200


async def test_a_stranger_is_asked_to_log_in_first(client: httpx.AsyncClient) -> None:
    response = await client.post("/api/task/revoke/x", auth=("nobody", "x"))

    assert response.status_code == 401
