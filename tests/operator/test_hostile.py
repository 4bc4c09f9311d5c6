"""Whatever the schema lets through can be read and rendered: an object of anybody must not stop those of all others."""

from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings

from flower_operator.controller.checks.broker import check_url
from flower_operator.controller.checks.configuration import check_configuration
from flower_operator.controller.checks.integrations import check_integrations
from flower_operator.resources import integrations, metadata, references
from flower_operator.resources.render import Context, render

from .made import encoded, monitor
from .made_of_schema import drawn

CRD = yaml.safe_load((Path(__file__).parents[2] / "crds" / "flowermonitors.yaml").read_text())
SPEC = CRD["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]
CONTEXT = Context(monitor_image="image", fleet_key=b"k" * 32, claim_size="1Gi", operator_namespace="operator")

many = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
SPECS = drawn(SPEC)


@many
@given(SPECS)
def test_every_spec_is_read_and_rendered(spec: dict[str, Any]) -> None:
    subject = monitor(**spec)
    children = render(subject, CONTEXT)
    names = [(child.kind, child.name) for child in children]
    assert len(set(names)) == len(names)
    assert all(len(name) <= 63 for _, name in names)
    assert all(child.manifest["metadata"]["labels"].items() >= metadata.labels(subject).items() for child in children)
    assert {kind for kind, _ in integrations.names(subject)} <= {kind for kind, _ in names}


@many
@given(SPECS)
def test_the_pod_stays_safe_whatever_the_spec_says(spec: dict[str, Any]) -> None:
    pod = next(child for child in render(monitor(**spec), CONTEXT) if child.kind.kind == "Deployment")
    inside = pod.manifest["spec"]["template"]["spec"]
    container = inside["containers"][0]
    assert inside["securityContext"]["runAsNonRoot"]
    assert inside["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert not inside["automountServiceAccountToken"]
    assert not inside["enableServiceLinks"]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert container["command"] == ["flower-monitor"]
    assert "args" not in container


@many
@given(SPECS)
def test_every_spec_is_judged(spec: dict[str, Any]) -> None:
    subject = monitor(**spec)
    check_url(subject, encoded(url="redis://redis"))
    check_configuration(subject, {reference.secret: {} for reference in references.references(subject)})
    assert check_integrations(subject, []).message
