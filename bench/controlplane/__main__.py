"""`python -m bench.controlplane`."""

import argparse
import asyncio
import dataclasses
import json
import shlex
import signal
import sys
import time
from pathlib import Path
from typing import Any

from bench import options
from bench.controlplane.cluster import version
from bench.controlplane.options import Options
from bench.controlplane.report import document
from bench.controlplane.run import measure
from bench.measure.machine import machine
from bench.progress import log

PACKAGES = ("flower-operator", "kopf", "kubernetes", "aiohttp", "fastapi", "uvicorn", "msgspec")


def main() -> None:
    """Measure, or show; what was started is ended whichever way this ends."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    given = parse(sys.argv[1:])
    if given.show:
        print(document([json.loads(Path(path).read_text()) for path in given.show]))
        return
    result: dict[str, Any] = {
        "command": shlex.join(["bench.controlplane", *sys.argv[1:]]),
        "machine": machine(PACKAGES),
        "kubernetes": version(),
        "at": time.strftime("%Y-%m-%d %H:%M:%S"),
        "sizes": [],
    }
    started = time.monotonic()
    for count in given.monitors:
        result["sizes"].append(dataclasses.asdict(asyncio.run(measure(given, count))))
        result["took_s"] = round(time.monotonic() - started, 1)
        keep(given, result)
    print(document([result]))


def parse(argv: list[str]) -> Options:
    """What the command line says."""
    parser = argparse.ArgumentParser(
        prog="bench.controlplane",
        description="The operator over many FlowerMonitors, at a real API server with simulated monitors; "
        "see docs/benchmarks.md. Table on stdout, progress on stderr.",
    )
    options.add(parser, Options)
    return options.read(Options, parser.parse_args(argv))


def keep(given: Options, result: dict[str, Any]) -> None:
    """Write what there is so far: the largest fleet comes last, and may be given up."""
    if given.out:
        Path(given.out).write_text(json.dumps(result, indent=1) + "\n")
        log(f"results are in {given.out}")


if __name__ == "__main__":
    main()
