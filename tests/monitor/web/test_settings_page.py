"""`/api/v1/settings`: what holds and where it was set, and no secret in it."""

from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from flower_monitor.config import CeleryApp, Config, Shown, User
from flower_monitor.oauth import OAuth
from flower_monitor.web.effective_settings import body
from flower_monitor.web.login import fixed_credentials
from flower_monitor.web.permissions import Permission
from flower_monitor.web.settings_shapes import SettingsBody
from flower_monitor.web.tokens import make
from tests.monitor.web.apps import ADMIN, client_of, config_for, running

HASH = "$2b$12$KIXQ1mYwq3GQ7yQ0V5mY1uO7Yx1b1Yk3m8b1o0t6p0k8j6Vw0cW1C"


def shown(**settings: Any) -> SettingsBody:
    config = config_for(Path("unused"), **settings)
    return body(config, fixed_credentials(config))


def test_an_option_is_shown_with_where_it_was_set() -> None:
    port = Shown(group="Web", name="port", value="80", place="file", source="flowerconfig.py", variable="FLOWER_PORT")
    unset = Shown(group="Web", name="certfile", value="-", place="default", source="default", variable="FLOWER_CERT")

    found = shown(shown=(port, unset)).options

    assert [(one.name, one.value, one.place, one.source) for one in found] == [
        ("port", "80", "file", "flowerconfig.py"),
        ("certfile", None, "default", "default"),
    ]


def test_the_apps_settings_are_told_from_celerys_defaults() -> None:
    app = CeleryApp(name="shop", event_exchange="ev", task_names=("a", "b"), settings={"result_expires": 60})

    found = shown(app=app).celery

    assert (found.known, found.name, found.tasks) == (True, "shop", 2)
    assert {one.name: (one.value, one.changed) for one in found.settings} == {
        "control_exchange": ("celery", False),
        "event_exchange": ("ev", True),
        "result_expires": ("60", True),
        "task_default_queue": ("celery", False),
        "task_serializer": ("json", False),
    }


def test_without_an_app_its_settings_are_celerys_own() -> None:
    found = shown().celery

    assert (found.known, [one.name for one in found.settings if one.changed]) == (False, [])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("redis_password", "s3cret"),
        ("result_backend", "redis://:s3cret@h/0;redis://u:s3cret@i/0"),
        ("result_backend_transport_options", {"sentinel_kwargs": {"password": "s3cret"}}),
        ("cassandra_auth_kwargs", [{"url": "redis://:s3cret@h/0"}]),
        ("s3_secret_access_key", "s3cret"),
    ],
)
def test_a_secret_of_the_app_is_not_shown(name: str, value: Any) -> None:
    found = {one.name: one.value for one in shown(app=CeleryApp(name="a", settings={name: value})).celery.settings}

    assert "***" in found[name]
    assert "s3cret" not in found[name]


def test_people_are_shown_with_their_role_and_nothing_of_their_password() -> None:
    users = (User("vic", "s3cret"), User("ann", HASH))

    found = shown(users=users, roles={"admin": ("ann",)})

    assert [(one.name, one.role, one.hashed) for one in found.users] == [("ann", "admin", True), ("vic", "none", False)]


@pytest.mark.parametrize(
    ("secret", "key"), [(None, "kept"), ("x", "configured")], ids=["kept-beside-the-store", "configured"]
)
def test_sessions_say_who_vouches_and_where_their_key_is(secret: str | None, key: str) -> None:
    oauth = OAuth(provider="google", client_id="i", client_secret="s", redirect_uri="http://h/login")

    found = shown(oauth=oauth, cookie_secret=secret).sessions

    assert (found.provider, found.lasts, found.key) == ("google", 12 * 3600, key)


@pytest.mark.anyio
async def test_tokens_are_shown_with_what_they_may_and_never_their_value(tmp_path: Path) -> None:
    text, stored = make("keda", "viewer", [Permission.AUTOSCALE], 1)
    file = tmp_path / "tokens"
    file.write_bytes(msgspec.json.encode([stored]))

    answer = await asked(config_for(tmp_path / "s", token_file=file))

    assert [(one["name"], one["role"], one["permissions"]) for one in answer.json()["tokens"]] == [
        ("keda", "viewer", ["autoscale:read"])
    ]
    assert text not in answer.text
    assert stored.sha256 not in answer.text


@pytest.mark.anyio
async def test_a_viewer_may_not_see_it(tmp_path: Path) -> None:
    users = (User("vic", "x"), User("ann", "x"))
    config = config_for(tmp_path / "s", users=users, roles={"viewer": ("vic",), "admin": ("ann",)})

    assert (await asked(config, "vic")).status_code == 403
    assert (await asked(config, "ann")).status_code == 200


async def asked(config: Config, name: str = "") -> httpx.Response:
    auth = httpx.BasicAuth(name, "x") if name else ADMIN
    async with running(config) as app, client_of(app, auth) as client:
        return await client.get("/api/v1/settings")
