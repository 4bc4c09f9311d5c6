"""`GET /api/v1/tasks/{uuid}/call`: what it takes to send a task again, and what of it is in doubt."""

from typing import Any

import httpx
import pytest

from tests.monitor.web.stores import StoreFile, task

pytestmark = pytest.mark.anyio


async def call(client: httpx.AsyncClient, store: StoreFile, **fields: Any) -> Any:
    store.add(task("one", **fields))
    return (await client.get("/api/v1/tasks/one/call")).json()


async def test_what_events_told_is_there_as_json(client: httpx.AsyncClient, store: StoreFile) -> None:
    found = await call(client, store, args="('a', [1, None], 12345678901234567890123)", kwargs="{'on': True}")

    assert (found["args"], found["kwargs"]) == ('["a", [1, null], 12345678901234567890123]', '{"on": true}')
    assert (found["name"], found["queue"], found["doubts"]) == ("tasks.add", "celery", [])


@pytest.mark.parametrize(
    ("fields", "field", "word"),
    [
        ({"args": None}, "args", "no event"),
        ({"kwargs": None}, "kwargs", "no event"),
        ({"args": "('aaa...', 1)"}, "args", "cut"),
        ({"args": "(1, 2, ...)"}, "args", "cut"),
        ({"kwargs": "{'password': '[redacted]'}"}, "kwargs", "redaction"),
        ({"args": "(<Order 4711>,)"}, "args", "JSON"),
        ({"args": "(datetime.date(2026, 1, 1),)"}, "args", "JSON"),
        ({"args": "({1, 2},)"}, "args", "JSON"),
        ({"args": "(1e999,)"}, "args", "JSON"),
        ({"kwargs": "{1: 'a'}"}, "kwargs", "JSON"),
        ({"kwargs": "[1]"}, "kwargs", "JSON"),
        ({"queue": None}, "queue", "celery"),
        ({"name": None}, "name", "no event"),
    ],
)
async def test_what_is_in_doubt_is_said(
    client: httpx.AsyncClient, store: StoreFile, fields: dict[str, Any], field: str, word: str
) -> None:
    (doubt,) = (await call(client, store, **fields))["doubts"]

    assert doubt["field"] == field
    assert word in doubt["why"]


async def test_what_this_monitor_cut_is_in_doubt(client: httpx.AsyncClient, store: StoreFile) -> None:
    found = await call(client, store, args="('abc… (12 characters cut)", cut='{"args": 12}')

    assert found["doubts"] == [{"field": "args", "why": "it was cut on its way here: put in what is missing"}]


async def test_a_task_of_delayed_delivery_has_the_routing_key_to_go_by(
    client: httpx.AsyncClient, store: StoreFile
) -> None:
    from kombu.transport.native_delayed_delivery import calculate_routing_key

    key = calculate_routing_key(600, "orders.new")

    found = await call(client, store, queue=None, exchange="celery_delayed_27", routing_key=key)

    assert found["queue"] is None
    assert "the routing key orders.new:" in found["doubts"][0]["why"]


async def test_an_endless_nesting_is_no_error(client: httpx.AsyncClient, store: StoreFile) -> None:
    found = await call(client, store, args="(" * 5000)

    assert found["args"] is None


async def test_a_task_that_is_not_known(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/v1/tasks/nobody/call")).status_code == 404
