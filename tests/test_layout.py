"""The shape of the repository that other tools rely on."""

import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("root", ["operator", "monitor"])
def test_source_roots_hold_no_python_file(root: str) -> None:
    """A module directly in `operator/` would shadow Python's own `operator` for every `python -m` here."""
    assert list((ROOT / root).glob("*.py")) == []


@pytest.mark.parametrize("tier", ["tests", "e2e"])
def test_every_test_folder_is_a_package(tier: str) -> None:
    """Without `__init__.py` up to the top, pytest would import tests/operator as top-level `operator`."""
    folders = {path.parent for path in (ROOT / tier).rglob("*.py")}

    assert [folder for folder in folders if not (folder / "__init__.py").exists()] == []


def test_changelog_names_the_packages_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]

    assert f"## [{version}]" in (ROOT / "CHANGELOG.md").read_text()
