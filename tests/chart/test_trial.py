"""The pod of `helm test`. That a task arrives is tried in tests/operator/test_trial.py, and on a cluster in e2e."""

from typing import Any

import pytest

from tests.chart.helm import Manifest, of_kind, template

ORDERS = ("--set", "test.flowerMonitor=orders")


def pod(*settings: str) -> Manifest:
    return of_kind(template(*ORDERS, *(part for setting in settings for part in ("--set", setting))), "Pod")


def container(*settings: str) -> Any:
    [found] = pod(*settings)["spec"]["containers"]
    return found


def test_without_a_monitor_there_is_nothing_to_try() -> None:
    assert not [m for m in template() if m["kind"] == "Pod"]


def test_it_runs_for_helm_test_alone_and_is_gone_when_it_went_well() -> None:
    annotations = pod()["metadata"]["annotations"]
    assert annotations["helm.sh/hook"] == "test"
    assert annotations["helm.sh/hook-delete-policy"] == "before-hook-creation,hook-succeeded"


def test_it_runs_beside_the_monitor() -> None:
    assert pod()["metadata"]["namespace"] == "tools"
    assert pod("test.namespace=team-a")["metadata"]["namespace"] == "team-a"


def test_it_runs_the_image_of_the_release() -> None:
    assert container("global.imageRegistry=mirror.example")["image"] == "mirror.example/flower-operator:0.1.0"


def test_it_is_as_the_restricted_standard_asks_and_ends() -> None:
    spec = pod("test.timeout=30")["spec"]
    assert spec["securityContext"] == {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
    assert container()["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert (spec["restartPolicy"], spec["activeDeadlineSeconds"]) == ("Never", 360)
    assert spec["automountServiceAccountToken"] is False
    assert spec["enableServiceLinks"] is False


def test_the_password_comes_from_the_secret_alone() -> None:
    found = {one["name"]: one["valueFrom"]["secretKeyRef"] for one in container()["env"]}
    assert found == {
        "MONITOR_USERNAME": {"name": "orders-credentials", "key": "username"},
        "MONITOR_PASSWORD": {"name": "orders-credentials", "key": "password"},
    }
    own = container("test.credentialsSecret=my-login")["env"]
    assert {one["valueFrom"]["secretKeyRef"]["name"] for one in own} == {"my-login"}


@pytest.mark.parametrize(
    ("settings", "arguments"),
    [
        ([], ["--url=http://orders-monitor:5555", "--queue=celery", "--timeout=60"]),
        (["test.url=https://a/flower", "test.queue=high"], ["--url=https://a/flower", "--queue=high", "--timeout=60"]),
    ],
)
def test_the_command_takes_the_arguments(settings: list[str], arguments: list[str]) -> None:
    """The chart and the command line can't drift apart."""
    from flower_operator.main import main

    found = container(*settings)
    assert found["command"] == ["flower-operator"]
    assert found["args"] == ["try-task", *arguments]
    context = main.make_context("flower-operator", list(found["args"]))
    name, command, rest = main.resolve_command(context, found["args"])
    assert command is not None
    command.make_context(name, list(rest), parent=context)
