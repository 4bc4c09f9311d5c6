"""What joins a monitor to the rest of the cluster: made, mended, removed, and never in the way of the monitor."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from flower_operator import kinds
from flower_operator.exceptions import NotFound
from flower_operator.kinds import Kind, Manifest
from flower_operator.resources import integrations

from .made import monitor
from .world import World, until

pytestmark = pytest.mark.anyio

GOLDEN = Path(__file__).parent / "golden" / "input" / "integrated.yaml"
PLAIN: dict[str, Any] = {
    "ingress": {"hosts": ["flower.example.com"]},
    "networkPolicy": {},
    "podDisruptionBudget": {"maxUnavailable": 1},
    "monitoring": {"dashboard": {}},
    "autoscaling": {"policies": [{"name": "orders", "match": {"queue": "default"}, "max": 4}]},
}
"""What every cluster has the API for."""
NOTHING: dict[str, Any] = dict.fromkeys(PLAIN)
MADE: list[tuple[Kind, str]] = [
    (kinds.INGRESS, "orders-monitor"),
    (kinds.NETWORK_POLICY, "orders-monitor"),
    (kinds.DISRUPTION_BUDGET, "orders-monitor"),
    (kinds.CONFIG_MAP, "orders-dashboard"),
    (kinds.CONFIG_MAP, "orders-autoscaling"),
]


async def test_each_is_made_and_belongs_to_its_monitor(world: World) -> None:
    async with world.controller():
        await world.create(**PLAIN)
        found = [await world.appears(kind, name) for kind, name in MADE]
        await world.condition("IntegrationsReady", "True", "Applied")
    assert {live["metadata"]["ownerReferences"][0]["name"] for live in found} == {"orders"}


async def test_each_goes_when_it_is_no_longer_asked_for(world: World) -> None:
    async with world.controller():
        await world.create(**PLAIN)
        for kind, name in MADE:
            await world.appears(kind, name)
        await world.change(**NOTHING)
        for kind, name in MADE:
            await world.vanishes(kind, name)
        await world.condition("IntegrationsReady", "True", "NoneWanted")


async def test_another_controller_knows_of_those_that_the_last_one_made(world: World) -> None:
    async with world.controller():
        await world.create(**PLAIN)
        for kind, name in MADE:
            await world.appears(kind, name)
    await world.change(**NOTHING)
    async with world.controller():
        for kind, name in MADE:
            await world.vanishes(kind, name)


async def test_they_go_with_their_monitor(world: World) -> None:
    async with world.controller():
        await world.create(**PLAIN)
        for kind, name in MADE:
            await world.appears(kind, name)
        await world.delete(kinds.FLOWER_MONITOR, "orders")
        for kind, name in MADE:
            await world.vanishes(kind, name)


async def test_one_that_somebody_changed_or_deleted_is_put_back(world: World) -> None:
    async with world.controller():
        await world.create(**PLAIN)
        await world.appears(kinds.INGRESS, "orders-monitor")
        await world.appears(kinds.NETWORK_POLICY, "orders-monitor")
        policy: Manifest = {"spec": {"ingress": [{}]}}
        await world.api.merge(kinds.NETWORK_POLICY, world.namespace, "orders-monitor", policy)
        uid = (await world.appears(kinds.INGRESS, "orders-monitor"))["metadata"]["uid"]
        await world.delete(kinds.INGRESS, "orders-monitor")

        async def back() -> bool:
            live = await world.appears(kinds.NETWORK_POLICY, "orders-monitor")
            ingress = await world.find(kinds.INGRESS, "orders-monitor")
            return bool(live["spec"]["ingress"][0].get("ports")) and bool(ingress and ingress["metadata"]["uid"] != uid)

        await until(back, "both as they were")


async def test_an_ingress_of_somebody_else_is_left_alone_and_the_monitor_runs(world: World) -> None:
    rule = {"host": "theirs.example.com", "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": THEIRS}]}}
    body = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": {"name": "orders-monitor"},
        "spec": {"rules": [rule]},
    }
    await world.api.create(kinds.INGRESS, world.namespace, body)
    async with world.controller():
        await world.create(**PLAIN)
        await world.make_ready()
        await world.condition("Ready", "True")
        found = await world.condition("IntegrationsReady", "False", "ObjectNotOwned")
        assert "Ingress orders-monitor is there already" in found["message"]
        assert ("Warning", "ObjectNotOwned") in [event[:2] for event in await world.events()]
        await world.change(ingress=None)
        await world.condition("IntegrationsReady", "True")
    live = await world.appears(kinds.INGRESS, "orders-monitor")
    assert live["spec"]["rules"] == [rule]


THEIRS = {"service": {"name": "theirs", "port": {"number": 80}}}


async def test_what_kubernetes_does_not_take_is_said_and_the_monitor_runs(world: World) -> None:
    """An annotation that is not text would be refused by the CRD; one whose name is none only by Kubernetes."""
    async with world.controller():
        await world.create(ingress={"hosts": ["a.example.com"], "annotations": {"not a name": "x"}})
        await world.make_ready()
        await world.condition("Ready", "True")
        found = await world.condition("IntegrationsReady", "False", "ApplyRefused")
        assert "metadata.annotations" in found["message"]


def test_alerts_go_while_a_monitor_is_suspended() -> None:
    asked: dict[str, Any] = {"prometheusRule": {}, "serviceMonitor": {}}
    assert kinds.PROMETHEUS_RULE in [kind for kind, _ in integrations.names(monitor(monitoring=asked))]
    suspended = monitor(monitoring=asked, suspend=True)
    assert [kind for kind, _ in integrations.names(suspended)] == [kinds.SERVICE_MONITOR]
    assert [kind for kind, _ in integrations.manifests(suspended, "operator")] == [kinds.SERVICE_MONITOR]


def definition(kind: Kind) -> Manifest:
    """A CRD that takes any object of a kind: what these APIs check themselves is not ours to test."""
    group, version = kind.api_version.split("/")
    schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        # Groups that end with k8s.io need to be approved by Kubernetes' people, or to say that they are not.
        "metadata": {
            "name": f"{kind.plural}.{group}",
            "annotations": {"api-approved.kubernetes.io": "unapproved, for a test"},
        },
        "spec": {
            "group": group,
            "scope": "Namespaced",
            "names": {"kind": kind.kind, "plural": kind.plural, "singular": kind.kind.lower()},
            "versions": [{"name": version, "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}],
        },
    }


async def test_optional_apis_are_noticed_when_they_appear(world: World) -> None:
    """The only test that brings these APIs: all others of a run share this API server and need them not to be there."""
    spec = yaml.safe_load(GOLDEN.read_text())["spec"]
    # The controller may not do that here, and this would be said first.
    del spec["workerPods"]["deletionCost"]
    async with world.controller():
        await world.create(**spec)
        await world.make_ready()
        await world.condition("Ready", "True")
        found = await world.condition("IntegrationsReady", "False", "ApiNotFound")
        for kind in integrations.OPTIONAL:
            assert f"{kind.api_version} ({integrations.FIELDS[kind]})" in found["message"]
        await world.condition("Stalled", "False")
        try:
            for kind in integrations.OPTIONAL:
                await world.api.create(kinds.CRD, None, definition(kind))
            made = [one for one in integrations.names(monitor(**spec)) if one[0] in integrations.OPTIONAL]
            assert {kind for kind, _ in made} == set(integrations.OPTIONAL)
            for kind, name in made:
                live = await world.appears(kind, name)
                assert live["metadata"]["labels"]["app.kubernetes.io/instance"] == "orders"
            await world.condition("IntegrationsReady", "True", "Applied")
            await world.change(httpRoute=None, autoscaling=None)
            for kind, name in made:
                if kind in (kinds.HTTP_ROUTE, kinds.TRIGGER_AUTHENTICATION, kinds.SCALED_OBJECT):
                    await world.vanishes(kind, name)
        finally:
            for kind in integrations.OPTIONAL:
                await gone(world, definition(kind)["metadata"]["name"])


async def gone(world: World, name: str) -> None:
    try:
        await world.api.delete(kinds.CRD, None, name)
    except NotFound:
        return
