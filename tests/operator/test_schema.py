"""A CRD that is older than the operator is noticed."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from flower_operator.controller import schema
from flower_operator.kube import KubeApi, connect

from .world import World

pytestmark = pytest.mark.anyio

RELEASED = Path(__file__).parent / "released" / "flowermonitors-0.1.0.yaml"


class Serves:
    """An API server that has another CRD: the tests' one is shared, and has today's."""

    def __init__(self, path: Path) -> None:
        (version,) = yaml.safe_load(path.read_text())["spec"]["versions"]
        self._schema = version["schema"]["openAPIV3Schema"]

    async def openapi(self, _: str) -> Any:
        named = {**self._schema, "x-kubernetes-group-version-kind": [{"kind": "FlowerMonitor"}]}
        return {"components": {"schemas": {"other": {}, "io.flower-operator.v1alpha1.FlowerMonitor": named}}}


async def test_the_crd_of_this_release_lacks_nothing(world: World) -> None:
    async with connect(world.configuration) as ours:
        assert await schema.report_missing(ours) == []


async def test_an_older_crd_is_told_with_what_it_lacks(caplog: pytest.LogCaptureFixture) -> None:
    missing = await schema.report_missing(Serves(RELEASED))  # type: ignore[arg-type] # as far as it is asked
    assert {"spec.autoscaling", "spec.autoscaling.keda.queue", "spec.access.oauth"} <= set(missing)
    assert "spec.broker.url" not in missing
    assert "spec.autoscaling" in caplog.text
    assert "spec.autoscaling.keda" not in caplog.text, "what is in another one is not repeated"
    assert "kubectl apply --server-side" in caplog.text


async def test_a_schema_that_can_not_be_had_stops_nothing(
    api: KubeApi, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("flower_operator.constants.API_VERSION", "flower-operator.io/v9")
    assert await schema.report_missing(api) == []
    assert "can't look whether the CRD is as new" in caplog.text
