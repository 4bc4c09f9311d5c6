"""What a body carries reaches the handler as parameters, or is refused in words."""

from typing import Annotated, Any

import httpx
import msgspec
import pytest
from msgspec import Meta
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response

from flower_monitor.web import bodies, errors
from flower_monitor.web.routing import Body, Call, Route

pytestmark = pytest.mark.anyio

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Pool(msgspec.Struct, frozen=True):
    """Parameters of the routes below."""

    worker: str
    n: Annotated[int, Meta(ge=1, le=100)]
    queue: str | None = None


async def echo(call: Call[Pool]) -> Response:
    """What arrived."""
    return JSONResponse(msgspec.to_builtins(call.parameters))


@pytest.fixture
async def client() -> Any:
    app = Starlette(
        routes=[
            Route("/fields/{worker}", echo, Pool, method="POST", body=Body.FIELDS),
            Route("/api/v1/{worker}", echo, Pool, method="PUT", body=Body.JSON),
        ],
        exception_handlers=errors.handlers(),
    )
    app.state.context = None
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://monitor") as opened:
        yield opened


@pytest.mark.parametrize(
    "sent",
    [
        {"params": {"n": 4}},
        {"data": {"n": 4}},
        {"json": {"n": 4}},
        {"json": {"n": "4"}},
        {"files": {"n": (None, "4")}},
        {"content": b'{"n": 4}', "headers": FORM},
        {"params": {"n": 9}, "data": {"n": 4}},
    ],
    ids=["query", "form", "json", "text in json", "multipart", "json that curl -d calls a form", "form over query"],
)
async def test_a_field_comes_by_query_form_or_json(client: httpx.AsyncClient, sent: dict[str, Any]) -> None:
    response = await client.post("/fields/w1", **sent)

    assert response.json() == {"worker": "w1", "n": 4, "queue": None}


async def test_a_path_can_not_be_overruled(client: httpx.AsyncClient) -> None:
    response = await client.post("/fields/w1", json={"n": 4, "worker": "other"})

    assert response.json()["worker"] == "w1"


async def test_what_is_sent_stays_as_it_is(client: httpx.AsyncClient) -> None:
    response = await client.post("/fields/w1", data={"n": 4, "queue": "a&b <c>"})

    assert response.json()["queue"] == "a&b <c>"


async def test_a_missing_field_is_named_in_flowers_words(client: httpx.AsyncClient) -> None:
    response = await client.post("/fields/w1")

    assert (response.status_code, response.text) == (400, "Missing argument n")


async def test_a_json_route_takes_nothing_from_the_query(client: httpx.AsyncClient) -> None:
    response = await client.put("/api/v1/w1", params={"n": 4})

    assert response.json()["field"] == "n"


@pytest.mark.parametrize("body", [b"[1]", b"{", b"nothing", b"\xff", b"[" * 10_000])
async def test_a_body_that_is_no_object_is_refused(client: httpx.AsyncClient, body: bytes) -> None:
    response = await client.put("/api/v1/w1", content=body)

    assert (response.status_code, response.json()["field"]) == (400, "body")


async def test_a_form_without_end_is_refused(client: httpx.AsyncClient) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x"}

    response = await client.post("/fields/w1", content=b"no form", headers=headers)

    assert response.status_code == 400


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_long_body_is_refused(client: httpx.AsyncClient, *, chunked: bool) -> None:
    long = b" " * (bodies.LONGEST + 1)

    async def chunks() -> Any:
        yield long

    response = await client.put("/api/v1/w1", content=chunks() if chunked else long)

    assert response.status_code == 413
