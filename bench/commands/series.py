"""`series`: the short paired run of `make bench`: about ten minutes on two quiet cores."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from bench.commands.compare import compare, parse
from bench.measure.machine import machine
from bench.progress import log
from bench.report.markdown import document

_SUTS = ("flower", "flower-monitor")

_STEPS: dict[str, list[str]] = {
    "startup": ["startup"],
    "capacity": ["ingest", "capacity", "--batches", "real", "--tasks", "20000"],
    "overload": ["ingest", "overload", "--rates", "5000", "20000", "--overload-seconds", "20"],
    "memory": ["memory", "--sizes", "20000", "--budget", "2"],
}
"""Name -> subcommand; each runs once for each monitor and round."""


def main(argv: Sequence[str]) -> None:
    """Run all steps; a table each on stdout as it is done, JSON into a folder."""
    parser = argparse.ArgumentParser(prog="bench series", description=__doc__)
    parser.add_argument("--sut", action="append", help=f"as for `compare` (default: {' and '.join(_SUTS)})")
    parser.add_argument("--rounds", type=int, default=1, help="rounds; the median counts (default: 1)")
    parser.add_argument(
        "--quiet-wait", type=float, default=20, help="seconds to wait for a quiet machine (default: 20)"
    )
    parser.add_argument("--out", help="folder for the results, a JSON file a step")
    found = parser.parse_args(argv)
    for name, step in _STEPS.items():
        log(f"{name}: {' '.join(step)}")
        command = [*step, "--quiet-wait", str(found.quiet_wait), "--retries", "0"]
        result = {**compare(parse(found.sut or _SUTS), found.rounds, command), "machine": machine()}
        text = json.dumps(result, indent=1, default=vars)
        if found.out:
            Path(found.out).mkdir(parents=True, exist_ok=True)
            (Path(found.out) / f"{name}.json").write_text(text + "\n")
        print(document(json.loads(text)), flush=True)
