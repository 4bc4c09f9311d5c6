"""The command line of `kubectl flower`."""

import asyncio
import signal
import sys
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import click

from flower_operator import __version__
from flower_operator.kubectl.cluster import Where
from flower_operator.kubectl.errors import Exit

Command = TypeVar("Command", bound=Callable[..., Any])


def cluster_options(command: Command) -> Command:
    """Options that kubectl's own commands have too; its own are not passed on to a plugin."""
    for option in (
        click.option("--kubeconfig", default=None, help="Another kubeconfig than kubectl's default."),
        click.option("--context", default=None, help="Another context than the current one."),
        click.option("-n", "--namespace", default=None, help="Another namespace than that of the context."),
    ):
        command = option(command)
    return command


def url_option(command: Command) -> Command:
    """For where no port-forward is needed or possible."""
    said = "Ask the monitor at this address (with its url_prefix), without a port-forward."
    return click.option("--url", default=None, help=said)(command)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, package_name="flower-operator")
def flower() -> None:
    """See, open and examine the Celery monitors of a cluster.

    Exit codes: 0 well, 1 doctor found something wrong, 2 bad usage, 3 the cluster or the monitor can't be asked,
    4 there is no such FlowerMonitor.
    """


@flower.command("list")
@cluster_options
@click.option("-A", "--all-namespaces", is_flag=True, help="Of all namespaces.")
@click.option("-o", "--output", type=click.Choice(["table", "json", "name"]), default="table", show_default=True)
def list_monitors(all_namespaces: bool, output: str, **where: str | None) -> None:
    """List monitors, with what their controller says of them."""
    from flower_operator.kubectl.commands import list_monitors as work

    run(work(Where(**where), everywhere=all_namespaces, output=output))


@flower.command("open")
@cluster_options
@click.argument("name")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port on this machine.  [default: a free one]")
@click.option("--browser/--no-browser", default=True, help="Open it in a browser.")
def open_monitor(name: str, port: int, browser: bool, **where: str | None) -> None:
    """Forward a port to a monitor, and open it in a browser, until Ctrl-C."""
    from flower_operator.kubectl.commands import open_monitor as work

    run(work(Where(**where), name, port=port, browser=browser))


@flower.command("tasks")
@cluster_options
@url_option
@click.argument("name")
@click.option("--state", default="", help="Only those in a state, such as FAILURE.")
@click.option("--search", default="", help="Only those with a text in id, name, arguments, result or exception.")
@click.option("--worker", default="", help="Only those of one worker.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="Most of them.")
@click.option("-o", "--output", type=click.Choice(["table", "json"]), default="table", show_default=True)
def tasks(
    name: str, url: str | None, state: str, search: str, worker: str, limit: int, output: str, **where: str | None
) -> None:
    """Show the latest tasks of a monitor."""
    from flower_operator.kubectl.commands import show_tasks as work

    asked = {"state": state, "search": search, "worker": worker, "limit": str(limit)}
    query = {key: value for key, value in asked.items() if value}
    run(work(Where(**where), name, url=url, query=query, output=output))


@flower.command("doctor")
@cluster_options
@url_option
@click.argument("name")
def doctor(name: str, url: str | None, **where: str | None) -> None:
    """Examine a monitor from its object to its last event, and say what to mend.

    Looks at: the FlowerMonitor and its conditions, the broker's Secret and URL, the name in it, the pod, the volume,
    whether anybody gets in without a login, the login, the connection to the broker, workers and their events, lag,
    the store. Reads only. Exits with 1 when something is wrong.
    """
    from flower_operator.kubectl.commands import examine as work

    run(work(Where(**where), name, url=url))


def run(work: Coroutine[Any, Any, Exit | None]) -> None:
    """Run a command to its end, and exit as it says."""
    try:
        sys.exit(asyncio.run(ended_by_sigterm(work)) or Exit.WELL)
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
    except asyncio.CancelledError:
        sys.exit(128 + signal.SIGTERM)


async def ended_by_sigterm(work: Coroutine[Any, Any, Exit | None]) -> Exit | None:
    """Have a command that is told to end do so in order: a port-forward that it began would go on for ever."""
    task = asyncio.current_task()
    if task is not None and sys.platform != "win32":  # which has no such signal
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await work


def main() -> None:
    """The program `kubectl-flower`, called as people call it."""
    flower(prog_name="kubectl flower")
