"""`control`: round trips of control requests to a real worker (prefork and solo)."""

import json
import time
import uuid
from dataclasses import asdict, dataclass
from typing import Any

from bench import stage
from bench.brokers import Broker
from bench.commands.latency import timed
from bench.measure.figures import spread
from bench.settings import Settings
from bench.sut.api import Api, Request
from bench.worker_app import make
from bench.workers import worker

_TERMINATE = "revoke with terminate until REVOKED is visible, s"


@dataclass(frozen=True, kw_only=True)
class Options:
    """None of its own."""


OPTIONS = Options


def run(settings: Settings, options: Options) -> dict[str, Any]:
    """Pool -> request -> latencies."""
    return {pool: one(settings, pool) for pool in ("prefork", "solo")}


def one(settings: Settings, pool: str) -> dict[str, Any]:
    """One kind of worker."""
    name = f"w@{pool}"
    extra = ("-c", "2") if pool == "prefork" else ()
    with stage.broker(settings) as broker, worker(broker.url, "-n", name, "-P", pool, *extra):
        time.sleep(4)
        with stage.monitor(settings, broker, rest=4) as monitor:
            found = asked(monitor.api(), name)
            if pool == "prefork":
                found[_TERMINATE] = terminated(broker, monitor.api())
            return found


def asked(api: Api, name: str) -> dict[str, Any]:
    """All requests for one worker."""
    requests = [
        ("GET", "/api/workers", "", 100),
        ("GET", "/api/workers?refresh=1", "", 5),
        ("GET", "/api/workers?refresh=1&workername", f"={name}", 5),
        ("POST", "/api/worker/pool/grow", f"/{name}?n=1", 10),
        ("POST", "/api/worker/pool/shrink", f"/{name}?n=1", 10),
        ("POST", "/api/task/revoke", None, 100),
        ("POST", "/api/task/send-task", "/shop.orders.ok", 100),
    ]
    return {
        f"{method} {path}": asdict(timed(api, method, paths(path, rest), count))
        for method, path, rest, count in requests
    }


def paths(path: str, rest: str | None) -> Any:
    """What gives the path of each request; None: with a new id each."""
    return lambda: path + (f"/{uuid.uuid4()}" if rest is None else rest)


def terminated(broker: Broker, api: Api) -> dict[str, Any] | None:
    """Seconds until the page says REVOKED of a task that was running."""
    app = make(broker.url)
    seconds = spread([one_terminated(app, api) for _ in range(5)], 3)
    return None if seconds is None else asdict(seconds)


def one_terminated(app: Any, api: Api) -> float | None:
    """One task; None where it is not to be seen in 10 s, or the monitor refuses."""
    task = app.send_task("shop.orders.sleep", (30,)).id
    if not reached(api, task, "STARTED"):
        return None
    start = time.monotonic()
    if api.ask(Request(f"/api/task/revoke/{task}?terminate=true&signal=SIGKILL", "POST")).status != 200:
        return None
    return time.monotonic() - start if reached(api, task, "REVOKED") else None


def reached(api: Api, task: str, state: str) -> bool:
    """Wait 10 s for a task's state."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        answer = api.get(f"/api/task/info/{task}")
        if answer.status == 200 and json.loads(answer.body).get("state") == state:
            return True
        time.sleep(0.02)
    return False
