"""What the OpenAPI document says of answers holds, whatever is asked, by whom.

`FUZZ_CASES=5000 make test PYTEST_ARGS=tests/monitor/fuzz` sends so many requests in all.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.monitor.fuzz.fuzzer import CHECKS, fuzz
from tests.monitor.fuzz.stage import Stage, stage
from tests.monitor.program import LOGIN

ASKED = os.environ.get("FUZZ_CASES")

CASES = int(ASKED or 3000)
"""Fewest requests, of an administrator and of strangers, half of them each."""

PATIENT = ("answered",) if ASKED else ()
"""Whoever asks for a number gets a test that a busy machine fails: nothing may have been too slow."""

BOUNDS, OPERATIONS = 1400, 40
"""Fewest requests for the bounds of what the document describes, and fewest operations to make up more for."""

EXAMPLES = max(3, (CASES // 2 - BOUNDS) // OPERATIONS)

pytestmark = pytest.mark.timeout(1800)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Stage]:
    with stage(tmp_path) as started:
        yield started


def test_an_administrator_gets_nothing_but_what_is_documented(place: Stage, tmp_path: Path) -> None:
    found = fuzz(place, tmp_path, EXAMPLES, "--auth", ":".join(LOGIN), checks=(*CHECKS, *PATIENT))

    assert not found.wrong, found.wrong
    assert (found.cases >= CASES // 2, found.untested) == (True, 0), found
    assert "Traceback" not in place.monitor.log
    place.still_works()


def test_a_stranger_gets_and_changes_nothing(place: Stage, tmp_path: Path) -> None:
    """Who gets past the login is in the audit, also with what is refused after it."""
    found = fuzz(place, tmp_path, EXAMPLES, checks=(*CHECKS, "closed"))

    assert not found.wrong, found.wrong
    assert (found.cases >= CASES // 2, found.untested) == (True, 0), found
    assert place.monitor.get("/api/v1/audit")["items"] == []
