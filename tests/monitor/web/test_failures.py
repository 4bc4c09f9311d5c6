"""`/api/v1/failures`: what fails, by task, exception and place."""

from typing import Any

import httpx
import pytest

from flower_monitor.store import failures
from flower_monitor.store.failures import Failed, Place, grouped, place_of
from tests.monitor.web.stores import StoreFile, task

pytestmark = pytest.mark.anyio

TRACEBACK = """Traceback (most recent call last):
  File "/app/.venv/lib/python3.11/site-packages/celery/app/trace.py", line 453, in trace_task
    R = retval = fun(*args, **kwargs)
  File "/app/shop/orders.py", line {line}, in place
    charge(order)
  File "/app/.venv/lib/python3.11/site-packages/requests/adapters.py", line 501, in send
    raise ConnectionError(err, request=request)
requests.exceptions.ConnectionError: nobody there
"""
AT = 1_800_000_000.0


def failed(at: float = AT, **fields: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "state": "FAILURE", "failed": at, "received": at - 1, "succeeded": None, "result": None,
        "exception": "ConnectionError('nobody there')", "traceback": TRACEBACK.format(line=7),
    }  # fmt: skip
    return task(**values | fields)


async def asked(client: httpx.AsyncClient, **query: Any) -> Any:
    answer = await client.get("/api/v1/failures", params={"start": AT - 3600, "end": AT + 3600, **query})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_failures_of_one_place_are_one(client: httpx.AsyncClient, store: StoreFile) -> None:
    newest = failed(AT + 60, traceback=TRACEBACK.format(line=9), worker="w2@host")
    store.add(failed(AT), newest, task())

    (group,) = (await asked(client))["groups"]

    assert (group["n"], group["first"], group["last"], group["task"]) == (2, AT, AT + 60, newest["uuid"])
    assert group["place"] == {"file": "/app/shop/orders.py", "line": 9, "function": "place"}
    assert (group["name"], group["exception"]) == ("tasks.add", "ConnectionError")
    assert (group["workers"], group["queues"]) == ({"w2@host": 1, "w1@host": 1}, {"celery": 2})
    assert (sum(group["parts"]), group["parts"][12]) == (2, 2)


@pytest.mark.parametrize(
    "other",
    [
        {"name": "tasks.other"},
        {"exception": "ValueError('x')"},
        {"traceback": TRACEBACK.replace("in place", "in cancel").format(line=7)},
        {"traceback": TRACEBACK.replace("orders.py", "mails.py").format(line=7)},
        {"traceback": None},
    ],
)
async def test_what_differs_is_told_apart(client: httpx.AsyncClient, store: StoreFile, other: dict[str, Any]) -> None:
    store.add(failed(AT), failed(AT + 1, **other))

    assert [group["n"] for group in (await asked(client))["groups"]] == [1, 1]


async def test_no_more_tasks_are_looked_at_than_asked_for(client: httpx.AsyncClient, store: StoreFile) -> None:
    store.add(*(failed(AT + number) for number in range(5)))

    body = await asked(client, limit=3)

    assert (body["looked"], body["more"], body["groups"][0]["n"]) == (3, True, 3)
    assert (await asked(client, limit=5))["more"] is False


async def test_only_the_range_is_looked_at(client: httpx.AsyncClient, store: StoreFile) -> None:
    store.add(failed(AT - 7200), failed(AT + 7200))

    assert (await asked(client))["groups"] == []


@pytest.mark.parametrize(("query", "field"), [("limit=0", "limit"), ("start=9&end=8", "end"), ("by=x", "by")])
async def test_a_wrong_parameter_is_named(client: httpx.AsyncClient, query: str, field: str) -> None:
    answer = await client.get(f"/api/v1/failures?{query}")

    assert (answer.status_code, answer.json()["field"]) == (400, field)


def test_only_some_workers_are_named_and_the_rest_counted() -> None:
    tasks = [Failed(str(n), "t", f"w{n}", "q", 1.0, "E()", None) for n in range(failures.NAMED + 3)]

    (group,) = grouped(tasks, 0.0, 2.0)

    assert (len(group.workers), group.other_workers) == (failures.NAMED, 3)


@pytest.mark.parametrize(
    ("traceback", "place"),
    [
        (None, None),
        ("no traceback", None),
        ('  File "/usr/lib/python3.11/json.py", line 3, in load', ("/usr/lib/python3.11/json.py", 3, "load")),
        ('  File "/app/a.py", line 1, in <lambda>\n  File "/app/b.py", line 2, in run', ("/app/b.py", 2, "run")),
    ],
)  # fmt: skip
def test_the_place_is_the_innermost_of_the_own_code(traceback: str | None, place: tuple[str, int, str] | None) -> None:
    assert place_of(traceback) == (place and Place(*place))


def test_an_exception_without_a_class_is_shown_as_it_is() -> None:
    (group,) = grouped([Failed("1", None, None, None, 1.0, "what a mess", None)], 0.0, 2.0)

    assert (group.exception, group.message, group.workers) == ("", "what a mess", {})
