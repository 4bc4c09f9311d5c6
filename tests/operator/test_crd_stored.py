"""An object that was stored before a rule can be changed elsewhere: the API server lets pass what stays as it was."""

import itertools
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from flower_operator import kinds
from flower_operator.exceptions import KubeError
from flower_operator.kinds import Kind, Manifest
from flower_operator.kube import KubeApi
from tests.operator.samples import monitor
from tests.operator.world import until

pytestmark = pytest.mark.anyio

HERE = Path(__file__).parent
GROUP = "yesterday.flower-operator.io"
"""So that a release's CRD can stand beside today's, and be upgraded."""
NAME = f"flowermonitors.{GROUP}"
YESTERDAY = Kind(f"{GROUP}/v1alpha1", "FlowerMonitor", "flowermonitors")
IMPOSSIBLE: dict[str, Any] = {
    "broker": {"urlSecretRef": {"name": "a/b", "key": "c d"}},
    "access": {"adminSecretRef": {"name": "a/b"}},
}


def crd(path: Path) -> Manifest:
    found = yaml.safe_load(path.read_text())
    return {**found, "metadata": {"name": NAME}, "spec": found["spec"] | {"group": GROUP}}


async def refusal(api: KubeApi, namespace: str, name: str = "orders", **spec: Any) -> str:
    """What the API server says against a FlowerMonitor; nothing where it takes it."""
    body = {**monitor(name, **spec), "apiVersion": YESTERDAY.api_version}
    try:
        await api.apply(YESTERDAY, namespace, body, "tests")
    except KubeError as error:
        return error.message
    return ""


@pytest.fixture
async def stored(api: KubeApi, namespace: str) -> AsyncIterator[KubeApi]:
    """An API server with an object of the release and the CRD of today."""
    await api.create(kinds.CRD, None, crd(HERE / "released" / "flowermonitors-0.1.0.yaml"))
    try:
        await until(lambda: taken(api, namespace), "the release's CRD is served")
        today = crd(HERE.parents[1] / "crds" / "flowermonitors.yaml")["spec"]["versions"]
        await api.merge(kinds.CRD, None, NAME, {"spec": {"versions": today}})
        # A new one each time: what got in before the rules held would get in again.
        number = itertools.count()
        await until(lambda: refusal(api, namespace, f"another-{next(number)}", **IMPOSSIBLE), "today's rules hold")
        yield api
    finally:
        await api.delete(kinds.CRD, None, NAME)


async def taken(api: KubeApi, namespace: str) -> bool:
    return await refusal(api, namespace, **IMPOSSIBLE) == ""


async def test_what_was_stored_before_a_rule_can_be_changed_elsewhere(stored: KubeApi, namespace: str) -> None:
    assert await refusal(stored, namespace, **IMPOSSIBLE, suspend=True) == ""
    label = {"metadata": {"labels": {"team": "a"}}}
    assert (await stored.merge(YESTERDAY, namespace, "orders", label))["metadata"]["labels"] == {"team": "a"}
    status = {"status": {"observedGeneration": 1, "version": "1.0"}}
    assert (await stored.merge(YESTERDAY, namespace, "orders", status, sub="status"))["status"] == status["status"]

    worse = IMPOSSIBLE | {"broker": {"urlSecretRef": {"name": "b/c"}}}
    assert "spec.broker.urlSecretRef.name" in await refusal(stored, namespace, **worse)
