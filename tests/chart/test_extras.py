"""What people add of their own: volumes, objects, a second IP version."""

import json

import pytest

from tests.chart.helm import CHART, of_kind, pod_of, template

ALL = ("--values", CHART / "ci" / "all-values.yaml")


@pytest.mark.parametrize("component", ["controller", "fleet"])
def test_a_volume_of_ones_own_stands_beside_ours_and_is_mounted(component: str) -> None:
    spec = pod_of(template(*ALL), component)["spec"]
    [container] = spec["containers"]
    assert [volume["name"] for volume in spec["volumes"]] == ["tmp", "certificates"]
    assert [mount["name"] for mount in container["volumeMounts"]] == ["tmp", "certificates"]


def test_an_object_of_ones_own_can_name_what_the_chart_names() -> None:
    name = '{{ include "flower-operator.fullname" . }}-notes'
    manifest = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}}
    made = of_kind(template("--set-json", f"extraObjects={json.dumps([manifest])}"), "ConfigMap")
    assert made["metadata"]["name"] == "flower-flower-operator-notes"


def test_the_service_has_the_ip_versions_of_the_cluster_unless_told_otherwise() -> None:
    assert "ipFamilyPolicy" not in of_kind(template(), "Service")["spec"]
    told = of_kind(template("--set", "fleet.service.ipFamilyPolicy=RequireDualStack"), "Service")["spec"]
    assert told["ipFamilyPolicy"] == "RequireDualStack"
