"""The pure parts of the operator's benchmark."""

from typing import Any

import msgspec
import pytest

from bench.controlplane import objects
from bench.controlplane.answers import summary
from bench.controlplane.change import spread
from bench.controlplane.report import document
from bench.controlplane.scrape import parse
from flower_monitor.web.shapes import SummaryBody


def size(monitors: int, **changed: Any) -> dict[str, Any]:
    """A result of one size."""
    latency = {"p50": 100.0, "p95": 250.0, "p99": 300.0, "max": 300.0, "n": 10}
    change = {"ms": latency, "waiting": 3, "others_cpu_percent": 1.0}
    process = {"seconds": 1.5, "writes": 0, "cpu_s": 1.0, "rss_mib": 90.0, "others_cpu_percent": 1.0}
    answers = {"ms": dict.fromkeys(("page", "api", "stream", "metrics"), latency), "others_cpu_percent": 1.0}
    made = {
        "monitors": monitors,
        "calibration_ms": 11.0,
        "peak_rss_mib": 130.0,
        "cold": process | {"calls": {"get secrets": 3, "apply services": 2}},
        "warm": process | {"calls": 4, "peak_rss_mib": 120.0, "idle_cpu_percent": 2.0},
        "idle": change,
        "busy": change,
        "fleet": answers | {"refresh_s": 5.0, "first_s": 2.0, "rss_mib": 80.0, "idle_cpu_percent": 3.0},
    }
    return made | changed


def result(*sizes: dict[str, Any]) -> dict[str, Any]:
    """A result file."""
    machine = {"cpu": "x", "cores": 2, "memory_mib": 1, "kernel": "6", "python": "3.11", "packages": {"kopf": "1"}}
    return {"command": "c", "at": "then", "took_s": 1.0, "machine": machine, "kubernetes": "k", "sizes": list(sizes)}


def test_a_curve_has_a_column_for_each_size_the_smallest_first() -> None:
    lines = document([result(size(5000)), result(size(100), size(1000))]).splitlines()

    assert "|  | to reach at 1,000 | 100 | 1,000 | 5,000 |" in lines


@pytest.mark.parametrize(
    "row",
    [
        "| a change until its child changed, idle, p95, s | 0.3 | 0.25 |",
        "| fleet: all monitors by API, p95, ms | 100 | 250 |",
        "| warm restart until settled, s | 5 | 1.5 |",
        "| controller's memory, peak, MiB |  | 130 |",
    ],
)
def test_a_row_has_its_target_and_what_was_found(row: str) -> None:
    assert row in document([result(size(100))]).splitlines()


def test_what_was_not_measured_is_a_dash() -> None:
    nothing = {"ms": None, "waiting": 0, "others_cpu_percent": 0.0}

    assert "| a change until its child changed, idle, p95, s | 0.3 | - |" in document([result(size(1, idle=nothing))])


def test_writes_are_calls_that_change_something_but_the_lease() -> None:
    calls = {"apply secrets": 3, "create events": 2, "get secrets": 50, "list pods": 7, "update leases": 9}
    text = "# TYPE flower_operator_api_calls counter\n" + "".join(
        f'flower_operator_api_calls_total{{verb="{verb}",resource="{plural}",code="200"}} {count}\n'
        for (verb, plural), count in ((call.split(), count) for call, count in calls.items())
    )

    found = parse(text)

    assert (found.calls, found.writes) == (calls, 5)


def test_a_scrape_sums_what_has_several_series() -> None:
    text = (
        "# TYPE flower_operator_reconciles counter\n"
        'flower_operator_reconciles_total{result="ok"} 4\nflower_operator_reconciles_total{result="retry"} 1\n'
        "# TYPE flower_operator_queue_depth gauge\nflower_operator_queue_depth 2\n"
    )

    found = parse(text)

    assert (found.reconciles, found.waiting, found.monitors) == (5, 2, 0)


def test_a_simulated_monitor_answers_what_ours_does() -> None:
    body = summary("team-000", "app-00", 7, 1_800_000_000.0)

    assert set(msgspec.to_builtins(msgspec.json.decode(body, type=SummaryBody))) == set(msgspec.json.decode(body))


def test_changes_come_to_every_flowermonitor_before_one_comes_again() -> None:
    monitors = objects.keys(100)
    several = spread(monitors)

    assert sorted(next(several) for _ in monitors) == monitors


@pytest.mark.parametrize(("observed", "holds"), [(2, True), (1, False)])
def test_a_status_of_an_older_spec_does_not_count(observed: int, holds: bool) -> None:
    manifest = {"metadata": {"generation": 2}, "status": {"observedGeneration": observed}}

    assert objects.told(manifest) is holds
