"""Alerts on one monitor and the workers that it watches. Pure.

Names and meaning of the metrics: docs/metrics.md. A monitor that is blind must not look like a quiet Celery, so the
first ones are about the monitor itself.
"""

from flower_operator.kinds import Manifest

FAILURES = 0.05
"""Part of ended tasks that may fail."""

LAG = 30
"""Seconds by which the monitor may be behind."""

STUCK = 60
"""Seconds without a write of ingest; it writes each 250 ms, and nothing else for 30 s is a fault."""


def rules(matchers: str, name: str, urgent: str, other: str) -> list[Manifest]:
    """All alerts. `matchers` select the monitor's series, `name` is what people call it."""

    def of(metric: str, state: str = "") -> str:
        return f"{metric}{{{matchers}{state}}}"

    failed = of("celery_tasks_total", ',state="FAILURE"')
    ended = of("celery_tasks_total", ',state=~"SUCCESS|FAILURE"')
    online = of("flower_monitor_workers", ',state="online"')
    lost = of("flower_monitor_workers", ',state="lost"')
    dropped = of("flower_monitor_events_dropped_total")
    return [
        _alert("FlowerMonitorDown", f"absent({of('up')} == 1)", "5m", urgent, f"The monitor {name} does not answer"),
        _alert(
            "FlowerMonitorBrokerDisconnected",
            f"{of('flower_monitor_broker_connected')} == 0",
            "5m",
            urgent,
            f"The monitor {name} does not reach its broker, and workers may not either",
        ),
        _alert(
            "FlowerMonitorStuck",
            f"time() - {of('flower_monitor_ingest_timestamp_seconds')} > {STUCK}",
            "2m",
            urgent,
            f"The monitor {name} writes nothing: its disk may be full, or ingest is dead",
        ),
        _alert(
            "FlowerMonitorLagging",
            f"{of('flower_monitor_event_lag_seconds')} > {LAG}",
            "10m",
            other,
            f"The monitor {name} shows what was more than {LAG} seconds ago",
        ),
        _alert(
            "FlowerMonitorEventsDropped",
            # Not increase(): a series begins with the first event that is dropped, whose step it would not see.
            f"sum({dropped}) - sum({dropped} offset 10m) > 0",
            "0m",
            other,
            f"The monitor {name} gets more events than it can take, and drops some",
        ),
        _alert(
            "CeleryNoWorkers",
            f"{online} == 0",
            "5m",
            urgent,
            f"No Celery worker of {name} is online",
        ),
        _alert(
            "CeleryWorkersLost",
            f"{lost} > 0",
            "5m",
            other,
            f"{{{{ $value }}}} Celery workers of {name} fell silent without a goodbye",
        ),
        _alert(
            "CeleryTasksFailing",
            f"sum(rate({failed}[15m])) / sum(rate({ended}[15m])) > {FAILURES}",
            "15m",
            other,
            f"{{{{ $value | humanizePercentage }}}} of the tasks of {name} fail",
        ),
    ]


def _alert(name: str, expression: str, wait: str, severity: str, summary: str) -> Manifest:
    return {
        "alert": name,
        "expr": expression,
        "for": wait,
        "labels": {"severity": severity},
        "annotations": {"summary": f"{summary}."},
    }
