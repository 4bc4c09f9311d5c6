"""What the API server refuses for good, until somebody allows it: rights, policies, quotas, a namespace that goes."""

import secrets

import pytest

from flower_operator import kinds
from flower_operator.controller import rights
from flower_operator.controller.rights import Where
from flower_operator.exceptions import KubeError
from flower_operator.kinds import Kind, Manifest
from flower_operator.kube import connect
from tests.operator import rbac
from tests.operator.world import World, monitor, until
from tests.support.kube_call import of
from tests.support.kube_faults import answers
from tests.support.kube_proxy import Proxy

from .kit import count, counted, said, serves, single

pytestmark = pytest.mark.anyio

POLICY = Kind("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy", "validatingadmissionpolicies", False)
BINDING = Kind(
    "admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicyBinding", "validatingadmissionpolicybindings", False
)
QUOTA = Kind("v1", "ResourceQuota", "resourcequotas")


async def take_away(world: World, resource: str, verb: str) -> Manifest:
    """Take a verb from the controller's role, and wait until it may no more; the role as it was."""
    name = f"{rbac.NAME}-{world.namespace}"
    role = await world.appears(rbac.ROLE, name)
    rules = [
        {**rule, "verbs": [one for one in rule["verbs"] if one != verb]} if resource in rule["resources"] else rule
        for rule in role["rules"]
    ]
    await world.api.merge(rbac.ROLE, world.namespace, name, {"rules": [rule for rule in rules if rule["verbs"]]})
    await until(lambda: may_not(world, resource, verb), f"no right to {verb} {resource}")
    return role


async def may_not(world: World, resource: str, verb: str) -> bool:
    """Whether the controller may not: the API server's authorizer learns of a changed role by watching it."""
    (right,) = (right for right in rights.RIGHTS if right.resource == resource and right.where is Where.WATCHED)
    async with connect(world.configuration) as ours:
        return not await rights.allowed(ours, right, verb, world.namespace)


async def give_back(world: World, role: Manifest) -> None:
    """Let the role be as it was."""
    await world.api.merge(rbac.ROLE, world.namespace, role["metadata"]["name"], {"rules": role["rules"]})


async def test_a_right_to_read_that_is_taken_away_is_a_condition_and_an_event(world: World) -> None:
    async with world.controller() as app:
        await world.create()
        await serves(world)
        role = await take_away(world, "secrets", "get")
        found = await world.condition("Stalled", "True", "ApiRefused")
        assert 'cannot get resource "secrets"' in found["message"]
        assert "Give the operator that right" in found["message"]
        # The monitor runs on: that we can't look says nothing against it.
        await world.condition("Ready", "True")
        await until(lambda: refusals_told(world), "an Event")
        assert counted(app, "api_calls_total", resource="secrets", code="403") >= 1
        await give_back(world, role)
        await world.condition("Stalled", "False", "NotStalled")
        await world.condition("Reconciling", "False", "Settled")
        assert await refusals_told(world) == 1
    await single(world)


async def refusals_told(world: World) -> int:
    """Events that tell of what may not be read."""
    return [event[:2] for event in await world.events()].count(("Warning", "ApiRefused"))


async def test_a_new_monitor_is_told_too_what_may_not_be_read(world: World) -> None:
    role = await take_away(world, "services", "get")
    async with world.controller():
        await world.create()
        await world.condition("Stalled", "True", "ApiRefused")
        found = await world.condition("Ready", "False", "ApiRefused")
        assert 'cannot get resource "services"' in found["message"]
        await give_back(world, role)
        await serves(world)
    await single(world)


async def test_a_right_to_write_that_is_taken_away_is_said_where_it_is_missed(world: World) -> None:
    role = await take_away(world, "deployments", "patch")
    async with world.controller():
        await world.create()
        found = await world.condition("WorkloadAvailable", "False", "ApplyRefused")
        assert 'cannot patch resource "deployments"' in found["message"]
        await world.condition("Ready", "False", "ApplyRefused")
        await give_back(world, role)
        await serves(world)
    await single(world)


async def test_a_status_that_may_not_be_written_is_on_the_log_and_in_the_metrics(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    role = await take_away(world, "flowermonitors/status", "patch")
    async with world.controller() as app:
        await world.create()
        await said(caplog, "reconcile failed, again in", "flowermonitors/status")
        await count(app, "api_calls_total", resource="flowermonitors", code="403")
        await world.appears(kinds.DEPLOYMENT, "orders-monitor")
        await give_back(world, role)
        await serves(world)
    await single(world)


async def test_a_server_that_fails_one_object_again_and_again_is_told_of(
    world: World, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the webhook of somebody else is down, which Kubernetes tells with 500."""
    monkeypatch.setattr("flower_operator.controller.schedule.BACKOFF_LAST", 1.0)
    down = answers(500, "InternalError", 'failed calling webhook "pods.example.com": connection refused')
    with proxy.fault(down, of(kinds.DEPLOYMENT, "PATCH")):
        async with world.controller() as app:
            await world.create()
            found = await world.condition("Reconciling", "True", "ApiFailing")
            assert 'failed calling webhook "pods.example.com"' in found["message"]
            await count(app, "api_calls_total", least=5, resource="deployments", code="500")
            assert counted(app, "status_writes_total") < 5
    async with world.controller():
        await serves(world)
        await world.condition("Reconciling", "False", "Settled")
    await single(world)


def policy(name: str, namespace: str) -> tuple[Manifest, Manifest]:
    """A policy against Services in one namespace, and what puts it in force."""
    head = {"apiVersion": POLICY.api_version, "metadata": {"name": name}}
    rule = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE", "UPDATE"], "resources": ["services"]}
    refusal = [{"expression": "false", "message": "services are made by the network team"}]
    spec = {"failurePolicy": "Fail", "matchConstraints": {"resourceRules": [rule]}, "validations": refusal}
    here = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": namespace}}}
    bound = {"policyName": name, "validationActions": ["Deny"], "matchResources": here}
    return {**head, "kind": POLICY.kind, "spec": spec}, {**head, "kind": BINDING.kind, "spec": bound}


async def test_an_object_that_an_admission_policy_refuses(world: World) -> None:
    name = f"no-services-{secrets.token_hex(4)}"
    made = policy(name, world.namespace)
    for kind, body in zip((POLICY, BINDING), made, strict=True):
        await world.api.create(kind, None, body)
    try:
        probe = {"spec": {"ports": [{"port": 80}]}}
        await in_force(world, kinds.SERVICE, probe, "made by the network team")
        async with world.controller():
            await world.create()
            found = await world.condition("WorkloadAvailable", "False", "ApplyRefused")
            assert "services are made by the network team" in found["message"]
            await world.condition("Stalled", "True", "ApplyRefused")
            assert await world.find(kinds.SERVICE, "orders-monitor") is None
            await world.api.delete(BINDING, None, name)
            await serves(world)
    finally:
        await world.api.delete(POLICY, None, name)
    await single(world)


async def in_force(world: World, kind: Kind, body: Manifest, words: str) -> None:
    """Wait until an object is refused, with these words."""
    probe = {"apiVersion": kind.api_version, "kind": kind.kind, "metadata": {"generateName": "probe-"}, **body}

    async def refused() -> bool:
        try:
            made = await world.api.create(kind, world.namespace, probe)
        except KubeError as error:
            return words in error.message
        await world.delete(kind, made["metadata"]["name"])
        return False

    await until(refused, f"refused: {words}")


async def test_a_quota_for_pods_that_is_used_up(world: World) -> None:
    """A quota for claims is in `test_refusals` of the folder above."""
    body = {"apiVersion": "v1", "kind": QUOTA.kind, "metadata": {"name": "small"}, "spec": {"hard": {"pods": "0"}}}
    await world.api.create(QUOTA, world.namespace, body)
    await in_force(world, kinds.POD, {"spec": {"containers": [{"name": "a", "image": "a"}]}}, "exceeded quota")
    async with world.controller():
        await world.create()
        found = await world.condition("WorkloadAvailable", "False", "PodRefused")
        assert "exceeded quota" in found["message"]
        await world.condition("Stalled", "True", "PodRefused")
        await single(world)
        await world.delete(QUOTA, "small")
        # The controller-manager's own back-off may be long by now: a pod is asked for anew.
        await world.delete(kinds.DEPLOYMENT, "orders-monitor")
        await serves(world)
    await single(world)


async def test_a_namespace_that_goes_stops_nobody_else(
    world: World, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    # kopf asks for half a minute whether it may watch there again.
    monkeypatch.setattr("flower_operator.controller.watch._Backoffs.__iter__", lambda _: iter([0.1]))
    other = f"{world.namespace}-goes"
    meta = {"name": other}
    await world.api.create(kinds.NAMESPACE, None, {"apiVersion": "v1", "kind": "Namespace", "metadata": meta})
    await rbac.allow_in(world.api, other, world.namespace, world.configuration)
    async with world.controller(namespaces=(world.namespace, other)) as app:
        await world.create()
        await world.api.create(kinds.FLOWER_MONITOR, other, monitor("goes"))
        await until(lambda: world.api.find(kinds.DEPLOYMENT, other, "goes-monitor"), "the other monitor")
        await world.api.delete(kinds.NAMESPACE, None, other)

        async def gone() -> bool:
            return await world.api.find(kinds.NAMESPACE, None, other) is None

        # Nothing that the operator makes anew holds it up.
        await until(gone, "a namespace that is gone")
        # Its role went with it: from now on every watch of it is refused.
        for watch in list(proxy.watches):
            watch.cut()
        await count(app, "watch_failures_total")
        before = len(proxy.calls)
        await serves(world)
        await world.create("second")
        await world.appears(kinds.DEPLOYMENT, "second-monitor")
        assert not [call for call in proxy.calls[before:] if call.changes and f"/namespaces/{other}/" in call.path]
        assert counted(app, "reconciles_total", result="error") == 0
    await single(world)


async def test_a_namespace_that_is_going_is_said(world: World, proxy: Proxy, caplog: pytest.LogCaptureFixture) -> None:
    """What Kubernetes says while something holds a namespace up, such as a finalizer of somebody else."""
    words = f"unable to create new content in namespace {world.namespace} because it is being terminated"
    going = answers(403, "Forbidden", f'deployments.apps "orders-monitor" is forbidden: {words}')
    with proxy.fault(going, of(kinds.DEPLOYMENT, "PATCH")), proxy.fault(going, of(kinds.EVENT, "POST")):
        async with world.controller():
            await world.create()
            found = await world.condition("WorkloadAvailable", "False", "ApplyRefused")
            assert words in found["message"]
            await said(caplog, "an Event could not be posted", words)
