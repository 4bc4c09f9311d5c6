"""A release of the chart can be upgraded to this one: against what it rendered, and the values it took.

No tag marks 0.1.0: `released` keeps the chart of aa0a585, the last commit of its day. Its CRD and the pods of its
monitors are in tests/operator/released.
"""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.chart.helm import CHART, Manifest, of_kind, run, template

RELEASED = {
    path.stem.removeprefix("chart-"): path for path in sorted((Path(__file__).parent / "released").glob("chart-*.yaml"))
}
KEPT = [(version, entry) for version, path in RELEASED.items() for entry in yaml.safe_load(path.read_text())]


def kept(manifest: Manifest) -> Any:
    """What an upgrade can't change (selector of a Deployment, role of a binding) or others name: a Service's ports."""
    spec = manifest.get("spec", {})
    entry = {"kind": manifest["kind"], "name": manifest["metadata"]["name"]}
    if manifest["kind"] in ("Deployment", "Service"):
        entry["selector"] = spec["selector"]
    if manifest["kind"] == "Service":
        entry["ports"] = [{key: port[key] for key in ("name", "port")} for port in spec["ports"]]
    return entry | {key: manifest[key] for key in ("roleRef",) if key in manifest}


@pytest.mark.parametrize(
    ("version", "entry"),
    KEPT,
    ids=lambda value: value if isinstance(value, str) else f"{value['kind']}-{value['name']}",
)
def test_what_a_release_made_is_upgraded_in_its_place(version: str, entry: Any) -> None:
    """Under another name helm would remove it and make a new one; another selector the API server refuses."""
    assert kept(of_kind(template(), entry["kind"], entry["name"])) == entry


@pytest.mark.parametrize("version", RELEASED)
def test_values_of_a_release_are_taken(version: str) -> None:
    values = Path(__file__).parent / "released" / f"values-{version}.yaml"
    done = run("template", "flower", CHART, "--values", values)
    assert done.returncode == 0, done.stderr


def test_a_selector_does_not_depend_on_values() -> None:
    """Else an upgrade that changes them would be refused."""
    settings = ("--set", "commonLabels.team=a", "--set", "controller.podLabels.team=b")
    for name in ("flower-flower-operator-controller", "flower-flower-operator-fleet"):
        plain, labelled = (of_kind(template(*given), "Deployment", name)["spec"] for given in ((), settings))
        assert plain["selector"] == labelled["selector"]
