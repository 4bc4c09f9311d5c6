"""Logging in by a real OpenID Connect provider, which runs as a program of its own."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from starlette.applications import Starlette

from flower_monitor.config import Config
from flower_monitor.oauth import OAuth
from flower_monitor.web.oauth import provider
from flower_monitor.web.oauth.sessions import LASTS, PENDING, SESSION, Identity, Sealed, key_of
from tests.monitor import oidc
from tests.monitor.web.apps import client_of, config_for, running
from tests.monitor.web.stores import StoreFile
from tests.support import ports
from tests.support.patience import PATIENCE

pytestmark = pytest.mark.anyio

PAGE = {"Accept": "text/html"}
PEOPLE = (
    {"sub": "ann", "email": "ann+x@example.com", "email_verified": True, "groups": ["ops"]},
    {"sub": "eve", "email": "eve@example.com.evil.org", "email_verified": True},
    {"sub": "bob", "email": "bob@example.com", "email_verified": False},
    {"sub": "dev", "email": "dev@elsewhere.org", "email_verified": True, "groups": ["developers"]},
)


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A provider that is only slow is waited for."""
    monkeypatch.setattr(provider, "TIMEOUT", PATIENCE)


@pytest.fixture(scope="module")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a provider that knows some people."""
    with oidc.issuer(tmp_path_factory.mktemp("oidc"), PEOPLE) as address:
        yield address


def oauth_of(issuer: str, **fields: Any) -> OAuth:
    """The provider as a monitor is told of it."""
    values: dict[str, Any] = {
        "provider": "oidc", "client_id": "flower", "client_secret": "s3cret", "base_url": issuer,
        "redirect_uri": "http://monitor/login", "allowed": (".*@example.com",),
    }  # fmt: skip
    return OAuth(**(values | fields))


@pytest.fixture
def config(store: StoreFile, issuer: str) -> Config:
    return config_for(store.path, users=(), oauth=oauth_of(issuer))


@pytest.fixture
async def app(config: Config) -> AsyncIterator[Starlette]:
    async with running(config) as started:
        yield started


@pytest.fixture
async def browser(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    """One that has no credentials and keeps cookies."""
    async with client_of(app, None) as opened:
        yield opened


async def came_back(browser: httpx.AsyncClient, sub: str, start: str = "/login") -> str:
    """Begin a login, say who one is at the provider, and return the address that it sends the browser to."""
    begun = await browser.get(start)
    assert begun.status_code == 302, begun.text
    async with httpx.AsyncClient(timeout=PATIENCE) as outside:
        answer = await outside.post(begun.headers["location"], data={"sub": sub})
    return answer.headers["location"]


async def test_a_stranger_is_sent_to_log_in_and_back(browser: httpx.AsyncClient) -> None:
    response = await browser.get("/tasks?state=FAILURE&name=a%26b", headers=PAGE)

    assert response.headers["location"] == "/login?next=%2Ftasks%3Fstate%3DFAILURE%26name%3Da%2526b"


async def test_who_logged_in_gets_what_they_asked_for(browser: httpx.AsyncClient) -> None:
    back = await came_back(browser, "ann", "/login?next=%2Ftasks%3Fstate%3DFAILURE")

    response = await browser.get(back)

    assert (response.status_code, response.text) == (302, "")
    assert response.headers["location"] == "/tasks?state=FAILURE"
    assert (await browser.get("/api/v1/summary")).status_code == 200


async def test_a_program_is_told_401_and_not_sent_anywhere(browser: httpx.AsyncClient) -> None:
    """Flower redirects scripts to a login page (deviation D11)."""
    assert (await browser.get("/api/tasks")).status_code == 401


@pytest.mark.parametrize(
    ("sub", "told"), [("eve", "eve@example.com.evil.org is not among"), ("bob", "not verified the e-mail address bob@")]
)
async def test_who_may_not_come_in_is_told_why(browser: httpx.AsyncClient, sub: str, told: str) -> None:
    response = await browser.get(await came_back(browser, sub))

    assert response.status_code == 403
    assert told in response.text
    assert (await browser.get("/api/v1/summary")).status_code == 401


async def test_who_declines_is_told_that(browser: httpx.AsyncClient) -> None:
    await browser.get("/login")

    response = await browser.get("/login", params={"error": "access_denied"})

    assert (response.status_code, response.text) == (403, "You are not logged in: the provider says: access_denied")


async def test_an_answer_to_another_browsers_login_is_refused(app: Starlette, browser: httpx.AsyncClient) -> None:
    """Login CSRF: somebody is made to work as the attacker."""
    back = await came_back(browser, "ann")

    async with client_of(app, None) as victim:
        await victim.get("/login")
        response = await victim.get(back)

    assert response.status_code == 403
    assert SESSION not in response.cookies


async def test_a_code_is_worth_nothing_without_a_login_that_began(browser: httpx.AsyncClient) -> None:
    back = await came_back(browser, "ann")
    browser.cookies.delete(PENDING)

    assert (await browser.get(back)).status_code == 403


async def test_a_code_works_once(browser: httpx.AsyncClient) -> None:
    back = await came_back(browser, "ann")
    kept = dict(browser.cookies)
    await browser.get(back)
    browser.cookies.clear()

    response = await browser.get(back, headers={"Cookie": "; ".join(f"{k}={v}" for k, v in kept.items())})

    assert response.status_code == 403


async def test_an_id_token_of_another_login_is_refused(browser: httpx.AsyncClient, config: Config) -> None:
    """Its nonce tells: the state may be right where a code was put in."""
    back = parse_qs(urlsplit(await came_back(browser, "ann")).query)
    await browser.get("/login")
    state = parse_qs(urlsplit((await browser.get("/login")).headers["location"]).query)["state"][0]

    response = await browser.get("/login", params={"code": back["code"][0], "state": state})

    assert (response.status_code, "ID token" in response.text) == (403, True)


@pytest.mark.parametrize("wanted", ["//evil.example", "/\\evil.example", "https://evil.example", "/a\nb"])
async def test_after_a_login_nobody_is_sent_elsewhere(browser: httpx.AsyncClient, wanted: str) -> None:
    begun = await browser.get("/login", params={"next": wanted})
    async with httpx.AsyncClient(timeout=PATIENCE) as outside:
        answer = await outside.post(begun.headers["location"], data={"sub": "ann"})

    response = await browser.get(answer.headers["location"])

    assert response.headers["location"] == "/"


async def test_a_session_survives_a_restart(browser: httpx.AsyncClient, config: Config) -> None:
    await browser.get(await came_back(browser, "ann"))

    async with running(config) as restarted, client_of(restarted, None) as later:
        later.cookies = browser.cookies
        assert (await later.get("/api/v1/summary")).status_code == 200


async def test_who_is_no_longer_welcome_is_out_at_once(
    browser: httpx.AsyncClient, store: StoreFile, issuer: str
) -> None:
    await browser.get(await came_back(browser, "ann"))
    stricter = config_for(store.path, users=(), oauth=oauth_of(issuer, allowed=("bob@example.com",)))

    async with running(stricter) as restarted, client_of(restarted, None) as later:
        later.cookies = browser.cookies
        assert (await later.get("/api/v1/summary")).status_code == 401


async def test_who_logs_out_is_out(browser: httpx.AsyncClient) -> None:
    await browser.get(await came_back(browser, "ann"))

    await browser.get("/logout")

    assert (await browser.get("/api/v1/summary")).status_code == 401


async def test_a_group_lets_in_and_gives_a_role(store: StoreFile, issuer: str) -> None:
    oauth = oauth_of(issuer, allowed=(), groups=("developers",))
    config = config_for(store.path, users=(), oauth=oauth, roles={"viewer": ("group:developers",)})

    async with running(config) as app, client_of(app, None) as browser:
        await browser.get(await came_back(browser, "dev"))
        answers = [(await browser.get(path)).status_code for path in ("/api/v1/summary", "/api/v1/audit")]

    assert answers == [200, 403]


async def test_a_provider_that_is_away_is_told(store: StoreFile) -> None:
    oauth = oauth_of(f"http://127.0.0.1:{ports.free()}")

    async with running(config_for(store.path, users=(), oauth=oauth)) as app, client_of(app, None) as browser:
        response = await browser.get("/login")

    assert response.status_code == 502
    assert response.text.startswith("The login provider can't be asked: http://127.0.0.1:")


@pytest.mark.parametrize(("address", "secure"), [("https://monitor/login", True), ("http://monitor/login", False)])
async def test_no_script_and_no_other_site_gets_the_cookie(
    store: StoreFile, issuer: str, address: str, *, secure: bool
) -> None:
    config = config_for(store.path, users=(), oauth=oauth_of(issuer, redirect_uri=address), url_prefix="/flower")

    async with running(config) as app, client_of(app, None) as browser:
        cookie = (await browser.get("/flower/login")).headers["set-cookie"]

    assert all(part in cookie for part in ("HttpOnly", "SameSite=lax", "Path=/flower/"))
    assert ("Secure" in cookie) == secure


async def test_beside_a_provider_a_password_works_too(store: StoreFile, issuer: str) -> None:
    async with running(config_for(store.path, oauth=oauth_of(issuer))) as app, client_of(app) as script:
        assert (await script.get("/api/v1/summary")).status_code == 200


@pytest.mark.parametrize("value", ["", "x", "eyJuYW1lIjoiYW5uIn0.x.y", "a" * 5000])
async def test_a_forged_session_is_none(browser: httpx.AsyncClient, value: str) -> None:
    assert (await browser.get("/api/v1/summary", headers={"Cookie": f"{SESSION}={value}"})).status_code == 401


def test_a_cookie_of_one_kind_is_none_of_another(tmp_path: Path) -> None:
    key = key_of(tmp_path / "store", None)
    pending, session = (Sealed(key, name, Identity, LASTS, "/", secure=False) for name in (PENDING, SESSION))

    assert session.get({SESSION: pending.sign(Identity("ann@example.com"))}) is None


def test_the_key_is_made_once_and_for_us_alone(tmp_path: Path) -> None:
    first = key_of(tmp_path / "store", None)

    assert key_of(tmp_path / "store", None) == first
    assert (tmp_path / "store.key").stat().st_mode & 0o777 == 0o600


def test_a_key_that_was_never_finished_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "store.key").write_bytes(b"")

    assert len(key_of(tmp_path / "store", None)) == 32
