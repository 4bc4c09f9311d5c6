"""The values of the chart: each is described, each has an effect, and what is wrong is refused by name."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from tests.chart.helm import CHART, refusal, template, text
from tests.chart.readme import README, current, documented, value_at

TEXT = (CHART / "values.yaml").read_text()
VALUES = yaml.safe_load(TEXT)
SCHEMA = json.loads((CHART / "values.schema.json").read_text())
KEYS = [key for key, _ in documented(TEXT)]


def leaves(values: Any, path: str = "") -> Iterator[str]:
    """Dotted keys of everything that is set, down to what is documented or is no object."""
    if isinstance(values, dict) and path not in KEYS:
        for key, value in values.items():
            yield from leaves(value, f"{path}.{key}".removeprefix("."))
    else:
        yield path


def schema_keys(schema: Any, path: str = "") -> Iterator[str]:
    """Dotted keys that the schema takes."""
    schema = SCHEMA["$defs"][schema["$ref"].removeprefix("#/$defs/")] if "$ref" in schema else schema
    if path in KEYS or "properties" not in schema:
        yield path
    else:
        for key, value in schema["properties"].items():
            yield from schema_keys(value, f"{path}.{key}".removeprefix("."))


def test_every_value_is_described() -> None:
    assert sorted(leaves(VALUES)) == sorted(KEYS)


def test_the_schema_knows_just_the_values_that_there_are() -> None:
    assert sorted(schema_keys(SCHEMA)) == sorted(KEYS)


def test_the_readme_describes_the_values_that_there_are() -> None:
    assert README.read_text() == current(), "run `python -m tests.chart.readme`"


def objects(schema: Any, path: str = "$") -> Iterator[tuple[str, Any]]:
    if isinstance(schema, dict):
        if "properties" in schema and schema.get("type") == "object":
            yield path, schema
        for key, value in schema.items():
            yield from objects(value, f"{path}.{key}")


def test_the_schema_takes_no_unknown_key_but_those_of_a_parent_chart() -> None:
    loose = [path for path, schema in objects(SCHEMA) if schema.get("additionalProperties") is not False]
    assert loose == ["$.properties.global"]


@pytest.mark.parametrize(
    ("setting", "field"),
    [
        ("controler.replicas=1", "controler"),
        ("controller.replica=1", "replica"),
        ("controller.replicas=two", "/controller/replicas"),
        ("controller.replicas=-1", "/controller/replicas"),
        ("controller.resources.request.cpu=1", "request"),
        ("controller.extraEnv[0].key=A", "/controller/extraEnv/0"),
        ("image.pullPolicy=Sometimes", "/image/pullPolicy"),
        ("image.digest=sha256:12", "/image/digest"),
        ("image.repository=", "/image/repository"),
        ("image.registry=https://r.example", "/image/registry"),
        ("global.imageRegistry=r.example/", "/global/imageRegistry"),
        ("image.tag=a b", "/image/tag"),
        ("imagePullSecrets[0]=registry", "/imagePullSecrets/0"),
        ("logFormat=xml", "/logFormat"),
        ("crds.install=perhaps", "/crds/install"),
        ("rbac.create=1", "/rbac/create"),
        ("rbac.clusterRoles=1", "/rbac/clusterRoles"),
        ("rbac.patchPods=1", "/rbac/patchPods"),
        ("watchNamespaces[0]=Team", "/watchNamespaces/0"),
        ("nameOverride=A_B", "/nameOverride"),
        ("fullnameOverride=1x", "/fullnameOverride"),
        ("commonLabels.a=b c", "/commonLabels/a"),
        ("controller.extraVolumes[0].mountPath=/a", "/controller/extraVolumes/0"),
        ("fleet.extraVolumeMounts[0]=/a", "/fleet/extraVolumeMounts/0"),
        ("extraObjects[0].kind=ConfigMap", "/extraObjects/0"),
        ("fleet.service.ipFamilyPolicy=DualStack", "/fleet/service/ipFamilyPolicy"),
        ("fleet.service.type=ExternalName", "/fleet/service/type"),
        ("fleet.service.port=0", "/fleet/service/port"),
        ("fleet.service.nodePort=70000", "/fleet/service/nodePort"),
        ("fleet.service.nodePort=30080", "fleet.service.nodePort needs fleet.service.type NodePort or LoadBalancer"),
        ("fleet.ingress.hosts[0]=https://fleet.example.com", "/fleet/ingress/hosts/0"),
        ("fleet.ingress.host=fleet.example.com", "/fleet/ingress"),
        ("fleet.httpRoute.parentRefs[0]=public", "/fleet/httpRoute/parentRefs/0"),
        ("fleet.podAnnotations.a=1", "/fleet/podAnnotations/a"),
        ("monitoring.interval=30", "/monitoring/interval"),
        ("monitoring.labels.a=b c", "/monitoring/labels/a"),
        ("monitoring.severities.urgent=", "/monitoring/severities/urgent"),
        ("monitoring.podMonitor.enabled=1", "/monitoring/podMonitor/enabled"),
        ("monitoring.dashboard.labels.a=b c", "/monitoring/dashboard/labels/a"),
        ("networkPolicy.apiServerPorts[0]=0", "/networkPolicy/apiServerPorts/0"),
        ("networkPolicy.fleetFrom[0]=all", "/networkPolicy/fleetFrom/0"),
        ("controller.monitorFsGroup=-1", "/controller/monitorFsGroup"),
        ("controller.monitorMaxUnavailable=0", "/controller/monitorMaxUnavailable"),
        ("controller.monitorImagePullSecrets[0]=registry", "/controller/monitorImagePullSecrets/0"),
        ("test.flowerMonitor=a.b", "/test/flowerMonitor"),
        ("test.namespace=Team", "/test/namespace"),
        ("test.credentialsSecret=a/b", "/test/credentialsSecret"),
        ("test.url=http://me:secret@orders", "/test/url"),
        ("test.queue=", "/test/queue"),
        ("test.timeout=0", "/test/timeout"),
    ],
)
def test_wrong_values_are_refused_by_name(setting: str, field: str) -> None:
    assert field in refusal("--set", setting)


def test_values_of_a_parent_chart_are_taken() -> None:
    assert template("--set", "global.storageClass=x")


ALL = yaml.safe_load((CHART / "ci" / "all-values.yaml").read_text())
BASE = {
    # What must be set beside a value for it to have room for an effect.
    "fleet.service.nodePort": ["fleet.service.type=NodePort"],
    "rbac.clusterRoles": ["watchNamespaces={team-a}"],
    "controller.podDisruptionBudget": ["controller.replicas=2"],
    "fleet.podDisruptionBudget": ["fleet.replicas=2"],
    **{
        f"fleet.ingress.{key}": ["fleet.ingress.hosts={a.example}"]
        for key in ("className", "tlsSecretName", "annotations")
    },
    **{f"fleet.httpRoute.{key}": ["fleet.httpRoute.parentRefs[0].name=public"] for key in ("hostnames", "annotations")},
    "monitoring.interval": ["monitoring.podMonitor.enabled=true"],
    "monitoring.labels": ["monitoring.podMonitor.enabled=true"],
    "monitoring.severities.urgent": ["monitoring.prometheusRule.enabled=true"],
    "monitoring.severities.other": ["monitoring.prometheusRule.enabled=true"],
    **{f"monitoring.dashboard.{key}": ["monitoring.dashboard.enabled=true"] for key in ("labels", "annotations")},
    **{f"networkPolicy.{key}": ["networkPolicy.enabled=true"] for key in VALUES["networkPolicy"] if key != "enabled"},
    **{f"test.{key}": ["test.flowerMonitor=orders"] for key in VALUES["test"] if key != "flowerMonitor"},
}


@pytest.mark.parametrize("key", KEYS)
def test_every_value_has_an_effect(key: str) -> None:
    value = not VALUES["fleet"]["enabled"] if key == "fleet.enabled" else value_at(ALL, key)
    assert value != value_at(VALUES, key), "ci/all-values.yaml must set it to something else than the default"
    base = [part for setting in BASE.get(key, []) for part in ("--set", setting)]
    assert text(*base, "--set-json", f"{key}={json.dumps(value)}") != text(*base)
