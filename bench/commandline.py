"""The subcommands and their options."""

import argparse
import importlib
from dataclasses import dataclass
from types import ModuleType

from bench import options, settings

COMMANDS = {
    "selfcheck": "the load's messages have the fields and the envelope of Celery's own EventDispatcher",
    "capture": "what a real worker publishes: a message of each type, sizes of task.multi messages",
    "ingest": "events/s flat out, the highest rate kept up, what happens above it",
    "soak": "a rate for minutes with everything on: lag, loss, page latencies, CPU, memory",
    "queries": "latency of what pages ask for, with many tasks kept",
    "memory": "memory with N tasks kept, and latencies of Flower's API with them",
    "durability": "kill -9 and a clean stop: what is left, restart, size on disk",
    "control": "pool grow, revoke and inspect with a real worker",
    "startup": "start to first answers and first event; memory and CPU when idle",
}
"""Name -> what it measures; `bench.commands` has a module for each."""


@dataclass(frozen=True)
class Invocation:
    """What is to be done."""

    module: ModuleType
    settings: settings.Settings
    options: object
    out: str | None


def parser() -> argparse.ArgumentParser:
    """The parser of all subcommands."""
    made = argparse.ArgumentParser(
        prog="bench",
        description="Benchmarks of Celery monitors; see docs/benchmarks.md. JSON by --out, tables on stdout.",
        epilog="And: compare (several monitors in turns), series (the short paired run), report (tables of results).",
    )
    commands = made.add_subparsers(dest="command", required=True)
    for name, text in COMMANDS.items():
        one = commands.add_parser(name, help=text, description=text)
        one.add_argument("--out", help="write the results there, as JSON")
        settings.add(one)
        module = importlib.import_module(f"bench.commands.{name}")
        options.add(one.add_argument_group(name), module.OPTIONS)
    return made


def parse(argv: list[str]) -> Invocation:
    """What a command line says; what comes first after `ingest` may be its parts alone."""
    found = parser().parse_args(with_parts(argv))
    module = importlib.import_module(f"bench.commands.{found.command}")
    return Invocation(module, settings.read(found), options.read(module.OPTIONS, found), found.out)


def with_parts(argv: list[str]) -> list[str]:
    """`ingest capacity overload …` as `ingest --parts capacity overload …`."""
    if argv[:1] == ["ingest"] and argv[1:] and not argv[1].startswith("-"):
        return ["ingest", "--parts", *argv[1:]]
    return argv
