"""What the API server takes and what it refuses, and with which words. Strict: unknown fields are refused too."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from flower_operator import kinds
from flower_operator.exceptions import KubeError
from flower_operator.kinds import Manifest
from flower_operator.kube import KubeApi

from .samples import ACCEPTED, GOLDEN, OAUTH, RABBITMQ, REFUSED, golden, monitor

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "flowermonitor.md"
CRD = yaml.safe_load((ROOT / "crds" / "flowermonitors.yaml").read_text())


async def put(api: KubeApi, namespace: str, body: Manifest) -> Manifest:
    """Apply with strict validation, as kubectl does."""
    return await api.apply(kinds.FLOWER_MONITOR, namespace, body, "tests")


@pytest.mark.parametrize("case", sorted(ACCEPTED))
async def test_accepted(api: KubeApi, namespace: str, case: str) -> None:
    await put(api, namespace, ACCEPTED[case])


@pytest.mark.parametrize("case", sorted(path.stem for path in GOLDEN.glob("*.yaml")))
async def test_what_the_golden_files_are_rendered_of_is_accepted(api: KubeApi, namespace: str, case: str) -> None:
    await put(api, namespace, golden(case))


def documented() -> dict[str, Any]:
    """The spec under Fields of docs/flowermonitor.md."""
    text = DOCUMENT.read_text().partition("## Fields")[2]
    found: dict[str, Any] = yaml.safe_load(text.partition("```yaml\n")[2].partition("```")[0])["spec"]
    return found


async def test_the_documented_spec_is_accepted(api: KubeApi, namespace: str) -> None:
    await put(api, namespace, monitor(**documented()))


def test_every_part_of_the_spec_is_documented() -> None:
    schema = CRD["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"]
    text = DOCUMENT.read_text().partition("## Fields")[2].partition("## What it makes")[0]
    named = [*schema, *(inner for part in schema.values() for inner in part.get("properties", {}))]
    assert [name for name in named if f"{name}:" not in text] == []


@pytest.mark.parametrize("case", sorted(REFUSED))
async def test_refused_with_field_and_fix(api: KubeApi, namespace: str, case: str) -> None:
    body, text = REFUSED[case]
    with pytest.raises(KubeError) as caught:
        await put(api, namespace, body)
    assert text in caught.value.message


async def test_defaults_are_written_by_the_api_server(api: KubeApi, namespace: str) -> None:
    made = await put(api, namespace, monitor(broker={"urlSecretRef": {"name": "broker"}}))
    assert made["spec"] == {
        "broker": {"urlSecretRef": {"name": "broker", "key": "url"}},
        "storage": {"size": "10Gi", "retentionPolicy": "Retain"},
        "retention": {"age": "720h", "tasks": 1_000_000},
        "access": {},
        "resources": {"requests": {"cpu": "50m", "memory": "192Mi"}, "limits": {"memory": "512Mi"}},
        "podTemplate": {},
        "service": {"type": "ClusterIP", "port": 5555},
        "suspend": False,
    }


async def test_the_keys_of_secrets_have_defaults(api: KubeApi, namespace: str) -> None:
    named = {"name": "a"}
    made = await put(
        api,
        namespace,
        monitor(
            broker={
                **RABBITMQ,
                "managementUrlSecretRef": named,
                "tls": {"caSecretRef": named},
                "transportOptionsSecretRef": named,
            },
            resultBackend={"urlSecretRef": named},
            redaction={"rulesSecretRef": named},
            access={
                "usersSecretRef": named,
                "tokensSecretRef": named,
                "cookieSecretRef": named,
                "oauth": OAUTH,
            },
        ),
    )
    spec = made["spec"]
    assert spec["broker"]["managementUrlSecretRef"]["key"] == "url"
    assert spec["broker"]["tls"] == {
        "caSecretRef": {"name": "a", "key": "ca.crt"},
        "checkHostname": True,
        "insecureSkipVerify": False,
    }
    assert spec["broker"]["transportOptionsSecretRef"]["key"] == "transportOptions"
    assert spec["resultBackend"]["urlSecretRef"]["key"] == "url"
    assert spec["redaction"]["rulesSecretRef"]["key"] == "rules.json"
    assert spec["access"]["usersSecretRef"]["key"] == "users"
    assert spec["access"]["tokensSecretRef"]["key"] == "tokens"
    assert spec["access"]["cookieSecretRef"]["key"] == "cookie"
    assert spec["access"]["oauth"]["clientSecretRef"]["key"] == "clientSecret"


CHANGES: dict[str, tuple[Manifest, Manifest, str | None]] = {
    "size grows": ({"size": "1Gi"}, {"size": "2Gi"}, None),
    "size stays, written otherwise": ({"size": "1Gi"}, {"size": "1024Mi"}, None),
    "size shrinks": ({"size": "2Gi"}, {"size": "1Gi"}, "can't shrink"),
    "size shrinks to the default": ({"size": "20Gi"}, {}, "can't shrink"),
    "class changes": ({"storageClassName": "a"}, {"storageClassName": "b"}, "storageClassName can't change"),
    "class appears": ({}, {"storageClassName": "b"}, "storageClassName can't change"),
    "class vanishes": ({"storageClassName": "a"}, {}, "storageClassName can't change"),
    "policy changes": ({"retentionPolicy": "Retain"}, {"retentionPolicy": "Delete"}, None),
}


@pytest.mark.parametrize("case", sorted(CHANGES))
async def test_a_change_of_storage(api: KubeApi, namespace: str, case: str) -> None:
    before, after, text = CHANGES[case]
    await put(api, namespace, monitor(storage=before))
    if text is None:
        await put(api, namespace, monitor(storage=after))
        return
    with pytest.raises(KubeError) as caught:
        await put(api, namespace, monitor(storage=after))
    assert text in caught.value.message


async def test_status_is_a_subresource(api: KubeApi, namespace: str) -> None:
    """Who may edit the object can't forge its status."""
    made = await put(api, namespace, monitor() | {"status": {"version": "forged"}})
    assert made["status"] == {"observedGeneration": -1}
    patch = {"status": {"version": "1.0"}}
    changed = await api.merge(kinds.FLOWER_MONITOR, namespace, "orders", patch, sub="status")
    assert changed["status"]["version"] == "1.0"
    assert changed["metadata"]["generation"] == made["metadata"]["generation"]


async def test_printer_columns(api: KubeApi, namespace: str) -> None:
    crd = await api.get(kinds.CRD, None, "flowermonitors.flower-operator.io")
    names = crd["spec"]["names"]
    columns = crd["spec"]["versions"][0]["additionalPrinterColumns"]
    shown = [column["name"] for column in columns if not column.get("priority")]
    assert shown == ["Ready", "Reason", "Broker", "Workers", "Version", "Age"]
    assert names["shortNames"] == ["fm"]
    assert names["categories"] == ["all", "celery"]
