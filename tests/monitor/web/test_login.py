"""Logging in: hashed passwords, roles, tokens, and how often somebody may get it wrong."""

import logging
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from flower_monitor.config import Config, User
from flower_monitor.web import passwords, tokens
from flower_monitor.web.attempts import OF_USER
from flower_monitor.web.credentials import Credentials, user
from flower_monitor.web.login import REMEMBER, Login
from tests.monitor.web.apps import client_of, config_for, running
from tests.monitor.web.stores import StoreFile

pytestmark = pytest.mark.anyio

#: Hashes of `s3cret`, of the least work: by `htpasswd -nbB -C 4` and by Python's bcrypt.
HTPASSWD = "$2y$04$AHKcUYBRhprMqUADxFvVx.9HQEZtmZ4Prz0PQxCJPkFD7vYNS53ZC"


@pytest.fixture(scope="module")
def hashed() -> str:
    return passwords.hashed("s3cret")


async def status(config: Config, path: str = "/api/v1/summary", **request: Any) -> int:
    """What a request is answered with."""
    method = request.pop("method", "GET")
    async with running(config) as app, client_of(app, None) as client:
        return (await client.request(method, path, **request)).status_code


@pytest.mark.parametrize(("password", "answer"), [("s3cret", 200), ("S3cret", 401), ("", 401), ("x" * 100, 401)])
async def test_a_hashed_password_lets_in_who_knows_it(
    store: StoreFile, hashed: str, password: str, answer: int
) -> None:
    config = config_for(store.path, users=(User("ann", hashed),))

    assert await status(config, auth=("ann", password)) == answer


async def test_the_hash_is_no_password(store: StoreFile, hashed: str) -> None:
    assert await status(config_for(store.path, users=(User("ann", hashed),)), auth=("ann", hashed)) == 401


async def test_nobody_gets_in_by_a_name_that_is_not_there(store: StoreFile, hashed: str) -> None:
    assert await status(config_for(store.path, users=(User("ann", hashed),)), auth=("bob", "s3cret")) == 401


async def test_a_login_that_was_right_is_not_checked_again(
    store: StoreFile, hashed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = []
    plain = passwords.fits

    def fits(password: bytes, known: bytes | None) -> bool:
        checked.append(password)
        return plain(password, known)

    monkeypatch.setattr(passwords, "fits", fits)
    config = config_for(store.path, users=(User("ann", hashed),))

    async with running(config) as app, client_of(app, httpx.BasicAuth("ann", "s3cret")) as client:
        answers = [(await client.get("/api/v1/summary")).status_code for _ in range(3)]

    assert answers == [200, 200, 200]
    assert len(checked) == 1


@pytest.mark.parametrize(
    ("name", "method", "path", "answer"),
    [
        ("ann", "GET", "/api/v1/audit", 200),
        ("bob", "GET", "/api/v1/summary", 200),
        ("bob", "GET", "/api/v1/audit", 403),
        ("eve", "GET", "/api/v1/summary", 403),
        ("eve", "GET", "/livez", 200),
    ],
)
async def test_a_role_decides_what_one_may(store: StoreFile, name: str, method: str, path: str, answer: int) -> None:
    users = tuple(User(one, "pw") for one in ("ann", "bob", "eve"))
    config = config_for(store.path, users=users, roles={"admin": ("ann",), "viewer": ("b*",)})

    assert await status(config, path, method=method, auth=(name, "pw")) == answer


async def test_who_has_no_role_is_told_what_to_do(store: StoreFile) -> None:
    config = config_for(store.path, users=(User("eve", "pw"),), roles={"admin": ("ann",)})

    async with running(config) as app, client_of(app, httpx.BasicAuth("eve", "pw")) as client:
        response = await client.get("/api/v1/summary")

    assert "--roles" in response.json()["detail"]


async def test_an_api_token_of_the_file_lets_in(store: StoreFile, tmp_path: Path) -> None:
    text, stored = tokens.make("ci", "viewer", None, None)
    (tmp_path / "tokens").write_bytes(msgspec.json.encode(stored))
    config = config_for(store.path, token_file=tmp_path / "tokens")

    assert await status(config, headers={"Authorization": f"Bearer {text}"}) == 200


async def test_a_file_that_went_wrong_lets_nobody_in_and_says_why(
    store: StoreFile, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "tokens").write_text("{")
    config = config_for(store.path, token_file=tmp_path / "tokens")

    with caplog.at_level(logging.ERROR):
        answer = await status(config, headers={"Authorization": "Bearer x"})

    assert answer == 401
    assert "no API token is valid until" in caplog.text


async def test_who_gets_it_wrong_too_often_has_to_wait(store: StoreFile) -> None:
    async with running(config_for(store.path)) as app, client_of(app, None) as client:
        for _ in range(OF_USER):
            await client.get("/api/v1/summary", auth=("admin", "wrong"))
        response = await client.get("/api/v1/summary", auth=("admin", "pässword"))

    assert response.status_code == 429
    assert 0 < int(response.headers["retry-after"]) <= 60


async def test_who_was_right_before_goes_on_meanwhile(store: StoreFile) -> None:
    async with running(config_for(store.path)) as app, client_of(app) as client:
        await client.get("/api/v1/summary")
        for _ in range(OF_USER):
            await client.get("/api/v1/summary", auth=("admin", "wrong"))
        response = await client.get("/api/v1/summary")

    assert response.status_code == 200


async def test_a_token_that_expired_shuts_out_no_other(store: StoreFile, tmp_path: Path) -> None:
    """Programs behind one proxy share its address."""
    text, stored = tokens.make("ci", "viewer", None, None)
    (tmp_path / "tokens").write_bytes(msgspec.json.encode(stored))
    old, new = ({"Authorization": f"Bearer {token}"} for token in ("fmt_expired", text))
    async with running(config_for(store.path, token_file=tmp_path / "tokens")) as app, client_of(app, None) as client:
        refused = [(await client.get("/api/v1/me", headers=old)).status_code for _ in range(OF_USER + 1)]
        response = await client.get("/api/v1/me", headers=new)

    assert refused[-1] == 429
    assert response.status_code == 200


async def test_a_short_token_has_to_wait_as_a_password_has(store: StoreFile, tmp_path: Path) -> None:
    """Somebody made it up, and it may be guessed."""
    (tmp_path / "token").write_text("s3cret")
    config = config_for(store.path, credentials_dir=tmp_path)
    async with running(config) as app, client_of(app, None) as client:
        for _ in range(OF_USER):
            await client.get("/api/v1/me", headers={"Authorization": "Bearer guess"})
        response = await client.get("/api/v1/me", headers={"Authorization": "Bearer s3cret"})

    assert response.status_code == 429


async def test_who_was_right_goes_on_when_that_was_long_ago(store: StoreFile) -> None:
    now = 1000.0
    login = Login(Credentials(users=(user("ann", "pw"),)), clock=lambda: now)
    right, wrong = (httpx.BasicAuth("ann", one) for one in ("pw", "wrong"))
    await login.identify(header_of(right), "10.0.0.1")
    now += REMEMBER + 1
    for _ in range(OF_USER):
        await login.identify(header_of(wrong), "10.0.0.1")

    found = await login.identify(header_of(right), "10.0.0.1")
    login.close()

    assert found is not None


def header_of(auth: httpx.Auth) -> str:
    """The `Authorization` header of a login."""
    return next(auth.auth_flow(httpx.Request("GET", "http://monitor"))).headers["Authorization"]


async def test_asking_without_a_password_is_no_attempt(store: StoreFile) -> None:
    """A browser does so first, each time."""
    async with running(config_for(store.path)) as app, client_of(app, None) as client:
        for _ in range(2 * OF_USER):
            await client.get("/")
        response = await client.get("/api/v1/summary", auth=("admin", "pässword"))

    assert response.status_code == 200


def test_what_htpasswd_writes_is_understood() -> None:
    assert passwords.is_hash(HTPASSWD)
    assert not passwords.is_hash("s3cret")


def test_a_password_that_bcrypt_would_cut_is_refused() -> None:
    with pytest.raises(ValueError, match="too long for bcrypt"):
        passwords.hashed("x" * 73)
