"""The fleet's word on who somebody is: what is believed, and all that is not."""

import base64
import json
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey
from starlette.applications import Starlette

from flower_monitor.audit import AuditEntry
from flower_monitor.letterbox import Letters
from flower_monitor.oauth import OAuth
from flower_monitor.web.problems import Problem
from flower_monitor.web.vouched import HEADER, Fleet, fleet_of
from tests.monitor.web.apps import ADMIN, client_of, config_for, running
from tests.monitor.web.stores import StoreFile

pytestmark = pytest.mark.anyio

NOW = 1_800_000_000
KEY = OKPKey.generate_key("Ed25519")
PUBLIC = str(KEY.as_dict(private=False)["x"])
CLAIMS: dict[str, Any] = {
    "iss": "flower-operator-fleet",
    "aud": "team-a/orders",
    "sub": "ann@example.com",
    "role": "operator",
    "base": "/n/team-a/orders/",
    "iat": NOW,
    "exp": NOW + 60,
}


def signed(key: OKPKey = KEY, **changed: Any) -> str:
    """A header, with claims changed; None leaves one out."""
    claims = {name: value for name, value in (CLAIMS | changed).items() if value is not None}
    return jwt.encode({"alg": "Ed25519"}, claims, key, algorithms=["Ed25519"])


def fleet(now: float = NOW) -> Fleet:
    return Fleet(PUBLIC, "team-a/orders", lambda: now)


def test_what_the_fleet_signed_is_believed() -> None:
    person = fleet().check(signed())

    assert (person.principal.name, person.principal.role.name) == ("ann@example.com", "OPERATOR")
    assert person.base == "/n/team-a/orders/"


@pytest.mark.parametrize("away", [-29, 89])
def test_clocks_may_differ_a_little(away: int) -> None:
    assert fleet(NOW + away).check(signed()).principal.name == "ann@example.com"


def unsigned() -> str:
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in ({"alg": "none"}, CLAIMS)]
    return b".".join([*parts, b""]).decode()


def by_the_public_key() -> str:
    """Signed with what everybody knows, as if it were a shared secret."""
    key = OctKey.import_key(base64.urlsafe_b64decode(PUBLIC + "="))
    return jwt.encode({"alg": "HS256"}, CLAIMS, key)


def tampered() -> str:
    head, _, signature = signed().split(".")
    claims = base64.urlsafe_b64encode(json.dumps(CLAIMS | {"role": "admin"}).encode()).rstrip(b"=").decode()
    return f"{head}.{claims}.{signature}"


@pytest.mark.parametrize(
    "header",
    [  # named, since no two runs make the same
        pytest.param("", id="empty"),
        pytest.param("ann", id="a-name"),
        pytest.param("a.b.c", id="no-token"),
        pytest.param(unsigned(), id="unsigned"),
        pytest.param(by_the_public_key(), id="by-the-public-key"),
        pytest.param(tampered(), id="tampered"),
        pytest.param(signed(OKPKey.generate_key("Ed25519")), id="another-key"),
        pytest.param(signed(aud="team-b/orders"), id="of-another-monitor"),
        pytest.param(signed(aud=None), id="for-nobody"),
        pytest.param(signed(iss="somebody"), id="of-somebody-else"),
        pytest.param(signed(iss=None), id="of-nobody"),
        pytest.param(signed(exp=NOW - 31), id="ended"),
        pytest.param(signed(exp=None), id="without-end"),
        pytest.param(signed(iat=NOW + 31, exp=NOW + 90), id="from-the-future"),
        pytest.param(signed(exp=NOW + 3600), id="for-an-hour"),
        pytest.param(signed(sub=""), id="no-name"),
        pytest.param(signed(sub=7), id="a-number-for-a-name"),
        pytest.param(signed(role="root"), id="no-such-role"),
        pytest.param(signed(role=None), id="no-role"),
        pytest.param(signed(base='/"><script>'), id="base-with-a-tag"),
        pytest.param(signed(base="//evil.example/"), id="base-elsewhere"),
        pytest.param(signed(base="/n/team-a/orders"), id="base-of-another"),
        pytest.param(signed(base="https://evil.example/"), id="base-with-a-scheme"),
    ],
)
def test_nothing_else_is(header: str) -> None:
    with pytest.raises(Problem) as refusal:
        fleet().check(header)

    assert (refusal.value.status, refusal.value.field) == (401, HEADER)


def test_a_monitor_that_was_told_no_key_believes_nobody(tmp_path: Path) -> None:
    assert fleet_of(config_for(tmp_path / "store")) is None


@pytest.fixture
async def app(store: StoreFile, tmp_path: Path) -> AsyncIterator[Starlette]:
    (tmp_path / "monitor.html").write_text('<meta name="base" content="/"><base href="/">')
    config = config_for(store.path, fleet_public_key=PUBLIC, name="orders", namespace="team-a")
    async with running(config, static=tmp_path) as started:
        yield started


def vouched(**changed: Any) -> dict[str, str]:
    """A header that holds now, whatever the clock says."""
    import time

    now = int(time.time())
    return {HEADER: signed(**({"iat": now, "exp": now + 60} | changed))}


async def test_the_role_decides_what_may_be_done(stranger: httpx.AsyncClient) -> None:
    by_viewer = await stranger.post("/api/v1/tasks", headers=vouched(role="viewer"))
    by_operator = await stranger.post("/api/v1/tasks", headers=vouched(role="operator"))
    audit_by_operator = await stranger.get("/api/v1/audit", headers=vouched(role="operator"))
    audit_by_admin = await stranger.get("/api/v1/audit", headers=vouched(role="admin"))

    assert by_viewer.status_code == 403
    assert by_operator.status_code == 400, "past the door, where the task has no name"
    assert (audit_by_operator.status_code, audit_by_admin.status_code) == (403, 200)


async def test_a_header_that_is_not_believed_is_not_made_good_by_a_password(client: httpx.AsyncClient) -> None:
    response = await client.get("/api/v1/summary", headers=vouched(aud="team-b/orders"))

    assert response.status_code == 401
    assert response.json()["field"] == HEADER


async def test_a_header_is_refused_where_no_fleet_is_known(store: StoreFile) -> None:
    async with running(config_for(store.path)) as app, client_of(app, ADMIN) as client:
        response = await client.get("/api/v1/summary", headers=vouched())

    assert response.status_code == 401
    assert "knows no fleet" in response.json()["detail"]


async def test_the_page_is_told_where_the_fleet_shows_it(stranger: httpx.AsyncClient) -> None:
    response = await stranger.get("/tasks", headers=vouched())

    assert response.text == '<meta name="base" content="/n/team-a/orders/"><base href="/n/team-a/orders/">'


async def test_who_comes_by_the_fleet_has_no_session_of_the_monitor(store: StoreFile) -> None:
    """Its pages offer neither to log out of it nor to log in at its provider."""
    oauth = OAuth(provider="oidc", client_id="flower", client_secret="s3cret", redirect_uri="http://monitor/login")
    config = config_for(store.path, fleet_public_key=PUBLIC, name="orders", namespace="team-a", oauth=oauth)
    async with running(config) as app, client_of(app, None) as client:
        response = await client.get("/api/v1/me", headers=vouched())

    assert response.json()["session"] is False


async def test_and_who_asks_the_monitor_itself_sees_its_own_address(client: httpx.AsyncClient) -> None:
    assert (await client.get("/tasks")).text == '<meta name="base" content="/"><base href="/">'


async def test_the_audit_names_the_person(store: StoreFile) -> None:
    reading, writing = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    letters = Letters(reading.detach())
    config = config_for(store.path, fleet_public_key=PUBLIC, name="orders", namespace="team-a")
    async with running(config, letters_fd=writing.detach()) as app, client_of(app, None) as client:
        await client.post("/api/v1/tasks", headers=vouched())

    (entry,) = (one for one in letters.read() if isinstance(one, AuditEntry))
    letters.close()
    assert (entry.user, entry.role, entry.path, entry.status) == (
        "ann@example.com", "operator", "/api/v1/tasks", 400,
    )  # fmt: skip
