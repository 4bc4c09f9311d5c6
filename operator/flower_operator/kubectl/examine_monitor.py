"""What the monitor says of itself: login, broker, workers and their events, lag, store. Pure but for the questions."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

from flower_operator.kubectl.ask import ask
from flower_operator.kubectl.errors import Failed
from flower_operator.kubectl.findings import Finding, State, unknown, well, wrong
from flower_operator.kubectl.login import Login

SUMMARY = "/api/v1/summary"

LATE = 30.0
"""Seconds of lag from which on a monitor is behind: it commits four times a second."""


async def examine(url: str, login: Login | Failed) -> AsyncIterator[Finding]:
    """Ask it as a stranger, and as the one whose login the Secret has."""
    try:
        status, _ = await ask(url, SUMMARY, None)
    except Failed as error:
        yield wrong("monitor", error.message, "Look at its log: kubectl logs deployment/NAME-monitor")
        return
    yield _stranger(status)
    if isinstance(login, Failed):
        yield unknown("login", login.message)
        return
    status, summary = await ask(url, SUMMARY, login)
    if status != 200 or not isinstance(summary, dict):
        yield wrong("login", f"the login in its Secret is refused (HTTP {status})", _LOGIN)
        return
    yield well("login", f"as {login.username}, with what the Secret has")
    for finding in of_summary(summary):
        yield finding


_LOGIN = "It takes up a changed Secret within two minutes; after that, restart the Deployment."


def _stranger(status: int) -> Finding:
    if status == 401:
        return well("access", "nobody gets in without a login")
    if status == 200:
        return wrong(
            "access", "it answers without a login", "Something before the monitor logs in for everybody; remove it."
        )
    return wrong("access", f"it answers HTTP {status}", "Something else than a monitor answers at its Service.")


def of_summary(summary: dict[str, Any]) -> Iterator[Finding]:
    """Read what it says."""
    yield _broker(summary.get("broker") or {})
    yield _workers(summary.get("workers") or {})
    yield from _events(summary.get("events") or {})
    yield _store(summary.get("store") or {})
    for notice in summary.get("notices") or []:
        yield Finding(notice["code"], _severity(notice), notice["message"], notice["fix"])


def _broker(broker: dict[str, Any]) -> Finding:
    if broker.get("state") == "connected":
        return well("broker", f"connected to {broker.get('kind')} at {broker.get('url')}")
    fix = "See that it runs, that its password is right, and that a NetworkPolicy lets the monitor's pod reach it."
    return wrong("broker", f"{broker.get('state')}: {broker.get('last_error') or 'no reason is known'}", fix)


def _workers(workers: dict[str, Any]) -> Finding:
    online = workers.get("online", 0)
    if online:
        return well("workers", f"{online} online")
    fix = "Start one at this broker; with another virtual host, database or event exchange it is not seen here."
    return Finding("workers", State.WARNING, "none is online", fix)


def _events(events: dict[str, Any]) -> Iterator[Finding]:
    lag, dropped = events.get("lag"), events.get("dropped", 0)
    if lag is not None and lag > LATE:
        yield wrong(
            "lag", f"{lag:.0f} s behind", "Give the monitor more CPU (spec.resources), or mend the workers' clocks."
        )
    else:
        yield well("lag", "no event yet" if lag is None else f"{lag:.1f} s")
    if dropped:
        fix = "Give the monitor more CPU (spec.resources)."
        yield Finding("events", State.WARNING, f"{dropped} were dropped, because they came too fast", fix)


def _store(store: dict[str, Any]) -> Finding:
    if store.get("state") == "ok":
        return well("store", f"{store.get('bytes', 0) / 2**20:.0f} MiB")
    return wrong(
        "store", f"can't be written: {store.get('state')}", "Make the volume larger (spec.storage.size), or mend it."
    )


def _severity(notice: dict[str, Any]) -> State:
    return State.WRONG if notice.get("severity") == "error" else State.WARNING
