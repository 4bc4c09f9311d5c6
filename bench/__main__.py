"""`python -m bench SUBCOMMAND`."""

import json
import signal
import sys
import time
from pathlib import Path
from typing import Any

from bench import commandline
from bench.commands import compare, series
from bench.measure.machine import machine
from bench.report import markdown


def main() -> None:
    """Run one subcommand; what it started is stopped again whichever way it ends."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    argv = sys.argv[1:]
    if argv[:1] == ["compare"]:
        compare.main(argv[1:])
    elif argv[:1] == ["series"]:
        series.main(argv[1:])
    elif argv[:1] == ["report"]:
        for path in argv[1:]:
            print(markdown.document(json.loads(Path(path).read_text()), path))
    else:
        measure(argv)


def measure(argv: list[str]) -> None:
    """One subcommand that measures: JSON to --out, tables to stdout."""
    invocation, started = commandline.parse(argv), time.monotonic()
    result: dict[str, Any] = {
        "command": argv,
        "machine": machine(),
        "at": time.strftime("%Y-%m-%d %H:%M:%S"),
        "result": invocation.module.run(invocation.settings, invocation.options),
        "took_s": round(time.monotonic() - started, 1),
    }
    if invocation.out:
        Path(invocation.out).write_text(json.dumps(result, indent=1) + "\n")
    print(markdown.document(result))


if __name__ == "__main__":
    main()
