"""What the API server takes and what it refuses, and with which words. Strict: unknown fields are refused too."""

from typing import Any

import pytest

from flower_operator import constants, kinds
from flower_operator.exceptions import KubeError
from flower_operator.kinds import Manifest
from flower_operator.kube import KubeApi

pytestmark = pytest.mark.anyio

REDIS = {"url": "redis://redis:6379/0"}


def monitor(name: str = "orders", **spec: Any) -> Manifest:
    head = {"apiVersion": constants.API_VERSION, "kind": constants.KIND, "metadata": {"name": name}}
    return {**head, "spec": {"broker": REDIS} | spec}


async def put(api: KubeApi, namespace: str, body: Manifest) -> Manifest:
    """Apply with strict validation, as kubectl does."""
    return await api.apply(kinds.FLOWER_MONITOR, namespace, body, "tests")


ACCEPTED: dict[str, Manifest] = {
    "user without password": monitor(broker={"url": "amqp://guest@rabbitmq:5672//"}),
    "url with a port and a query": monitor(broker={"url": "rediss://redis:6379/0?ssl_cert_reqs=required&x=a:b@c"}),
    "secret without key": monitor(broker={"urlSecretRef": {"name": "broker"}}),
    "longest name": monitor("a" * 40),
    "days": monitor(retention={"age": "30d"}),
    "hours and minutes": monitor(retention={"age": "36h30m"}),
    "an existing claim": monitor(storage={"existingClaim": "history"}),
    "plain quantities": monitor(resources={"limits": {"cpu": 2, "memory": "1Gi", "example.com/gpu": 1}}),
    "node port": monitor(service={"type": "NodePort", "nodePort": 30081}),
    "load balancer": monitor(service={"type": "LoadBalancer", "annotations": {"example.com/internal": "true"}}),
    "toleration of everything": monitor(podTemplate={"tolerations": [{"operator": "Exists"}]}),
    "digest": monitor(image="example.com/a@sha256:" + "0" * 64),
    "labels": monitor(podTemplate={"labels": {"team": "a", "example.com/x": ""}}),
}

REFUSED: dict[str, tuple[Manifest, str]] = {
    "no broker": ({**monitor(), "spec": {}}, "spec.broker: Required value"),
    "neither url nor secret": (monitor(broker={}), "set exactly one of spec.broker.url and spec.broker.urlSecretRef"),
    "url and secret": (monitor(broker={**REDIS, "urlSecretRef": {"name": "a"}}), "set exactly one of"),
    "password": (monitor(broker={"url": "redis://:secret@redis"}), "may not hold a password"),
    "user and password": (monitor(broker={"url": "amqp://me:secret@rabbitmq//"}), "may not hold a password"),
    "password with a slash": (monitor(broker={"url": "redis://:sec/ret@redis"}), "may not hold a password"),
    "unknown transport": (monitor(broker={"url": "kafka://kafka"}), "must start with redis://, rediss://"),
    "no transport": (monitor(broker={"url": "redis"}), "must start with redis://"),
    "url too long": (monitor(broker={"url": "redis://" + "a" * 1100}), "may not be more than 1024 bytes"),
    "secret without name": (monitor(broker={"urlSecretRef": {"key": "url"}}), "urlSecretRef.name: Required value"),
    "name too long": (monitor("a" * 41), "longer than 40 characters"),
    "name with a dot": (monitor("a.b"), "must start with a letter"),
    "name with a digit first": (monitor("1a"), "must start with a letter"),
    "size that is none": (monitor(storage={"size": "large"}), "must be a quantity such as 10Gi"),
    "size too small": (monitor(storage={"size": "1Mi"}), "at least 64Mi"),
    "negative size": (monitor(storage={"size": "-1Gi"}), "at least 64Mi"),
    "unknown policy": (monitor(storage={"retentionPolicy": "Keep"}), 'supported values: "Retain", "Delete"'),
    "class of an existing claim": (
        monitor(storage={"existingClaim": "a", "storageClassName": "b"}),
        "has no effect on an existing claim",
    ),
    "age without unit": (monitor(retention={"age": "720"}), "spec.retention.age"),
    "age of nothing": (monitor(retention={"age": "0h"}), "longer than nothing"),
    "no tasks": (monitor(retention={"tasks": 0}), "greater than or equal to 1"),
    "tasks as text": (monitor(retention={"tasks": "many"}), ".spec.retention.tasks: expected numeric"),
    "image with a space": (monitor(image="a b"), "spec.image"),
    "empty image": (monitor(image=""), "spec.image"),
    "quantity that is none": (monitor(resources={"limits": {"memory": "much"}}), "spec.resources.limits.memory"),
    "our labels": (monitor(podTemplate={"labels": {"app.kubernetes.io/name": "x"}}), "these select the pod"),
    "our annotations": (monitor(podTemplate={"annotations": {"flower-operator.io/x": "y"}}), "are the operator's"),
    "our annotations of the service": (
        monitor(service={"annotations": {"flower-operator.io/x": "y"}}),
        "are the operator's",
    ),
    "label too long": (monitor(podTemplate={"labels": {"a": "b" * 64}}), "may not be more than 63 bytes"),
    "toleration with a useless value": (
        monitor(podTemplate={"tolerations": [{"key": "a", "operator": "Exists", "value": "b"}]}),
        "with operator Exists may have no value",
    ),
    "toleration of nothing": (monitor(podTemplate={"tolerations": [{"value": "b"}]}), "must have operator Exists"),
    "too many tolerations": (
        monitor(podTemplate={"tolerations": [{"key": f"k{n}"} for n in range(17)]}),
        "must have at most 16 items",
    ),
    "unknown service type": (monitor(service={"type": "ExternalName"}), "Unsupported value"),
    "node port of a cluster ip": (monitor(service={"nodePort": 30081}), "needs spec.service.type NodePort"),
    "port out of range": (monitor(service={"port": 65536}), "less than or equal to 65535"),
    "suspend as text": (monitor(suspend="yes"), ".spec.suspend: expected boolean"),
    "secret of ours without name": (monitor(access={"adminSecretRef": {}}), "adminSecretRef.name: Required value"),
    "unknown field": (monitor(brokr={}), ".spec.brokr: field not declared in schema"),
    "unknown field deep inside": (monitor(storage={"sise": "1Gi"}), ".spec.storage.sise: field not declared"),
}


@pytest.mark.parametrize("case", sorted(ACCEPTED))
async def test_accepted(api: KubeApi, namespace: str, case: str) -> None:
    await put(api, namespace, ACCEPTED[case])


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
    assert "status" not in made
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
