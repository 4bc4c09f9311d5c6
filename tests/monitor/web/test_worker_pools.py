"""`/api/v1/worker-pools`: what the page of all workers shows of their pools."""

import httpx
import pytest
from starlette.applications import Starlette

from flower_monitor.web.v1.worker_pools import pools
from tests.monitor.web.stores import StoreFile
from tests.monitor.web.test_inspection import FakeControl

pytestmark = pytest.mark.anyio


async def test_pools_are_asked_for_once(app: Starlette, client: httpx.AsyncClient, store: StoreFile) -> None:
    control = FakeControl()
    stats = {"pool": {"implementation": "a.b:TaskPool", "max-concurrency": 2, "processes": [1, 2, 3]}}
    control.replies = {"w1@host": {"stats": stats, "active_queues": [{"name": "b"}, {"name": "a"}]}}
    app.state.context.inspection._control = control
    store.worker("w1@host")

    for _ in range(2):
        (pool,) = (await client.get("/api/v1/worker-pools")).json()["items"]

    assert len(control.asked) == 1
    assert (pool["hostname"], pool["pool"], pool["concurrency"]) == ("w1@host", "a.b:TaskPool", 3)
    assert (pool["autoscales"], pool["queues"]) == (False, ["a", "b"])


def test_a_worker_that_told_nothing_of_its_pool_is_left_out() -> None:
    assert pools({"w1@host": {"timestamp": 1.0, "conf": {}}}, 2.0) == []
