"""Policies over HTTP, and what they have come to."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from flower_monitor.autoscale import engine
from flower_monitor.autoscale.policies import kept_beside
from tests.monitor.web.apps import client_of, config_for, running
from tests.monitor.web.stores import StoreFile

pytestmark = pytest.mark.anyio

PATH = "/api/v1/autoscale/policies"
POLICY: dict[str, Any] = {"match": {"queue": "work"}, "min": 2, "max": 8}
WHOLE = {
    "name": "orders",
    "match": {"queue": "work", "hostname": None},
    "min": 2,
    "max": 8,
    "metric": "load",
    "target": 0.8,
    "scaleUpStep": None,
    "scaleDownStep": 1,
    "stabilizationSeconds": {"up": 30, "down": 300},
    "cooldown": 30,
    "dryRun": False,
}
FILE = '{"policies": [{"name": "fixed", "match": {"queue": "work"}, "max": 8}]}'


@pytest.fixture(autouse=True)
def _one_round(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is decided between two requests of a test."""
    monkeypatch.setattr(engine, "INTERVAL", 3600.0)


@pytest.fixture
async def filed(store: StoreFile, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a monitor with a file of policies."""
    file = tmp_path / "policies.json"
    file.write_text(FILE)
    async with running(config_for(store.path, autoscale_file=file)) as app, client_of(app) as client:
        yield client


async def test_a_policy_is_put_and_read_and_deleted(client: httpx.AsyncClient) -> None:
    put = await client.put(f"{PATH}/orders", json=POLICY)
    listed, one = [(await client.get(path)).json() for path in (PATH, f"{PATH}/orders")]
    deleted = await client.delete(f"{PATH}/orders")
    after = await client.get(f"{PATH}/orders")

    assert (put.status_code, deleted.status_code, after.status_code) == (200, 200, 404)
    assert put.json() == {"policy": WHOLE, "source": "api", "state": None, "results": {}}
    assert (listed["items"], listed["enabled"], listed["problem"]) == ([one], True, None)
    assert deleted.json()["items"] == []


async def test_what_is_read_can_be_put_again(client: httpx.AsyncClient) -> None:
    await client.put(f"{PATH}/orders", json=POLICY)
    read = (await client.get(f"{PATH}/orders")).json()["policy"]

    again = await client.put(f"{PATH}/orders", json=read)

    assert (again.status_code, again.json()["policy"]) == (200, read)


@pytest.mark.parametrize(
    ("body", "field", "why"),
    [
        ({}, "match", "Missing"),
        ({**POLICY, "max": 0}, "max", "from 1 to"),
        ({**POLICY, "min": 9}, "request", "9 is more than max"),
        ({**POLICY, "metric": "cpu"}, "metric", "one of load"),
        ({**POLICY, "match": {}}, "match", ""),
        ({**POLICY, "dry_run": True}, "dry_run", "Unknown"),
        ({**POLICY, "name": "invoices"}, "name", "the address 'orders'"),
    ],
)
async def test_what_is_wrong_is_400_and_named(
    client: httpx.AsyncClient, body: dict[str, Any], field: str, why: str
) -> None:
    answer = await client.put(f"{PATH}/orders", json=body)

    assert (answer.status_code, answer.json()["field"]) == (400, field)
    assert why in answer.json()["detail"]


async def test_a_name_that_kubernetes_would_not_take_is_400(client: httpx.AsyncClient) -> None:
    assert (await client.put(f"{PATH}/Orders_1", json=POLICY)).status_code == 400


async def test_a_policy_of_the_file_is_changed_there(filed: httpx.AsyncClient) -> None:
    answers = [await filed.put(f"{PATH}/fixed", json=POLICY), await filed.delete(f"{PATH}/fixed")]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert "--autoscale-file" in answers[0].json()["detail"]
    assert (await filed.get(f"{PATH}/fixed")).json()["source"] == "file"


async def test_a_file_that_is_put_wrong_is_told(filed: httpx.AsyncClient, tmp_path: Path) -> None:
    (tmp_path / "policies.json").write_text(FILE.replace("8", '"x"'))

    body = (await filed.get(PATH)).json()

    assert (body["items"], "Expected `int`" in body["problem"]) == ([], True)


async def test_the_switch_is_kept(client: httpx.AsyncClient, store: StoreFile) -> None:
    off = await client.put("/api/v1/autoscale/switch", json={"enabled": False})

    assert off.json()["enabled"] is False
    assert b'"enabled": false' in kept_beside(store.path).read_bytes()


async def test_what_is_changed_is_written_down(client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", "flower_monitor.web.audit"):
        await client.put("/api/v1/autoscale/switch", json={"enabled": False})

    assert "PUT '/api/v1/autoscale/switch' 'enabled=False' -> 200" in caplog.text


async def test_what_is_switched_off_is_off_even_where_that_can_not_be_kept(
    client: httpx.AsyncClient, store: StoreFile
) -> None:
    """A full disk must not keep policies going."""
    kept_beside(store.path).mkdir()  # nothing can take its place

    off = await client.put("/api/v1/autoscale/switch", json={"enabled": False})
    put = await client.put(f"{PATH}/orders", json=POLICY)

    assert (off.status_code, put.status_code) == (503, 503)
    assert "off until the next start" in off.json()["detail"]
    assert (await client.get(PATH)).json()["enabled"] is False
