"""Names of other objects, and keys in them, that nothing in Kubernetes could have are refused where they stand."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from flower_operator import kinds
from flower_operator.exceptions import KubeError
from flower_operator.kube import KubeApi
from tests.operator.samples import CONSTRAINT, KEDA, OAUTH, RABBITMQ, monitor

pytestmark = pytest.mark.anyio

CRD = yaml.safe_load((Path(__file__).parents[2] / "crds" / "flowermonitors.yaml").read_text())
REFUSAL = "can be called so"

NAME = "some-name"
"""Stands in the specs below for each name that must be one that Kubernetes can give."""
KEY = {"name": NAME, "key": NAME}

SPEC: dict[str, Any] = {
    "broker": {
        **RABBITMQ,
        "managementUrlSecretRef": KEY,
        "tls": {"caSecretRef": KEY, "clientCertSecretRef": {"name": NAME}},
        "transportOptionsSecretRef": KEY,
    },
    "resultBackend": {"urlSecretRef": KEY},
    "storage": {"storageClassName": NAME},
    "redaction": {"rulesSecretRef": KEY},
    "access": {
        "adminSecretRef": {"name": NAME},
        "usersSecretRef": KEY,
        "tokensSecretRef": KEY,
        "cookieSecretRef": KEY,
        "oauth": OAUTH | {"clientSecretRef": KEY},
    },
    "imagePullSecrets": [{"name": NAME}],
    "podTemplate": {
        "priorityClassName": NAME,
        "serviceAccountName": NAME,
        "affinity": {
            side: {
                "requiredDuringSchedulingIgnoredDuringExecution": [{"topologyKey": "zone", "namespaces": [NAME]}],
                "preferredDuringSchedulingIgnoredDuringExecution": [
                    {"weight": 1, "podAffinityTerm": {"topologyKey": "zone", "namespaces": [NAME]}}
                ],
            }
            for side in ("podAffinity", "podAntiAffinity")
        },
        "topologySpreadConstraints": [CONSTRAINT],
        "env": [
            {"name": "A", "valueFrom": {"secretKeyRef": KEY}},
            {"name": "B", "valueFrom": {"configMapKeyRef": KEY}},
        ],
        "volumes": [
            {"name": "a", "secret": {"secretName": NAME, "items": [{"key": NAME, "path": "a"}]}},
            {"name": "b", "configMap": {"name": NAME, "items": [{"key": NAME, "path": "a"}]}},
            {"name": "c", "persistentVolumeClaim": {"claimName": NAME}},
            {"name": "d", "csi": {"driver": NAME}},
        ],
    },
    "ingress": {"hosts": ["a"], "className": NAME, "tls": {"secretName": NAME}},
    "httpRoute": {
        "parentRefs": [{"name": NAME, "namespace": NAME, "sectionName": NAME, "group": NAME, "kind": NAME}],
    },
    "autoscaling": {
        "webhooks": {"before": "https://gate", "secretRef": KEY},
        "keda": [KEDA | {"scaleTargetRef": {"name": NAME, "kind": NAME, "apiVersion": NAME}}],
    },
}
OTHERWISE: dict[str, Any] = {
    # What can't stand beside something of the spec above.
    "broker": {"urlSecretRef": KEY},
    "storage": {"existingClaim": NAME},
}


def parts(value: Any) -> Iterable[tuple[str | int, Any]]:
    """What is in an object or a list, and where."""
    if isinstance(value, dict):
        return value.items()
    return enumerate(value) if isinstance(value, list) else ()


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where a spec has the name."""
    if value == NAME:
        yield path
    for step, part in parts(value):
        yield from places(part, (*path, step))


def replaced(value: Any, path: tuple[str | int, ...], name: str) -> Any:
    """The spec with another name in one place."""
    if not path:
        return name
    changed = {step: replaced(part, path[1:], name) if step == path[0] else part for step, part in parts(value)}
    return changed if isinstance(value, dict) else list(changed.values())


def written(path: tuple[str | int, ...]) -> str:
    """A place as the API server writes it."""
    return "spec" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)


def ruled(schema: Any, path: str) -> Iterator[str]:
    """Places of a schema that refuse names."""
    if any(REFUSAL in rule.get("message", "") for rule in schema.get("x-kubernetes-validations", [])):
        yield path
    for name, inner in schema.get("properties", {}).items():
        yield from ruled(inner, f"{path}.{name}")
    if "items" in schema:
        yield from ruled(schema["items"], f"{path}[0]")


ROWS = [(spec, path) for spec in (SPEC, OTHERWISE) for path in places(spec)]


async def put(api: KubeApi, namespace: str, spec: dict[str, Any]) -> None:
    await api.apply(kinds.FLOWER_MONITOR, namespace, monitor(**spec), "tests")


def test_the_rows_have_every_field_that_refuses_names() -> None:
    spec = CRD["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]
    indices = str.maketrans("123", "000")
    assert set(ruled(spec, "spec")) == {written(path).translate(indices) for _, path in ROWS}


@pytest.mark.parametrize("spec", [SPEC, OTHERWISE], ids=["spec", "otherwise"])
async def test_names_as_kubernetes_gives_them_are_taken(api: KubeApi, namespace: str, spec: dict[str, Any]) -> None:
    await put(api, namespace, spec)


@pytest.mark.parametrize(("spec", "path"), ROWS, ids=[written(path) for _, path in ROWS])
async def test_a_name_of_two_paths_is_refused_with_its_field(
    api: KubeApi, namespace: str, spec: dict[str, Any], path: tuple[str | int, ...]
) -> None:
    with pytest.raises(KubeError) as caught:
        await put(api, namespace, replaced(spec, path, "a/b/c"))
    assert f"{written(path)}: Invalid value" in caught.value.message
    assert REFUSAL in caught.value.message


@pytest.mark.parametrize("name", ["A", "a_b", "-a", "a-", "a.", ".a", "a..b", "..", "a%2Fb", "a b", "a\n", "ä"])
async def test_what_no_object_can_be_called_is_refused(api: KubeApi, namespace: str, name: str) -> None:
    with pytest.raises(KubeError, match="no object of Kubernetes can be called so"):
        await put(api, namespace, {"broker": {"urlSecretRef": {"name": name}}})


@pytest.mark.parametrize("name", ["1", "a.b-c.d", "a--b", "a" * 253])
async def test_what_an_object_can_be_called_is_taken(api: KubeApi, namespace: str, name: str) -> None:
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}}
    await api.create(kinds.SECRET, namespace, secret)
    await put(api, namespace, {"broker": {"urlSecretRef": {"name": name}}})


@pytest.mark.parametrize("key", [".", "..", "..a", "a b", "a%b", "a\n", "ä"])
async def test_what_no_key_can_be_called_is_refused(api: KubeApi, namespace: str, key: str) -> None:
    with pytest.raises(KubeError, match="no key of a Secret or ConfigMap can be called so"):
        await put(api, namespace, {"broker": {"urlSecretRef": {"name": "a", "key": key}}})


@pytest.mark.parametrize("key", [".a", "tls.crt", "A_b-1", "a..b", "_", "a" * 253])
async def test_what_a_key_can_be_called_is_taken(api: KubeApi, namespace: str, key: str) -> None:
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"}, "stringData": {key: ""}}
    await api.create(kinds.SECRET, namespace, secret)
    await put(api, namespace, {"broker": {"urlSecretRef": {"name": "a", "key": key}}})
