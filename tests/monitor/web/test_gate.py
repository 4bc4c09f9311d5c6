"""The door: login, permissions, prefix, cross-site writes, and what every answer carries."""

import hashlib
import logging
import re
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from flower_monitor.web import permissions
from flower_monitor.web.permissions import RULES
from tests.monitor.web.apps import client_of, config_for, running
from tests.monitor.web.stores import StoreFile

pytestmark = pytest.mark.anyio

FLEET = {"Authorization": "Bearer fleet-token"}
FLEET_DIGEST = hashlib.sha256(b"fleet-token").hexdigest()

PUBLIC = ("/livez", "/readyz", "/healthcheck", "/metrics", "/logout")

ADDRESSES = [
    (rule.method, re.sub(r"{[^}]+}", "x", rule.path))
    for rule in RULES
    if rule.path not in (*PUBLIC, "/api/v1/stream", "/login")
]


@pytest.mark.parametrize("path", PUBLIC)
async def test_a_public_route_needs_no_login(stranger: httpx.AsyncClient, path: str) -> None:
    assert (await stranger.get(path)).status_code == 200


@pytest.mark.parametrize(("method", "path"), [("GET", "/api/v1/stream"), *ADDRESSES])
async def test_every_other_route_needs_one(stranger: httpx.AsyncClient, method: str, path: str) -> None:
    response = await stranger.request(method, path)

    assert response.status_code == 401
    assert ("www-authenticate" in response.headers) == (not path.startswith("/api/"))


@pytest.mark.parametrize("auth", [("admin", "wrong"), ("admin", ""), ("", ""), ("admin", "pässwörd"), ("ädmin", "x")])
async def test_wrong_credentials_are_refused_and_never_a_crash(
    stranger: httpx.AsyncClient, auth: tuple[str, str]
) -> None:
    assert (await stranger.get("/api/v1/tasks", auth=auth)).status_code == 401


async def test_a_page_asks_for_the_password_as_flower_does(stranger: httpx.AsyncClient) -> None:
    response = await stranger.get("/")

    assert response.headers["www-authenticate"] == 'Basic realm="flower"'
    assert response.text == "Access denied"


async def test_our_api_refuses_with_a_problem(stranger: httpx.AsyncClient) -> None:
    response = await stranger.get("/api/v1/tasks")

    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["field"] == "Authorization"


async def test_flowers_api_refuses_in_plain_text(stranger: httpx.AsyncClient) -> None:
    response = await stranger.get("/api/tasks")

    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.text.startswith("Login required")


async def test_the_fleet_token_reads(store: StoreFile) -> None:
    async with running(config_for(store.path, fleet_token_sha256=FLEET_DIGEST)) as app, client_of(app, None) as fleet:
        assert (await fleet.get("/api/v1/summary", headers=FLEET)).status_code == 200


async def test_the_fleet_token_does_nothing_else(store: StoreFile) -> None:
    async with running(config_for(store.path, fleet_token_sha256=FLEET_DIGEST)) as app, client_of(app, None) as fleet:
        response = await fleet.post("/api/v1/tasks", headers=FLEET)

    assert response.status_code == 403
    assert "it takes the role operator" in response.json()["detail"]


async def test_kedas_token_reads_the_numbers_of_autoscaling_and_nothing_else(store: StoreFile) -> None:
    config = config_for(store.path, autoscale_token_sha256=FLEET_DIGEST)
    async with running(config) as app, client_of(app, None) as keda:
        numbers = await keda.get("/api/v1/autoscale/metrics", headers=FLEET)
        summary = await keda.get("/api/v1/summary", headers=FLEET)

    assert numbers.status_code in (200, 503), "past the door"
    assert summary.status_code == 403


async def test_the_digest_of_a_token_is_no_token(store: StoreFile) -> None:
    async with running(config_for(store.path, fleet_token_sha256=FLEET_DIGEST)) as app, client_of(app, None) as thief:
        response = await thief.get("/api/v1/summary", headers={"Authorization": f"Bearer {FLEET_DIGEST}"})

    assert response.status_code == 401


async def test_the_credentials_of_a_mounted_secret_let_in(store: StoreFile, tmp_path: Path) -> None:
    folder = tmp_path / "credentials"
    folder.mkdir()
    for name, text in (("username", "ann"), ("password", "s3cret\n"), ("token", "t0ken")):
        (folder / name).write_text(text)
    config = config_for(store.path, credentials_dir=folder, users=())

    async with running(config) as app, client_of(app, None) as client:
        by_password = await client.get("/api/v1/summary", auth=("ann", "s3cret"))
        by_token = await client.post("/api/v1/tasks", headers={"Authorization": "Bearer t0ken"})
        nobody = await client.get("/api/v1/summary", auth=("admin", "pässword"))

    assert by_password.status_code == 200
    assert by_token.status_code == 400, "full rights: past the door, where the task has no name"
    assert nobody.status_code == 401


async def test_a_path_that_no_route_has_tells_a_stranger_nothing(stranger: httpx.AsyncClient) -> None:
    assert (await stranger.get("/api/v1/nothing")).status_code == 401


async def test_a_path_that_no_route_has_is_a_problem(client: httpx.AsyncClient) -> None:
    response = await client.get("/api/v1/nothing")

    assert response.status_code == 404
    assert response.json()["detail"] == "There is nothing at /api/v1/nothing"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/task", 404),
        ("HEAD", "/api/v1/task", 404),
        ("POST", "/api/worker/pool/gorw/w1", 404),
        ("DELETE", "/api/v1/tasks", 405),
        ("PATCH", "/api/v1/workers/w1/pool", 405),
        ("PUT", "/api/v1/tasks/revoke", 405),
        ("POST", "/api/v1/tasks", 403),
        ("GET", "/api/v1/audit", 403),
    ],
)
async def test_who_mistypes_is_not_sent_for_another_role(store: StoreFile, method: str, path: str, status: int) -> None:
    """What no rule names stays closed to them, whether there is something or not."""
    async with running(config_for(store.path, fleet_token_sha256=FLEET_DIGEST)) as app, client_of(app, None) as viewer:
        response = await viewer.request(method, path, headers=FLEET)

    assert response.status_code == status
    assert ("allow" in response.headers) == (status == 405)


async def test_a_route_that_no_rule_names_is_closed_to_all_but_administrators(
    store: StoreFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(permissions.permission_for, "__defaults__", ((),))
    monkeypatch.setattr(permissions.methods_at, "__defaults__", ((),))
    config = config_for(store.path, fleet_token_sha256=FLEET_DIGEST)
    async with running(config) as app, client_of(app, None) as viewer, client_of(app) as admin:
        answers = [await viewer.get("/api/v1/tasks", headers=FLEET), await admin.get("/api/v1/tasks")]

    assert [answer.status_code for answer in answers] == [404, 200]


async def test_who_is_not_believed_is_told_so(stranger: httpx.AsyncClient) -> None:
    wrong = await stranger.get("/api/v1/tasks", headers={"Authorization": "Bearer fmt_old"})
    silent = await stranger.get("/api/v1/tasks")

    assert "was replaced, or has expired" in wrong.json()["detail"]
    assert "send HTTP Basic" in silent.json()["detail"]


async def test_another_method_says_which_there_are(client: httpx.AsyncClient) -> None:
    response = await client.delete("/api/v1/tasks")

    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD, OPTIONS, POST"


@pytest.mark.parametrize(("method", "path"), ADDRESSES)
async def test_options_needs_no_login_and_lists_the_methods(
    stranger: httpx.AsyncClient, method: str, path: str
) -> None:
    response = await stranger.options(path)

    assert response.status_code == 204
    assert {method, "OPTIONS"} <= set(response.headers["allow"].split(", "))
    assert not [header for header in response.headers if header.startswith("access-control")]


@pytest.mark.parametrize(
    "path", ["/healthcheck", "/livez", "/metrics", "/", "/api/tasks", "/api/v1/tasks", "/api/v1/stream"]
)
async def test_head_is_get_without_its_body(client: httpx.AsyncClient, path: str) -> None:
    response = await client.head(path)

    assert response.status_code == 200
    assert response.content == b""
    assert response.headers["content-type"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://monitor.evil.example"},
    ],
)
async def test_a_write_from_another_site_is_refused(client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    response = await client.post("/api/v1/tasks", headers=headers)

    assert response.status_code == 403
    assert response.json()["type"].endswith(":cross-site")


@pytest.mark.parametrize(
    "headers", [{}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": "http://monitor"}]
)
async def test_a_write_of_our_own_page_or_of_a_program_is_not(
    client: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    """400: it got past the door to where the task has no name."""
    assert (await client.post("/api/v1/tasks", headers=headers)).status_code == 400


async def test_reading_from_another_site_gets_no_cors_header(client: httpx.AsyncClient) -> None:
    response = await client.get("/api/tasks", headers={"Origin": "http://evil.example"})

    assert not [header for header in response.headers if header.startswith("access-control")]


@pytest.mark.parametrize(
    "path", ["/", "/livez", "/api/tasks", "/api/v1/tasks", "/api/v1/nothing", "/api/v1/tasks?limit=x"]
)
async def test_every_answer_has_the_security_headers(client: httpx.AsyncClient, path: str) -> None:
    headers = (await client.get(path)).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "script-src 'self'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["cache-control"] in ("no-store", "no-cache")


class TestPrefix:
    @pytest.fixture
    async def app(self, store: StoreFile):  # type: ignore[no-untyped-def]  # a fixture that replaces the one above
        async with running(config_for(store.path, url_prefix="/flower")) as started:
            yield started

    @pytest.mark.parametrize(
        "path", ["/flower/", "/flower/api/v1/tasks", "/flower/api/tasks", "/flower/metrics", "/flower/livez"]
    )
    async def test_everything_is_under_the_prefix(self, client: httpx.AsyncClient, path: str) -> None:
        assert (await client.get(path)).status_code == 200

    @pytest.mark.parametrize("path", ["/livez", "/readyz"])
    async def test_probes_are_outside_of_it_too(self, stranger: httpx.AsyncClient, path: str) -> None:
        assert (await stranger.get(path)).status_code == 200

    @pytest.mark.parametrize("path", ["/", "/api/v1/tasks", "/metrics", "/flowers/", "/healthcheck"])
    async def test_nothing_else_is(self, client: httpx.AsyncClient, path: str) -> None:
        response = await client.get(path)

        assert response.status_code == 404
        assert "/flower/" in response.text

    async def test_the_prefix_without_slash_leads_to_it(self, stranger: httpx.AsyncClient) -> None:
        response = await stranger.get("/flower")

        assert response.status_code == 308
        assert response.headers["location"] == "/flower/"

    async def test_login_holds_there_too(self, stranger: httpx.AsyncClient) -> None:
        assert (await stranger.get("/flower/api/v1/tasks")).status_code == 401


async def test_no_password_is_logged(app: Starlette, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        async with client_of(app, httpx.BasicAuth("admin", "hunter2")) as somebody:
            await somebody.get("/api/v1/tasks")

    assert "hunter2" not in caplog.text
    assert "aHVudGVyMg" not in caplog.text
