"""The client against a real API server."""

import pytest

from flower_operator import kinds
from flower_operator.exceptions import Conflict, NotFound
from flower_operator.kube import KubeApi, connect
from tests.operator.world import World

pytestmark = pytest.mark.anyio


def secret(name: str, **data: str) -> kinds.Manifest:
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "stringData": data}


async def test_an_object_that_is_not_there_is_not_found(api: KubeApi, namespace: str) -> None:
    with pytest.raises(NotFound):
        await api.get(kinds.SECRET, namespace, "none")
    assert await api.find(kinds.SECRET, namespace, "none") is None


@pytest.mark.parametrize("name", ["a/b", "../configmaps/kube-root-ca.crt", "..", ".", "a%2Fb"])
async def test_what_can_be_no_name_is_not_there(world: World, name: str) -> None:
    """A FlowerMonitor may name it: its Secret is then not found, and not forbidden to the controller."""
    async with connect(world.configuration) as ours:
        assert await ours.find(kinds.SECRET, world.namespace, name) is None


async def test_a_name_that_is_taken_is_a_conflict(api: KubeApi, namespace: str) -> None:
    await api.create(kinds.SECRET, namespace, secret("a"))
    with pytest.raises(Conflict) as caught:
        await api.create(kinds.SECRET, namespace, secret("a"))
    assert caught.value.reason == "AlreadyExists"
