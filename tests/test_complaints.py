"""docs/complaints.md names tests that are there."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROWS = re.findall(r"^\| (\d+) \|.*\| (.*) \|$", (ROOT / "docs" / "complaints.md").read_text(), re.MULTILINE)
"""Number of a complaint, and what holds the answer to it."""


@cache
def defined_in(file: str) -> set[str]:
    """Names of the tests in a file."""
    path = ROOT / file if file.startswith("e2e/") else ROOT / "tests" / file
    tree = ast.parse(path.read_text())
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_complaint_has_its_row() -> None:
    assert [number for number, _ in ROWS] == [str(number) for number in range(1, 24)]


@pytest.mark.parametrize("held", [pytest.param(held, id=number) for number, held in ROWS])
def test_the_tests_that_are_named_are_there(held: str) -> None:
    named = re.findall(r"`(\S+\.py)::(test_\w+)`", held)
    assert named
    assert [f"{file}::{test}" for file, test in named if test not in defined_in(file)] == []
