"""What a monitor knows, for tests: all is well unless told otherwise."""

from collections import Counter
from pathlib import Path
from typing import Any

from flower_monitor.config import Config
from flower_monitor.store.records import BrokerStatus, IngestStatus, Notice, StoreStatus, Summary, WorkerRow
from flower_monitor.web.doctor.facts import Facts
from tests.monitor.web.apps import config_for

NOW = 100_000.0


def facts(
    *,
    workers: tuple[WorkerRow, ...] = (),
    told: tuple[Notice, ...] = (),
    config: Config | None = None,
    **changes: Any,
) -> Facts:
    """Facts with a summary of some changes."""
    values: dict[str, Any] = {
        "batch": 1,
        "broker": BrokerStatus(kind="redis", url="redis://h:6379/0", state="connected", since=90_000.0),
        "ingest": IngestStatus(committed_at=NOW - 1, started=90_000.0, lag=0.2, rate=12.0, last_event=NOW - 1),
        "store": StoreStatus(bytes=1 << 20, oldest=NOW - 60, retention_age=3600.0, retention_tasks=1000),
        "workers": dict(Counter(worker.state for worker in workers)),
        "tasks": 10,
        "states": {"SUCCESS": 10},
        "notices": [],
    }
    return Facts(config or config_for(Path("unused")), NOW, Summary(**(values | changes)), workers, told)


def online(hostname: str, **known: Any) -> WorkerRow:
    """A worker that is online, unless `state` says otherwise."""
    values: dict[str, Any] = dict.fromkeys(("pid", "active", "processed", "loadavg", "freq", "clock"))
    values |= dict.fromkeys(("sw_ident", "sw_ver", "sw_sys", "last_heartbeat"))
    values |= {"state": "online", "first_seen": 1.0, "task_events": True, "counters": {}}
    return WorkerRow(hostname=hostname, **(values | known))
