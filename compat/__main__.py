"""`python -m compat`: the table on stdout, 1 when anything differs."""

import argparse
import json
import re
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from bench import options
from bench.options import option
from bench.progress import log
from compat import checks, report
from compat.check import BROKERS, Answer, Check
from compat.programs import Programs
from compat.scene import Scene, scene
from compat.verdict import Judgement, Verdict, judge

_SILENT = "Unknown reason"
"""What both say of a worker that does not answer in time, as on a machine that is busy with other things."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """What is checked, and what is shown."""

    brokers: tuple[str, ...] = option(BROKERS, "redis, amqp (RabbitMQ)")
    groups: tuple[str, ...] = option(tuple(checks.GROUPS), f"of {', '.join(checks.GROUPS)}")
    only: str = option("", "regular expression: only checks whose route or name has it")
    full: bool = option(False, "list the checks that are the same too")
    out: str | None = option(None, "write the table there too")
    answers: str | None = option(None, "write every answer of both there, a JSON object a line")


def main() -> int:
    """Run, print, and say whether anything differs."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    parser = argparse.ArgumentParser(prog="compat", description=__doc__)
    options.add(parser, Options)
    options.add(parser, Programs)
    found = parser.parse_args()
    chosen, programs = options.read(Options, found), options.read(Programs, found)
    started = time.monotonic()
    rows = run(chosen, programs)
    text = report.document(rows, chosen.brokers, full=chosen.full)
    if chosen.out:
        Path(chosen.out).write_text(text + "\n")
    print(text)
    log(f"{time.monotonic() - started:.0f} s")
    return int(any(row.judgement is Judgement.DIFFERS for row in rows))


def run(chosen: Options, programs: Programs) -> list[report.Row]:
    """All chosen checks on all chosen brokers."""
    wanted = [
        check
        for group in chosen.groups
        for check in checks.GROUPS[group]
        if re.search(chosen.only, f"{check.route} {check.name}")
    ]
    found: list[dict[str, Verdict]] = [{} for _ in wanted]
    for broker in chosen.brokers:
        with scene(broker, programs) as made:
            log(f"{broker}: {len(wanted)} checks")
            for verdicts, check in zip(found, wanted, strict=True):
                verdicts.update(_verdict(made, check, chosen.answers))
    return [report.Row(check, verdicts) for check, verdicts in zip(wanted, found, strict=True) if verdicts]


def _verdict(made: Scene, check: Check, answers: str | None) -> dict[str, Verdict]:
    """By broker; none where the check is not for this one."""
    if made.broker not in check.brokers or check.on not in made.pairs:
        return {}
    begin = time.monotonic()
    flower, ours = made.ask(check)
    if _SILENT in flower.text + ours.text:
        log(f"{check.route} {check.name}: a worker was too busy to answer, asking again")
        flower, ours = made.ask(check)
    verdict = judge(check, flower, ours)
    if answers:
        _note(Path(answers), made.broker, check, time.monotonic() - begin, flower, ours)
    return {made.broker: verdict}


def _note(path: Path, broker: str, check: Check, seconds: float, flower: Answer, ours: Answer) -> None:
    """Write both answers down."""
    line = {
        "broker": broker,
        "check": check.name,
        "seconds": round(seconds, 2),
        **check.ask._asdict(),
        "flower": flower,
        "ours": ours,
    }
    with path.open("a") as file:
        file.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    sys.exit(main())
