"""Schemathesis's own program, run on a monitor."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from tests.monitor.fuzz.stage import Stage

REPOSITORY = Path(__file__).parents[3]
CONFIG = Path(__file__).parent / "schemathesis.toml"

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
"""Of the answers. Left out are those that want every value refused that a schema doesn't describe, and none that it
does: as in Flower, what is not understood is passed over, and names and times are judged by more than their types."""

SHOWN = 20_000
"""Characters shown of what it found wrong."""

ENDLESS = "/api/v1/stream"
"""Its answer has no end, and Schemathesis reads answers to their ends; tests/monitor/web/test_server.py reads it."""


class Fuzzed(NamedTuple):
    """What came of it."""

    wrong: str
    """What did not hold or could not be asked, with a command that asks it again; empty: nothing."""

    cases: int
    """Requests that were made up."""

    untested: int
    """Operations of which none was sent."""


def fuzz(place: Stage, folder: Path, examples: int, *options: str, checks: tuple[str, ...] = CHECKS) -> Fuzzed:
    """Ask of every operation what its description allows, and what it doesn't.

    Args:
        place: Where.
        folder: For its files.
        examples: Made up for each operation, beside the bounds of all that the document describes.
        options: More of the program's.
        checks: What is looked at in each answer.
    """
    report, document = folder / "report.json", folder / "openapi.json"
    document.write_text(place.monitor.text("/api/v1/openapi.json"))
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIG)),
        *("run", str(document), "--url", place.url, "--exclude-path", ENDLESS, "--checks", ",".join(checks)),
        *("--max-examples", str(examples), "--report", "json", "--report-json-path", str(report), *options),
    ]
    env = {**os.environ, **place.names, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(command, env=env, cwd=folder, capture_output=True, text=True, check=False)
    assert report.stat().st_size, done.stdout + done.stderr
    return _fuzzed(json.loads(report.read_text()), done)


def _fuzzed(report: dict[str, Any], done: subprocess.CompletedProcess[str]) -> Fuzzed:
    operations = report["operations"]
    return Fuzzed(
        wrong=done.stdout[:SHOWN] if done.returncode else "",
        cases=report["test_cases"]["generated"],
        untested=operations["selected"] - operations["tested"],
    )
