"""An upgrade of the operator restarts no monitor, unless the release notes say so: against what releases rendered."""

import base64
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from flower_operator import constants
from flower_operator.kinds import DEPLOYMENT, SECRET

from .test_render import rendered

HERE = Path(__file__).parent
RELEASED = {path.stem.removeprefix("pods-"): path for path in sorted((HERE / "released").glob("pods-*.yaml"))}
NOTES = HERE.parents[1] / "CHANGELOG.md"
HASH = f".template.metadata.annotations.{constants.ANNOTATION_CONFIG_HASH}"

ANNOUNCED = {
    "0.1.0": {
        ".settings.FLOWER_FLEET_PUBLIC_KEY": "they learn the fleet's public key",
        ".template.spec.containers[0].workingDir": "`workingDir` is new, and restarts monitors",
        HASH: "The pods of monitors are restarted once",
    }
}
"""Of each release: what is rendered otherwise since, and the words by which the notes say so. With the first
change after a release its rendering is kept (`released/pods-VERSION.yaml`), and stands here."""


def today(case: str) -> Any:
    """What decides whether a pod is started anew: its template, and the settings of which that has a hash."""
    (config,) = (made for made in rendered(case) if made["kind"] == SECRET.kind)
    (deployment,) = (made for made in rendered(case) if made["kind"] == DEPLOYMENT.kind)
    settings = {name: base64.b64decode(value).decode() for name, value in config["data"].items()}
    return {"template": deployment["spec"]["template"], "settings": settings}


def differences(old: Any, new: Any, path: str = "") -> Iterator[str]:
    """Where two renderings differ."""
    if isinstance(old, dict) and isinstance(new, dict):
        for name in sorted(old.keys() | new.keys()):
            yield from differences(old.get(name), new.get(name), f"{path}.{name}")
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for number, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from differences(before, after, f"{path}[{number}]")
    elif old != new:
        yield path


def since(version: str) -> str:
    """The release notes of all that came after a release."""
    text = NOTES.read_text()
    return re.sub(r"\s+", " ", text[: text.index(f"## [{version}]")])


CASES = [(version, case) for version, path in RELEASED.items() for case in yaml.safe_load(path.read_text())]


@pytest.mark.parametrize(("version", "case"), CASES)
def test_what_restarts_a_monitor_is_announced(version: str, case: str) -> None:
    released = yaml.safe_load(RELEASED[version].read_text())[case]
    assert set(differences(released, today(case))) == set(ANNOUNCED[version])


@pytest.mark.parametrize("version", RELEASED)
def test_the_release_notes_have_the_words(version: str) -> None:
    assert [words for words in ANNOUNCED[version].values() if words not in since(version)] == []


def test_a_difference_is_found() -> None:
    """The first test can fail."""
    old = today("minimal")
    new = today("minimal")
    new["template"]["spec"]["terminationGracePeriodSeconds"] = 31
    assert list(differences(old, new)) == [".template.spec.terminationGracePeriodSeconds"]
