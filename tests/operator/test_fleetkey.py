"""The key of the fleet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flower_operator import fleetkey
from flower_operator.exceptions import StartError
from flower_operator.kinds import SECRET
from flower_operator.kube import KubeApi

KEY = b"k" * 32


def test_the_token_is_what_it_has_always_been() -> None:
    """Monitors that run know its digest: another derivation would lock the fleet out of all of them."""
    assert fleetkey.derive(KEY, "team-a", "orders") == "RjeMud6s01Q0pLMTdyIDP_yY6R3EciG0zIIHWYXIu0g"


@given(st.text("ab-", min_size=1), st.text("ab-", min_size=1), st.text("ab-", min_size=1), st.text("ab-", min_size=1))
def test_no_two_monitors_have_one_token(space: str, name: str, other_space: str, other_name: str) -> None:
    same = (space, name) == (other_space, other_name)
    assert (fleetkey.derive(KEY, space, name) == fleetkey.derive(KEY, other_space, other_name)) == same


def test_a_secret_shows_nothing_of_itself() -> None:
    assert "hidden" not in repr(fleetkey.FleetSecret("admin", "hidden", b"hidden"))


@pytest.mark.anyio
async def test_the_secret_is_made_once_and_kept(api: KubeApi, namespace: str) -> None:
    first = await fleetkey.get_or_create(api, namespace)
    second = await fleetkey.get_or_create(api, namespace)
    assert (first.key, first.password) == (second.key, second.password)
    assert len(first.key) >= fleetkey.KEY_BYTES


@pytest.mark.anyio
async def test_an_incomplete_secret_is_not_overwritten_but_said(api: KubeApi, namespace: str) -> None:
    body = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "flower-operator-fleet"}}
    await api.create(SECRET, namespace, body)
    with pytest.raises(StartError, match="lacks username, password, key"):
        await fleetkey.get_or_create(api, namespace)
