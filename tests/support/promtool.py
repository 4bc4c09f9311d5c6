"""Prometheus's own judgement of alert rules: `promtool test rules` evaluates them over series that a test writes."""

import subprocess
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import yaml
from prometheus_client.parser import text_string_to_metric_families

from . import ci
from .patience import PATIENCE

Labels: TypeAlias = Mapping[str, str]
Series: TypeAlias = dict[tuple[str, frozenset[tuple[str, str]]], str]
"""Values of each series, by its name and labels, in promtool's notation: `0+30x60` is 0, 30, 60, …"""

STEP = 30
"""Seconds between two values of a series, and between two evaluations."""

MINUTES = 45
"""How long the series are: what an alert needs to fire, and more."""

STEADY = MINUTES * 60 // STEP
"""How often a value is repeated."""


def scraped(text: str, target: Labels) -> Series:
    """What Prometheus would have of a /metrics, each series as it is for as long as it is looked at.

    Where a series has a label of the target's name, the target's stays and the other is called exported_…, as
    Prometheus does it.
    """
    found: Series = {("up", frozenset(target.items())): f"1x{STEADY}"}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            own = {f"exported_{name}" if name in target else name: value for name, value in sample.labels.items()}
            found[sample.name, frozenset({**own, **target}.items())] = f"{sample.value}x{STEADY}"
    return found


def changed(series: Series, name: str, values: str, **labels: str) -> Series:
    """The same with other values of those series that have a name and labels. There must be some."""
    fits = {key for key in series if key[0] == name and labels.items() <= dict(key[1]).items()}
    assert fits, f"there is no {name} with {labels}"
    return series | dict.fromkeys(fits, values)


def judge(folder: Path, rules: Iterable[Any], series: Series, alerts: Collection[str], at: int = MINUTES) -> None:
    """Assert that just these alerts fire after some minutes."""
    (folder / "rules.yaml").write_text(yaml.safe_dump({"groups": [{"name": "rules", "rules": list(rules)}]}))
    expected = [{"labels": f'{{alertname="{name}"}}', "value": 1} for name in sorted(alerts)]
    firing = 'max by (alertname) (ALERTS{alertstate="firing"})'
    case = {
        "interval": f"{STEP}s",
        "input_series": [{"series": _written(*key), "values": values} for key, values in series.items()],
        "promql_expr_test": [{"expr": firing, "eval_time": f"{at}m", "exp_samples": expected}],
    }
    test = {"rule_files": ["rules.yaml"], "evaluation_interval": f"{STEP}s", "tests": [case]}
    (folder / "test.yaml").write_text(yaml.safe_dump(test))
    _run("test", "rules", str(folder / "test.yaml"))


def check(folder: Path, rules: Iterable[Any]) -> None:
    """Assert that Prometheus takes the rules, templates of their annotations among them."""
    (folder / "rules.yaml").write_text(yaml.safe_dump({"groups": [{"name": "rules", "rules": list(rules)}]}))
    _run("check", "rules", str(folder / "rules.yaml"))


def _written(name: str, labels: Iterable[tuple[str, str]]) -> str:
    quoted = (f"{label}={_quoted(value)}" for label, value in sorted(labels))
    return f"{name}{{{','.join(quoted)}}}"


def _quoted(value: str) -> str:
    text = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{text}"'


def _run(*arguments: str) -> None:
    command = [ci.program("promtool", "prometheus"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert done.returncode == 0, done.stdout + done.stderr
