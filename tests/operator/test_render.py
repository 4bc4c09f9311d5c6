"""What is rendered for a FlowerMonitor: golden files, and the schemas of every Kubernetes that we support."""

from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from flower_operator import constants, spec
from flower_operator.kinds import Manifest
from flower_operator.resources.render import Child, Context, render

from .made import encoded, monitor

GOLDEN = Path(__file__).parent / "golden"
CASES = sorted(path.stem for path in (GOLDEN / "input").glob("*.yaml"))
KUBERNETES = [f"1.{minor}.0" for minor in range(30, 38)]
CONTEXT = Context(
    monitor_image="flower-operator:test",
    fleet_key=b"k" * 32,
    broker_secret=encoded(url="redis://:secret@redis:6379/0", uri="redis://:secret@redis:6379/1"),
    credentials=encoded(username="admin", password="secret", token="token"),
)


def rendered(case: str) -> list[Manifest]:
    body = yaml.safe_load((GOLDEN / "input" / f"{case}.yaml").read_text())
    return [child.manifest for child in render(spec.parse(body), CONTEXT)]


def template(children: list[Child]) -> Any:
    return children[-1].manifest["spec"]["template"]


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
