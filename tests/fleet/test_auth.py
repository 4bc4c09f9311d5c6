"""The door: every path, every kind of credential."""

import base64
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from flower_operator.fleet.auth import Authenticator, AuthMiddleware, decode_basic
from flower_operator.fleet.identity import Identity, Refusal, Verdict

pytestmark = pytest.mark.anyio


@dataclass
class Secret:
    """The content of the fleet's Secret."""

    username: str = "admin"
    password: str = "pässword"


async def check_token(token: str) -> Verdict:
    return Identity("alice") if token == "good" else Refusal(401, "no")


async def whoami(scope: Scope, receive: Receive, send: Send) -> None:
    """The application behind the door."""
    identity = scope.get("identity")
    await PlainTextResponse(identity.name if identity else "nobody")(scope, receive, send)


def basic(username: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(Secret()) as made:
        yield made


def client_of(secret: Secret | None) -> httpx.AsyncClient:
    app = AuthMiddleware(whoami, Authenticator(lambda: secret, check_token))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://fleet")


@pytest.mark.parametrize("path", ["/", "/assets/app.js", "/metrics", "/api/v1/monitors", "/no/such/path"])
async def test_nothing_is_shown_without_login(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 401


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
async def test_probes_need_no_login(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).text == "nobody"


@pytest.mark.parametrize("path", ["/livez/", "/livez/../metrics", "//livez", "/LIVEZ", "/livez%2f..%2fmetrics"])
async def test_what_only_looks_like_a_probe_needs_a_login(client: httpx.AsyncClient, path: str) -> None:
    request = client.build_request("GET", "/")
    request.url = httpx.URL(f"http://fleet{path}")
    assert (await client.send(request)).status_code == 401


async def test_the_secrets_user_gets_in(client: httpx.AsyncClient) -> None:
    answer = await client.get("/", headers={"Authorization": basic("admin", "pässword")})
    assert (answer.status_code, answer.text) == (200, "admin")


async def test_a_browser_gives_a_kubernetes_token_as_password(client: httpx.AsyncClient) -> None:
    answer = await client.get("/", headers={"Authorization": basic("token", "good")})
    assert (answer.status_code, answer.text) == (200, "alice")


@pytest.mark.parametrize(
    "authorization",
    [
        basic("token", "bad"),
        basic("token", ""),
        basic("token", "pässword"),
        basic("admin", "good"),
        basic("admin", "wrong"),
        basic("root", "pässword"),
        basic("", ""),
        basic("admin", ""),
        "Basic",
        "Basic !!!",
        "Basic " + base64.b64encode(b"no colon").decode(),
        "Basic " + base64.b64encode(b"\xff:\xff").decode(),
        "Bearer",
        "Bearer bad",
        "Digest good",
        "good",
    ],
)
async def test_wrong_or_malformed_credentials_are_refused(client: httpx.AsyncClient, authorization: str) -> None:
    assert (await client.get("/", headers={"Authorization": authorization})).status_code == 401


@pytest.mark.parametrize("authorization", ["Bearer good", "bearer good", "Bearer  good "])
async def test_a_good_token_gets_in(client: httpx.AsyncClient, authorization: str) -> None:
    assert (await client.get("/", headers={"Authorization": authorization})).text == "alice"


async def test_pages_ask_the_browser_for_a_password_and_the_api_does_not(client: httpx.AsyncClient) -> None:
    assert "www-authenticate" in (await client.get("/")).headers
    assert "www-authenticate" not in (await client.get("/api/v1/monitors")).headers


async def test_a_refusal_is_a_problem_with_the_way_in(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/monitors")
    assert answer.headers["content-type"] == "application/problem+json"
    assert "Secret flower-operator-fleet" in answer.json()["detail"]


async def test_before_the_secret_was_read_nobody_gets_in() -> None:
    async with client_of(None) as client:
        answer = await client.get("/", headers={"Authorization": basic("admin", "")})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")


async def test_an_empty_password_in_the_secret_lets_nobody_in() -> None:
    async with client_of(Secret(password="")) as client:
        assert (await client.get("/", headers={"Authorization": basic("admin", "")})).status_code == 401


async def test_a_password_may_hold_colons() -> None:
    assert decode_basic(base64.b64encode(b"u:a:b").decode()) == ("u", "a:b")
