"""Specs as the CRD's schema allows them, the same ones for the same seed."""

import random
from pathlib import Path
from typing import Any

import hypothesis
import yaml
from hypothesis import HealthCheck, Phase, given, settings

from tests.operator.made_of_schema import drawn

GOLDEN = Path(__file__).parents[1] / "golden" / "input"
CRD = yaml.safe_load((Path(__file__).parents[3] / "crds" / "flowermonitors.yaml").read_text())
SPEC = CRD["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]


def specs(count: int, seed: int) -> list[dict[str, Any]]:
    """Draw some from the schema. Most break one of its CEL rules, and the API server refuses those."""
    found: list[dict[str, Any]] = []

    @hypothesis.seed(seed)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(drawn(SPEC))
    def draw(spec: dict[str, Any]) -> None:
        found.append(spec)

    draw()
    return found


def good() -> list[dict[str, Any]]:
    """Specs that the API server takes: those of the golden files."""
    return [yaml.safe_load(path.read_text())["spec"] for path in sorted(GOLDEN.glob("*.yaml"))]


def grafted(rng: random.Random, base: dict[str, Any], wild: dict[str, Any]) -> dict[str, Any]:
    """A good spec with one or two parts of a wild one, which gets past the rules more often than a wild one does."""
    parts = rng.sample(sorted(wild), min(len(wild), rng.randint(1, 2)))
    made = {**base, **{part: wild[part] for part in parts}}
    made["suspend"] = rng.random() < 0.1
    return made
