"""The fleet's series."""

from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector
from typing_extensions import override

from flower_operator.fleet.metrics import fresh, of_clusters, of_states, of_summaries
from flower_operator.fleet.roster import Roster
from flower_operator.fleet.view import STALE_AFTER, ClusterView
from flower_operator.spec import Key
from tests.fleet.made import ORDERS, answered, monitor

NOW = 1_000.0


class Given(Collector):
    """A collector of given metrics."""

    def __init__(self, metrics: list[Metric]) -> None:
        self._metrics = metrics

    @override
    def collect(self) -> list[Metric]:
        return self._metrics


def series(roster: Roster) -> dict[str, float]:
    """What Prometheus reads of a roster: samples by name and labels, those of ORDERS without their labels."""
    entries = roster.entries()
    registry = CollectorRegistry()
    registry.register(Given([*of_states(entries, NOW), *of_summaries(fresh(entries, NOW))]))
    found = {}
    for family in text_string_to_metric_families(generate_latest(registry).decode()):
        for sample in family.samples:
            labels = dict(sample.labels)
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
        "flower_fleet_store_free_bytes{}": 8192,
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


def test_a_monitor_of_another_cluster_has_its_label_and_ours_have_none() -> None:
    here, there = Roster(), Roster("west")
    for roster in (here, there):
        roster.put(monitor())
    registry = CollectorRegistry()
    registry.register(Given([*of_states([*here.entries(), *there.entries()], NOW)]))
    text = generate_latest(registry).decode()
    assert 'flower_fleet_monitor_ready{monitor="orders",namespace="team-a"} 1.0' in text
    assert 'flower_fleet_monitor_ready{cluster="west",monitor="orders",namespace="team-a"} 1.0' in text


def test_another_cluster_that_is_not_well_is_counted_by_name() -> None:
    views = [ClusterView("north", None, "It is away."), ClusterView("west", NOW - 5, None)]
    registry = CollectorRegistry()
    registry.register(Given([*of_clusters(None, NOW - 1, views, NOW)]))
    text = generate_latest(registry).decode()
    assert 'flower_fleet_cluster_well{cluster="north"} 0.0' in text
    assert 'flower_fleet_cluster_well{cluster="west"} 1.0' in text
    assert 'flower_fleet_watch_age_seconds{cluster="west"} 5.0' in text
    assert "flower_fleet_watch_age_seconds 1.0" in text


def test_without_other_clusters_there_is_no_series_of_them() -> None:
    assert "cluster" not in str([metric.name for metric in of_clusters(NOW, NOW, [], NOW)])
