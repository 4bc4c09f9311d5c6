"""What catalogues such as Artifact Hub show of the chart."""

import base64
from pathlib import Path
from typing import Any

import yaml

from tests.chart.helm import CHART, ROOT

META: dict[str, Any] = yaml.safe_load((CHART / "Chart.yaml").read_text())


def annotation(name: str) -> Any:
    return yaml.safe_load(META["annotations"][f"artifacthub.io/{name}"])


def documents(path: Path, kind: str) -> list[Any]:
    return [one for one in yaml.safe_load_all(path.read_text()) if one["kind"] == kind]


def test_the_icon_is_that_of_the_pages() -> None:
    kind, _, data = META["icon"].partition(",")
    assert kind == "data:image/svg+xml;base64"
    assert base64.b64decode(data) == (ROOT / "dashboard" / "src" / "app" / "icon.svg").read_bytes()


def test_the_example_is_the_one_of_the_repository() -> None:
    assert annotation("crdsExamples") == documents(ROOT / "examples" / "flowermonitor.yaml", "FlowerMonitor")


def test_the_crd_is_the_one_that_is_installed() -> None:
    [crd] = documents(ROOT / "crds" / "flowermonitors.yaml", "CustomResourceDefinition")
    [shown] = annotation("crds")
    versions = [version["name"] for version in crd["spec"]["versions"]]
    assert (shown["name"], shown["kind"]) == (crd["metadata"]["name"], crd["spec"]["names"]["kind"])
    assert [shown["version"]] == versions
