"""No field without a test that shows its effect."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from flower_operator import spec

from .test_settings import CASES
from .test_spec import SPEC, walk

GOLDEN = Path(__file__).parent / "golden" / "input"
ELSEWHERE = {
    "spec.access.oauth.minAccessLevel",  # test_settings.py has a test of its own
    "spec.broker.transportOptions.visibility_timeout",  # always refused: test_crd.py
}


def paths(value: Any, path: str) -> Iterator[str]:
    """Every place of an object that is set."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield f"{path}.{name}"
            yield from paths(inner, f"{path}.{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from paths(inner, f"{path}[]")


def test_every_field_is_in_a_golden_file_or_reaches_the_monitor() -> None:
    golden = [yaml.safe_load(path.read_text())["spec"] for path in GOLDEN.glob("*.yaml")]
    shown = {path for one in (*golden, *(fields for fields, _ in CASES.values())) for path in paths(one, "spec")}
    declared = {path for path, _, _ in walk(spec.Spec, SPEC, "spec")}
    assert declared - shown == ELSEWHERE
