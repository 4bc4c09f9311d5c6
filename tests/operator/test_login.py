"""How our own client and kopf get a token, and another one."""

import os
from pathlib import Path

import pytest
from kubernetes.aio.client import Configuration

from flower_operator.connection import TOKEN_SECONDS, TokenFile
from flower_operator.controller.login import Logins

pytestmark = pytest.mark.anyio


class Clock:
    """Stands still until it is moved."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def token(configuration: Configuration) -> str:
    return str(configuration.api_key["BearerToken"])


def test_a_token_that_was_replaced_is_read_within_a_second(tmp_path: Path) -> None:
    file, clock, configuration = tmp_path / "token", Clock(), Configuration()
    file.write_text("first\n")
    tokens = TokenFile(file, clock)
    tokens.refresh(configuration)
    file.write_text("second\n")
    tokens.refresh(configuration)
    assert token(configuration) == "Bearer first"
    clock.now = TOKEN_SECONDS
    tokens.refresh(configuration)
    assert token(configuration) == "Bearer second"


def test_a_file_that_is_empty_for_a_moment_changes_nothing(tmp_path: Path) -> None:
    file, clock, configuration = tmp_path / "token", Clock(), Configuration()
    file.write_text("first")
    tokens = TokenFile(file, clock)
    tokens.refresh(configuration)
    clock.now = TOKEN_SECONDS
    os.truncate(file, 0)
    tokens.refresh(configuration)
    assert token(configuration) == "Bearer first"


async def test_the_same_token_is_another_login_to_kopf(caplog: pytest.LogCaptureFixture) -> None:
    configuration = Configuration(host="http://localhost")
    configuration.api_key = {"BearerToken": "Bearer same"}
    logins = Logins(configuration, lambda *_: None, pause=0.0)
    first, second = await logins.log_in(), await logins.log_in()
    await logins.close()
    assert first != second
    for one in (first, second):
        assert one.aiohttp_session.headers["Authorization"] == "Bearer same"
        assert one.aiohttp_session.closed
    assert "refused the token of a watch" in caplog.text
