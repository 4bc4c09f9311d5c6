"""`compare`: several monitors with the same load, in turns, so that a machine that is slow for a while is so for all.

    python -m bench compare --sut flower --sut 'other=--cmd "…" --persist "--db {db}"' --rounds 3 -- ingest capacity

A --sut is a profile, or a name with `=` and the options of the system under test.
"""

import argparse
import json
import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.measure.figures import Spread, spread
from bench.measure.machine import machine
from bench.progress import log
from bench.report.comparison import comparison
from bench.sut.profiles import PROFILES

_SKIPPED = {"machine", "command", "at", "n", "status", "sample", "min", "max", "took_s"}

Numbers = dict[str, list[float]]
"""Path of a figure -> its values, a round each."""


def main(argv: Sequence[str]) -> None:
    """Parse, run the rounds, print the table."""
    parser = argparse.ArgumentParser(
        prog="bench compare",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--sut", action="append", required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out")
    if "--" not in argv:
        parser.parse_args(argv)
        parser.error("-- and a subcommand of bench are missing")
    at = list(argv).index("--")
    found = parser.parse_args(argv[:at])
    result = compare(parse(found.sut), found.rounds, argv[at + 1 :])
    if found.out:
        Path(found.out).write_text(json.dumps({"machine": machine(), **result}, indent=1, default=asdict) + "\n")
    print(comparison(result["table"]))


def parse(suts: Sequence[str]) -> dict[str, list[str]]:
    """Name -> options, of `NAME` and `NAME=OPTIONS`."""
    pairs = [item.partition("=") for item in suts]
    return {
        name: [*(("--profile", name) if name in PROFILES else ()), *shlex.split(options)] for name, _, options in pairs
    }


def compare(suts: Mapping[str, Sequence[str]], rounds: int, command: Sequence[str]) -> dict[str, Any]:
    """Figure -> monitor -> spread, and all results as they came."""
    raw: dict[str, list[Any]] = {name: [] for name in suts}
    for number in range(rounds):
        order = list(suts) if number % 2 == 0 else list(suts)[::-1]
        for name in order:
            log(f"round {number + 1}: {name}: {' '.join(command)}")
            if (result := one([*command, "--repeat", "1", *suts[name]])) is not None:
                raw[name].append(result)
    return {"command": list(command), "table": table(raw), "raw": raw}


def one(command: Sequence[str]) -> Any:
    """The result of one subcommand in a process of its own; None when it failed."""
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "out.json")
        done = subprocess.run(
            [sys.executable, "-m", "bench", *command, "--out", out], stdout=subprocess.DEVNULL, check=False
        )
        if done.returncode:
            log(f"failed with {done.returncode}")
            return None
        return json.loads(Path(out).read_text())["result"]


def table(raw: Mapping[str, Sequence[Any]]) -> dict[str, dict[str, Spread | None]]:
    """Figure -> monitor -> spread."""
    numbers = {name: collected(results) for name, results in raw.items()}
    paths = dict.fromkeys(path for found in numbers.values() for path in found)
    return {path: {name: spread(found.get(path, []), 3) for name, found in numbers.items()} for path in paths}


def collected(results: Sequence[Any]) -> Numbers:
    """The figures of several rounds."""
    numbers: Numbers = {}
    for result in results:
        seen: dict[str, float] = {}
        for path, value in leaves(result):
            seen.setdefault(path, value)
        for path, value in seen.items():
            numbers.setdefault(path, []).append(value)
    return numbers


def leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, float]]:
    """Path -> number, through objects and lists of runs."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key not in _SKIPPED:
                yield from leaves(item, path if key in ("median", "runs") else (*path, key))
    elif isinstance(value, list):
        for item in value:
            if isinstance(item, dict):
                yield from leaves(item, path)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield " / ".join(path), value
