"""The client against a real API server."""

import pytest

from flower_operator import kinds
from flower_operator.exceptions import Conflict, NotFound
from flower_operator.kube import KubeApi

pytestmark = pytest.mark.anyio


def secret(name: str, **data: str) -> kinds.Manifest:
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "stringData": data}


async def test_an_object_that_is_not_there_is_not_found(api: KubeApi, namespace: str) -> None:
    with pytest.raises(NotFound):
        await api.get(kinds.SECRET, namespace, "none")
    assert await api.find(kinds.SECRET, namespace, "none") is None


async def test_a_name_that_is_taken_is_a_conflict(api: KubeApi, namespace: str) -> None:
    await api.create(kinds.SECRET, namespace, secret("a"))
    with pytest.raises(Conflict) as caught:
        await api.create(kinds.SECRET, namespace, secret("a"))
    assert caught.value.reason == "AlreadyExists"
