"""`flower-monitor autoscale simulate`: what a policy would have done."""

import shutil
import sys
import time
from pathlib import Path

import click
import msgspec

from flower_monitor import durations
from flower_monitor.autoscale import history, plot
from flower_monitor.autoscale.decide import LEAST_KEPT
from flower_monitor.autoscale.history import Point
from flower_monitor.autoscale.policy import Policy, parse
from flower_monitor.autoscale.simulate import Outcome, Setting, Step, outcome, simulate
from flower_monitor.exceptions import UsageError
from flower_monitor.store.reader import Reader


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The answer in JSON."""

    policy: Policy
    outcome: Outcome
    steps: list[Step]


@click.group("autoscale")
def autoscale() -> None:
    """Policies for the sizes of workers' pools."""


@autoscale.command("simulate")
@click.option("--policy", "file", required=True, type=click.Path(path_type=Path), help="File with policies.")
@click.option("--name", help="Which of several.")
@click.option(
    "--history",
    "given",
    metavar="FILE",
    help="CSV or lines of JSON: at, and arrivals and runtime, or ready and active; - is stdin.",
)
@click.option(
    "--store",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Instead of it the store of a monitor, which may run.",
)
@click.option("--since", default="24h", show_default=True, metavar="DURATION", help="How far to go back in the store.")
@click.option("--workers", type=click.IntRange(1, 1000), default=1, show_default=True, help="How many there are.")
@click.option("--concurrency", type=click.IntRange(1), help="Size of their pools at first; else the policy's min.")
@click.option(
    "--interval",
    type=click.FloatRange(1, LEAST_KEPT),
    default=5.0,
    show_default=True,
    metavar="SECONDS",
    help="Seconds between two decisions.",
)
@click.option("--json", "as_json", is_flag=True, help="All decisions, in JSON, instead of a picture.")
def simulate_command(
    file: Path,
    name: str | None,
    given: str | None,
    store: Path | None,
    since: str,
    workers: int,
    concurrency: int | None,
    interval: float,
    as_json: bool,
) -> None:
    """Replay what came in against a policy, and show what it would have decided.

    The store tells what ended in each minute, which is taken for what came in. A file tells either that, or what was
    seen in the queue.
    """
    policy = read_policy(file, name)
    points = read_history(given, store, policy, since)
    if not points and store is not None:
        where = "any queue" if policy.match.queue is None else f"the queue {policy.match.queue!r}"
        raise UsageError(
            f"--store: nothing of {where} ended in the last {since}: see match.queue of the policy, --since"
        )
    setting = Setting(policy, workers, concurrency or policy.min, interval)
    try:
        steps = simulate(points, setting)
    except ValueError as error:
        raise UsageError(f"--history: {error}") from error
    if as_json:
        report = Report(policy=policy, outcome=outcome(steps), steps=steps)
        click.echo(msgspec.json.encode(report).decode())
    else:
        click.echo(shown(steps))


def read_policy(file: Path, name: str | None) -> Policy:
    """The policy of a file, which holds one or a document of them.

    Raises:
        UsageError: It says what is wrong.
    """
    try:
        text = file.read_text()
        policies = parse(text).policies if '"policies"' in text else (msgspec.json.decode(text, type=Policy),)
    except (OSError, ValueError) as error:
        raise UsageError(f"--policy: {file}: {error}") from error
    found = [policy for policy in policies if name in (None, policy.name)]
    if len(found) != 1:
        names = ", ".join(policy.name for policy in policies) or "none"
        raise UsageError(f"--name: say which policy of {file}; there are {names}")
    return found[0]


def read_history(given: str | None, store: Path | None, policy: Policy, since: str) -> list[Point]:
    """The history that is named.

    Raises:
        UsageError: It says what is wrong.
    """
    if (given is None) == (store is None):
        raise UsageError("--history or --store: say where the history is, one of them")
    try:
        if given is not None:
            return history.parse(sys.stdin.read() if given == "-" else Path(given).read_text())
        seconds = durations.seconds(since)
    except (OSError, ValueError) as error:
        raise UsageError(f"--history, --since: {error}") from error
    assert store is not None  # noqa: S101 - one of the two is given
    reader = Reader(store)
    try:
        now = time.time()
        return history.of_store(reader, policy.match.queue, now - seconds, now)
    finally:
        reader.close()


def shown(steps: list[Step]) -> str:
    """A picture, and the numbers below it."""
    columns, lines = shutil.get_terminal_size((100, 30))
    picture = plot.picture(steps, max(30, columns - 16), max(5, min(12, lines // 2 - 6)))
    found = outcome(steps)
    return "\n".join(
        (
            picture,
            "",
            f"{len(steps)} decisions, {found.changes} changes, pools of {found.least_level} to {found.most_level}",
            f"work: {found.mean_work:.1f} on average, {found.most_work:.0f} at most",
            f"capacity: {found.mean_capacity:.1f} on average; more work in {found.overloaded:.0%} of the time",
        )
    )
