"""What the commands do."""

import time
import webbrowser
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import click
import msgspec

from flower_operator.kinds import Manifest
from flower_operator.kubectl import doctor
from flower_operator.kubectl.ask import ask
from flower_operator.kubectl.cluster import Cluster, Where, open_cluster
from flower_operator.kubectl.errors import Exit, Failed
from flower_operator.kubectl.findings import Finding, State
from flower_operator.kubectl.forward import forward
from flower_operator.kubectl.login import login_of, show_password
from flower_operator.kubectl.table import age, printable, table
from flower_operator.resources.metadata import credentials_name
from flower_operator.spec import Monitor

MARKS = {State.WELL: "✓", State.WARNING: "!", State.WRONG: "✗", State.UNKNOWN: "?"}


async def list_monitors(where: Where, *, everywhere: bool, output: str) -> None:
    """Print them."""
    async with open_cluster(where) as cluster:
        found = sorted(await cluster.monitors(everywhere), key=key_of)
        if output == "json":
            _print_json(found)
        elif output == "name":
            for manifest in found:
                click.echo("/".join(key_of(manifest)))
        elif not found:
            place = "the cluster" if everywhere else f"namespace {cluster.namespace} (-A: of all)"
            click.echo(f"There is no FlowerMonitor in {place}.", err=True)
        else:
            head = ("NAMESPACE", "NAME", "READY", "REASON", "BROKER", "WORKERS", "VERSION", "AGE")
            click.echo(table(head, [_row(manifest, time.time()) for manifest in found]))


def key_of(manifest: Manifest) -> tuple[str, str]:
    """Namespace and name."""
    return manifest["metadata"]["namespace"], manifest["metadata"]["name"]


def _row(manifest: Manifest, now: float) -> tuple[Any, ...]:
    meta, status = manifest["metadata"], manifest.get("status") or {}
    ready: Manifest = next((c for c in status.get("conditions") or [] if c["type"] == "Ready"), {})
    born = datetime.fromisoformat(meta["creationTimestamp"]).timestamp()
    return (
        *(meta["namespace"], meta["name"], ready.get("status"), ready.get("reason")),
        *((status.get("broker") or {}).get("kind"), status.get("workers"), status.get("version"), age(now - born)),
    )


async def open_monitor(where: Where, name: str, *, port: int, browser: bool) -> Exit:
    """Forward until Ctrl-C, or until the forward ends."""
    async with open_cluster(where) as cluster:
        monitor = await cluster.monitor(name)
        async with forward(cluster, monitor, port) as way:
            click.echo(f"{monitor.key} is at {way.url}, until Ctrl-C.")
            click.echo(f"The login is in Secret {credentials_name(monitor)}; its password: {show_password(monitor)}")
            if browser and not webbrowser.open(way.url):
                click.echo("No browser could be opened; open the address yourself.", err=True)
            raise Failed(f"The port-forward ended: {await way.ended() or 'kubectl said nothing'}")


async def show_tasks(where: Where, name: str, *, url: str | None, query: Mapping[str, str], output: str) -> None:
    """Print its latest tasks."""
    async with open_cluster(where) as cluster:
        monitor = await cluster.monitor(name)
        login = await login_of(cluster, monitor)
        async with _way(cluster, monitor, url) as address:
            status, answer = await ask(address, "/api/v1/tasks", login, query)
    if status != 200 or not isinstance(answer, dict) or "items" not in answer:
        said = answer.get("detail") if isinstance(answer, dict) else None
        raise Failed(f"The monitor answered HTTP {status}: {said or 'it says not why'}.")
    if output == "json":
        _print_json(answer["items"])
        return
    click.echo(
        table(("RECEIVED", "STATE", "NAME", "WORKER", "RUNTIME", "ID"), [_task(task) for task in answer["items"]])
    )
    if answer.get("next_cursor"):
        click.echo("There may be more: raise --limit, or narrow what you look for.", err=True)


def _task(task: Mapping[str, Any]) -> tuple[Any, ...]:
    received, runtime = task.get("received"), task.get("runtime")
    return (
        None if received is None else datetime.fromtimestamp(received).astimezone().isoformat(" ", "seconds"),
        *(task.get("state"), task.get("name"), task.get("worker")),
        None if runtime is None else f"{runtime:.3f}s",
        task.get("uuid"),
    )


async def examine(where: Where, name: str, *, url: str | None) -> Exit:
    """Print the findings as they come; TROUBLE when something is wrong."""
    states: set[State] = set()
    async with open_cluster(where) as cluster:
        async for finding in doctor.examine(cluster, name, url):
            states.add(finding.state)
            print_finding(finding)
    if State.WRONG in states:
        return Exit.TROUBLE
    click.echo("Nothing is wrong." if State.UNKNOWN not in states else "Nothing is wrong of what could be looked at.")
    return Exit.WELL


def print_finding(finding: Finding) -> None:
    """Print it, and what to do. A monitor may have said it, whose image may be anybody's."""
    click.echo(printable(f"{MARKS[finding.state]} {finding.subject}: {finding.text}"))
    if finding.fix:
        click.echo(printable(f"    → {finding.fix}"))


@asynccontextmanager
async def _way(cluster: Cluster, monitor: Monitor, url: str | None) -> AsyncIterator[str]:
    """Where the monitor is: as said, or at the end of a port-forward."""
    if url is not None:
        yield url.rstrip("/")
        return
    async with forward(cluster, monitor) as way:
        yield way.url


def _print_json(found: Any) -> None:
    click.echo(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
