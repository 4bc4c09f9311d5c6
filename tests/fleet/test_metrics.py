"""The fleet's series."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_openmetrics
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector
from typing_extensions import override

from flower_operator.fleet.exposition import render
from flower_operator.fleet.metrics import of_monitors, scraping
from flower_operator.fleet.roster import Roster
from flower_operator.fleet.view import STALE_AFTER
from flower_operator.spec import Key
from tests.fleet.made import ORDERS, answered, monitor

NOW = 1_000.0


def series(roster: Roster) -> dict[str, float]:
    """What Prometheus reads of a roster: samples by name and labels, those of ORDERS without their labels."""
    text = render(of_monitors(roster.entries(), NOW), openmetrics=False).decode()
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = dict(sample.labels)
            if not labels:
                continue
            key = Key(labels.pop("namespace"), labels.pop("monitor"))
            rest = ",".join(f"{name}={value}" for name, value in sorted(labels.items()))
            found[f"{'' if key == ORDERS else key}{sample.name}{{{rest}}}"] = sample.value
    return found


def of_orders(at: float | None, **fields: Any) -> dict[str, float]:
    roster = Roster()
    roster.put(monitor(**fields))
    if at is not None:
        answered(roster, ORDERS, at)
    return series(roster)


def test_numbers_of_a_monitor_that_answers() -> None:
    assert of_orders(NOW - 2) == {
        "flower_fleet_monitor_ready{}": 1,
        "flower_fleet_monitor_suspended{}": 0,
        "flower_fleet_monitor_stale{}": 0,
        "flower_fleet_monitor_age_seconds{}": 2,
        "flower_fleet_monitor_info{broker=redis,version=0.1.0}": 1,
        "flower_fleet_broker_connected{}": 1,
        "flower_fleet_tasks_kept{}": 10,
        "flower_fleet_events_per_second{}": 2.5,
        "flower_fleet_event_lag_seconds{}": 0.25,
        "flower_fleet_events_seen_ratio{}": 0.5,
        "flower_fleet_store_bytes{}": 4096,
        "flower_fleet_events_received_total{}": 100,
        "flower_fleet_events_dropped_total{}": 7,
        "flower_fleet_events_invalid_total{}": 5,
        "flower_fleet_workers{state=online}": 3,
        "flower_fleet_workers{state=offline}": 2,
        "flower_fleet_workers{state=lost}": 1,
        "flower_fleet_tasks{state=SUCCESS}": 9,
        "flower_fleet_tasks{state=FAILURE}": 1,
    }


def test_stale_numbers_are_left_out_and_the_gap_is_explained() -> None:
    assert of_orders(NOW - STALE_AFTER - 1) == {
        "flower_fleet_monitor_ready{}": 1,
        "flower_fleet_monitor_suspended{}": 0,
        "flower_fleet_monitor_stale{}": 1,
        "flower_fleet_monitor_age_seconds{}": STALE_AFTER + 1,
        "flower_fleet_monitor_info{broker=redis,version=0.1.0}": 1,
    }


def test_one_that_never_answered_has_no_age() -> None:
    assert "flower_fleet_monitor_age_seconds{}" not in of_orders(None)


def test_what_a_monitor_does_not_know_is_no_zero() -> None:
    roster = Roster()
    roster.put(monitor())
    answered(roster, ORDERS, NOW, events={"rate": None, "lag": None})
    assert not {"flower_fleet_events_per_second{}", "flower_fleet_event_lag_seconds{}"} & series(roster).keys()


def test_a_suspended_monitor_is_neither_stale_nor_counted() -> None:
    found = of_orders(None, suspended=True, ready=False)
    assert found["flower_fleet_monitor_suspended{}"] == 1
    assert found["flower_fleet_monitor_stale{}"] == 0


def test_no_series_outlives_its_monitor() -> None:
    roster = Roster()
    roster.put(monitor())
    answered(roster, ORDERS, NOW)
    roster.remove(ORDERS)
    assert series(roster) == {}


def test_names_that_a_monitor_makes_up_do_not_break_the_format() -> None:
    roster = Roster()
    roster.put(monitor())
    answered(roster, ORDERS, NOW, tasks={"kept": 1, "states": {'A"\n\\B': 1}})
    assert series(roster)['flower_fleet_tasks{state=A"\n\\B}'] == 1


class Own(Collector):
    """In the place of the fleet's own figures."""

    @override
    def collect(self) -> list[Metric]:
        return [GaugeMetricFamily("flower_fleet_subscribers", "Live streams open.", 4)]


@pytest.mark.parametrize(
    ("accept", "kind", "read"),
    [
        ("", "text/plain", text_string_to_metric_families),
        ("application/openmetrics-text; version=1.0.0", "application/openmetrics-text", read_openmetrics),
    ],
)
def test_a_scrape_is_one_page_in_the_format_that_is_asked_for(
    accept: str, kind: str, read: Callable[[str], Iterable[Metric]]
) -> None:
    roster = Roster()
    roster.put(monitor())
    answered(roster, ORDERS, NOW)
    body, media_type = scraping(Own())(roster.entries(), accept)
    values = {sample.name: sample.value for family in read(body.decode()) for sample in family.samples}
    assert media_type.startswith(kind)
    assert values["flower_fleet_monitors"] == 1
    assert values["flower_fleet_monitor_ready"] == 1
    assert values["flower_fleet_subscribers"] == 4
