"""What is said about the credentials."""

import pytest

from flower_operator.controller.checks.credentials import check_credentials
from flower_operator.controller.findings import State

from .made import encoded, monitor

GIVEN = monitor(access={"adminSecretRef": {"name": "login"}})


def test_complete_credentials_hold() -> None:
    found = check_credentials(monitor(), encoded(username="admin", password="secret"))
    assert found.state is State.HOLDS
    assert "orders-credentials" in found.message


def test_a_missing_secret_names_the_field() -> None:
    found = check_credentials(GIVEN, None)
    assert (found.state, found.reason) == (State.REFUSED, "SecretNotFound")
    assert "spec.access.adminSecretRef.name" in found.message


@pytest.mark.parametrize("data", [encoded(username="admin"), encoded(username="admin", password="")])
def test_a_missing_or_empty_password_is_refused(data: dict[str, str]) -> None:
    found = check_credentials(GIVEN, data)
    assert (found.state, found.reason) == (State.REFUSED, "SecretKeyNotFound")
    assert "empty: password" in found.message


def test_incomplete_generated_credentials_say_how_to_get_new_ones() -> None:
    assert "delete the Secret" in check_credentials(monitor(), {}).message
