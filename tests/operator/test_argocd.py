"""Argo CD's view of a FlowerMonitor: its health check in examples, run by the Lua that Argo CD has (5.1)."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from lupa.lua51 import LuaRuntime

from flower_operator import constants, kinds

PATCH = yaml.safe_load((Path(__file__).parents[2] / "examples" / "argocd-health.yaml").read_text())
KEY = f"resource.customizations.health.{constants.GROUP}_{kinds.FLOWER_MONITOR.kind}"


def health(status: dict[str, Any] | None) -> tuple[str, str]:
    """Status and message that Argo CD shows of a monitor of generation 2."""
    runtime = LuaRuntime(register_eval=False)
    check = runtime.execute(f"return function(obj) {PATCH['data'][KEY]} end")
    told = check(runtime.table_from({"metadata": {"generation": 2}, "status": status}, recursive=True))
    return told["status"], told["message"]


def conditions(**states: str) -> dict[str, Any]:
    """A status of this generation; the message of each condition is its type and status."""
    told = [{"type": kind, "status": state, "message": f"{kind} is {state}"} for kind, state in states.items()]
    return {"observedGeneration": 2, "conditions": told}


@pytest.mark.parametrize(
    ("status", "shown"),
    [
        (None, ("Progressing", "The operator has not seen the latest change.")),
        ({"observedGeneration": 1}, ("Progressing", "The operator has not seen the latest change.")),
        (conditions(Ready="True", Stalled="False"), ("Healthy", "Ready is True")),
        (conditions(Ready="False", Reconciling="True"), ("Progressing", "Reconciling is True")),
        (conditions(Ready="False", Stalled="True"), ("Degraded", "Stalled is True")),
        (conditions(Ready="False", Suspended="True"), ("Suspended", "Suspended is True")),
        (conditions(Ready="False", Reconciling="False"), ("Degraded", "Ready is False")),
        ({"observedGeneration": 2}, ("Degraded", "No condition says how it is.")),
    ],
)
def test_argo_cd_shows_what_the_conditions_say(status: dict[str, Any] | None, shown: tuple[str, str]) -> None:
    assert health(status) == shown


def test_the_check_is_of_our_kind_alone() -> None:
    assert list(PATCH["data"]) == [KEY]
