"""What is rendered for a FlowerMonitor: golden files, and the schemas of every Kubernetes that we support."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from flower_operator import constants, spec
from flower_operator.kinds import DEPLOYMENT, Manifest
from flower_operator.resources.fates import Fate
from flower_operator.resources.render import Child, Context, render

from .made import encoded, monitor

GOLDEN = Path(__file__).parent / "golden"
CASES = sorted(path.stem for path in (GOLDEN / "input").glob("*.yaml"))
OTHERS = ("gateway.networking.k8s.io", "monitoring.coreos.com", "keda.sh")
"""Groups that are not Kubernetes' own; tests/operator/test_integrations.py applies these to a real API server."""
KUBERNETES = [f"1.{minor}.0" for minor in range(30, 38)]
CONTEXT = Context(
    monitor_image="flower-operator:test",
    fleet_key=b"k" * 32,
    broker_secret=encoded(url="redis://:secret@redis:6379/0", uri="redis://:secret@redis:6379/1"),
    credentials=encoded(username="admin", password="secret", token="token"),
    operator_namespace="flower-operator",
    fates={"orders-worker-1": Fate("OOMKilled", "2026-01-02T03:04:05Z", 137, "worker")},
    secrets={
        "orders-users": encoded(users="ann:$2b$12$abcdefghijklmnopqrstuuPqdpQpGLKXX7SbvuzKXdPMgXxf9QbDi"),
        "orders-webhooks": encoded(secret="of webhooks"),
        "orders-management": encoded(url="http://me:secret@rabbitmq:15672/api"),
    },
)


def rendered(case: str) -> list[Manifest]:
    body = yaml.safe_load((GOLDEN / "input" / f"{case}.yaml").read_text())
    return [child.manifest for child in render(spec.parse(body), CONTEXT)]


def template(children: list[Child]) -> Any:
    return next(child.manifest for child in children if child.kind is DEPLOYMENT)["spec"]["template"]


@pytest.mark.parametrize("case", CASES)
def test_manifests_are_the_golden_ones(case: str, request: pytest.FixtureRequest) -> None:
    path = GOLDEN / "output" / f"{case}.yaml"
    found = yaml.safe_dump_all(rendered(case), sort_keys=False, width=110)
    if request.config.getoption("--update-golden", default=False):
        path.write_text(found)
    assert found == path.read_text(), "rendered otherwise than before; on purpose: --update-golden"


@pytest.mark.parametrize("version", KUBERNETES)
@pytest.mark.parametrize("case", CASES)
def test_manifests_are_valid_in_every_supported_kubernetes(case: str, version: str) -> None:
    for manifest in rendered(case):
        if manifest["apiVersion"].partition("/")[0] not in OTHERS:
            kubernetes_validate.validate(manifest, version, strict=True)


def config_hash(context: Context, **fields: Any) -> str:
    found = template(render(monitor(**fields), context))["metadata"]["annotations"]
    return str(found[constants.ANNOTATION_CONFIG_HASH])


BY_SECRET: dict[str, Any] = {"broker": {"urlSecretRef": {"name": "orders-broker", "key": "url"}}}


def context(**changes: Any) -> Context:
    return Context(**({name: getattr(CONTEXT, name) for name in CONTEXT.__dataclass_fields__} | changes))


def test_another_broker_password_rolls_the_pod() -> None:
    other = context(broker_secret=encoded(url="redis://:other@redis:6379/0"))
    assert config_hash(CONTEXT, **BY_SECRET) != config_hash(other, **BY_SECRET)


def test_another_key_of_the_broker_secret_does_not_roll_the_pod() -> None:
    assert CONTEXT.broker_secret is not None
    other = context(broker_secret={**CONTEXT.broker_secret, **encoded(note="changed")})
    assert config_hash(CONTEXT, **BY_SECRET) == config_hash(other, **BY_SECRET)


def test_other_credentials_roll_the_pod() -> None:
    other = context(credentials=encoded(username="admin", password="other", token="token"))
    assert config_hash(CONTEXT) != config_hash(other)


def test_another_setting_rolls_the_pod() -> None:
    assert config_hash(CONTEXT) != config_hash(CONTEXT, retention={"tasks": 7})


FURTHER: dict[str, dict[str, Any]] = {
    "spec.broker.managementUrlSecretRef": {"broker": {"url": "amqp://r", "managementUrlSecretRef": {"name": "s"}}},
    "spec.broker.transportOptionsSecretRef": {
        "broker": {"url": "redis://r", "transportOptionsSecretRef": {"name": "s", "key": "url"}}
    },
    "spec.broker.tls.caSecretRef": {
        "broker": {"url": "redis://r", "tls": {"caSecretRef": {"name": "s", "key": "url"}}}
    },
    "spec.resultBackend.urlSecretRef": {"resultBackend": {"urlSecretRef": {"name": "s"}}},
    "spec.redaction.rulesSecretRef": {"redaction": {"rulesSecretRef": {"name": "s", "key": "url"}}},
    "spec.access.cookieSecretRef": {"access": {"cookieSecretRef": {"name": "s", "key": "url"}}},
}


@pytest.mark.parametrize("field", sorted(FURTHER))
def test_another_value_of_a_named_key_rolls_the_pod_and_another_key_does_not(field: str) -> None:
    first = context(secrets={"s": encoded(url="one", note="x")})
    other = context(secrets={"s": encoded(url="two", note="x")})
    beside = context(secrets={"s": encoded(url="one", note="y")})
    assert config_hash(first, **FURTHER[field]) != config_hash(other, **FURTHER[field])
    assert config_hash(first, **FURTHER[field]) == config_hash(beside, **FURTHER[field])


def test_other_users_roll_the_pod() -> None:
    """The monitor has them from its environment."""
    known = "$2b$12$abcdefghijklmnopqrstuuPqdpQpGLKXX7SbvuzKXdPMgXxf9QbDi"
    named = {"access": {"usersSecretRef": {"name": "s"}}}
    first, other = (context(secrets={"s": encoded(users=f"{name}:{known}")}) for name in ("ann", "bob"))
    assert config_hash(first, **named) != config_hash(other, **named)


def test_other_tokens_do_not_roll_the_pod() -> None:
    """The monitor reads their file again by itself."""
    named = {"access": {"tokensSecretRef": {"name": "s"}}}
    first, other = (context(secrets={"s": encoded(tokens=text)}) for text in ("one", "two"))
    assert config_hash(first, **named) == config_hash(other, **named)


def test_what_a_secret_holds_is_shown_by_no_other_object() -> None:
    """Users alone are told by our own config Secret; all else the pod reads where it stands."""
    secrets = {"s": encoded(url="hunter2", users="ann:hunter2")}
    for fields in (*FURTHER.values(), {"access": {"usersSecretRef": {"name": "s"}}}):
        shown = yaml.safe_dump([child.manifest for child in render(monitor(**fields), context(secrets=secrets))])
        assert "hunter2" not in shown
        assert secrets["s"]["url"] not in shown


def test_the_hash_of_a_secret_is_keyed() -> None:
    assert config_hash(CONTEXT, **BY_SECRET) != config_hash(context(fleet_key=b"x" * 32), **BY_SECRET)


def test_a_larger_claim_keeps_its_size() -> None:
    children = render(monitor(storage={"size": "1Gi"}), context(claim_size="2048Mi"))
    claim = next(child.manifest for child in children if child.kind.kind == "PersistentVolumeClaim")
    assert claim["spec"]["resources"]["requests"]["storage"] == "2048Mi"


def test_a_smaller_claim_grows() -> None:
    children = render(monitor(storage={"size": "2Gi"}), context(claim_size="1Gi"))
    claim = next(child.manifest for child in children if child.kind.kind == "PersistentVolumeClaim")
    assert claim["spec"]["resources"]["requests"]["storage"] == "2Gi"


def test_no_secret_shows_outside_of_secrets() -> None:
    shown = [child.manifest for child in render(monitor(**BY_SECRET), CONTEXT) if child.kind.kind != "Secret"]
    assert "secret@" not in yaml.safe_dump(shown)


def test_a_context_shows_nothing_of_itself() -> None:
    assert "secret" not in repr(CONTEXT).lower()


@pytest.mark.parametrize(("named", "used"), [([], ["registry"]), ([{"name": "mine"}], ["mine"])])
def test_images_are_pulled_with_the_operators_secrets_unless_the_spec_names_some(
    named: list[Manifest], used: list[str]
) -> None:
    children = render(monitor(imagePullSecrets=named), replace(CONTEXT, pull_secrets=("registry",)))
    assert template(children)["spec"]["imagePullSecrets"] == [{"name": name} for name in used]


@pytest.mark.parametrize(("group", "shown"), [(2000, 2000), (None, None)])
def test_the_group_of_volumes_is_the_operators_or_the_clusters(group: int | None, shown: int | None) -> None:
    found = template(render(monitor(), context(group=group)))["spec"]["securityContext"]
    assert (found.get("fsGroup"), found["runAsNonRoot"]) == (shown, True)


def test_the_group_of_volumes_that_the_spec_names_goes_first() -> None:
    named = monitor(podTemplate={"securityContext": {"fsGroup": 1000}})
    assert template(render(named, context(group=None)))["spec"]["securityContext"]["fsGroup"] == 1000


def test_no_label_or_annotation_of_the_flowermonitor_is_copied() -> None:
    """Argo CD would take children with its label for parts of the application, and prune them (argo-cd#3603)."""
    body = yaml.safe_load((GOLDEN / "input" / "everything.yaml").read_text())
    mark = {"app.kubernetes.io/instance": "argo", "argocd.argoproj.io/tracking-id": "argo", "team": "argo"}
    body["metadata"] |= {"labels": mark, "annotations": mark}
    assert "argo" not in {
        value
        for child in render(spec.parse(body), CONTEXT)
        for kept in ("labels", "annotations")
        for value in child.manifest["metadata"].get(kept, {}).values()
    }
