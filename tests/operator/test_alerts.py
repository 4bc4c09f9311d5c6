"""Alerts on a monitor are made to fire over the series that its own /metrics has."""

from collections.abc import Callable
from pathlib import Path

import pytest

from flower_monitor.constants import METRIC_SETS_DEFAULT
from flower_operator.kinds import PROMETHEUS_RULE, Manifest
from flower_operator.resources import integrations
from tests.monitor.web.scraping import text_of
from tests.monitor.web.stores import StoreFile
from tests.operator.made import monitor
from tests.support.promtool import STEADY, STEP, Series, changed, check, judge, scraped

TARGET = {"namespace": "team-a", "service": "orders-monitor", "job": "orders-monitor", "instance": "10.0.0.1:5555"}
NOW = f"0+{STEP}x{STEADY}"
"""What time() is."""


def rules() -> list[Manifest]:
    made = dict(integrations.manifests(monitor(monitoring={"prometheusRule": {}}), "operator"))
    found: list[Manifest] = made[PROMETHEUS_RULE]["spec"]["groups"][0]["rules"]
    return found


def series_of(folder: Path, dropped: int) -> Series:
    """What Prometheus has of a monitor whose workers ran tasks, and that dropped some events."""
    store = StoreFile(folder / f"{dropped}.sqlite3")
    store.worker("w1@h1")
    store.worker("w2@h2", state="offline")
    store.count_events("w1@h1", "task-succeeded", "one", 4)
    store.count_events("w1@h1", "task-failed", "two", 1)
    if dropped:
        store.count("events_dropped", {"reason": "buffer"}, dropped)
    store.close()
    return scraped(text_of(store.path, METRIC_SETS_DEFAULT), TARGET)


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Series:
    """All is well: a worker is online, and ingest writes."""
    found = series_of(tmp_path_factory.mktemp("quiet"), dropped=0)
    return changed(found, "flower_monitor_ingest_timestamp_seconds", NOW)


Change = Callable[[Series], Series]


def with_(name: str, values: str, **labels: str) -> Change:
    return lambda series: changed(series, name, values, **labels)


def tasks(succeeded: int, failed: int) -> Change:
    """So many in each step."""

    def made(series: Series) -> Series:
        after = changed(series, "celery_tasks_total", f"0+{succeeded}x{STEADY}", state="SUCCESS")
        return changed(after, "celery_tasks_total", f"0+{failed}x{STEADY}", state="FAILURE")

    return made


def down(series: Series) -> Series:
    """It does not answer: all that is left of the target is that it is down."""
    return {key: f"0x{STEADY}" for key in series if key[0] == "up"}


FIRING: dict[str, tuple[Change, str]] = {
    "it does not answer": (down, "FlowerMonitorDown"),
    "there is none": (lambda _: {}, "FlowerMonitorDown"),
    "the broker is away": (with_("flower_monitor_broker_connected", f"0x{STEADY}"), "FlowerMonitorBrokerDisconnected"),
    "ingest stands still": (with_("flower_monitor_ingest_timestamp_seconds", f"0x{STEADY}"), "FlowerMonitorStuck"),
    "it is behind": (with_("flower_monitor_event_lag_seconds", f"31x{STEADY}"), "FlowerMonitorLagging"),
    "no worker": (with_("flower_monitor_workers", f"0x{STEADY}", state="online"), "CeleryNoWorkers"),
    "a worker is lost": (with_("flower_monitor_workers", f"1x{STEADY}", state="lost"), "CeleryWorkersLost"),
    "a tenth of the tasks fail": (tasks(9, 1), "CeleryTasksFailing"),
    "all tasks fail": (tasks(0, 1), "CeleryTasksFailing"),
}

SILENT: dict[str, Change] = {
    "all is well": lambda series: series,
    "it is a little behind": with_("flower_monitor_event_lag_seconds", f"29x{STEADY}"),
    "a task in a hundred fails": tasks(99, 1),
    "workers come and go": with_("flower_monitor_workers", "0x5 1x" + str(STEADY), state="online"),
}


@pytest.mark.parametrize("case", FIRING)
def test_an_alert_fires_alone(quiet: Series, case: str, tmp_path: Path) -> None:
    change, alert = FIRING[case]
    judge(tmp_path, rules(), change(quiet), [alert])


@pytest.mark.parametrize("case", SILENT)
def test_nothing_fires(quiet: Series, case: str, tmp_path: Path) -> None:
    judge(tmp_path, rules(), SILENT[case](quiet), [])


@pytest.mark.parametrize(("minutes", "alerts"), [(19, []), (21, ["FlowerMonitorEventsDropped"]), (35, [])])
def test_the_first_event_that_is_dropped_is_told_for_ten_minutes(
    quiet: Series, tmp_path: Path, minutes: int, alerts: list[str]
) -> None:
    """Its series begins with it, in place of one without a reason."""
    begins = 20 * 60 // STEP
    name = "flower_monitor_events_dropped_total"
    before = {key: f"0x{begins - 1} stale" for key in quiet if key[0] == name}
    after = {key: f"_x{begins} 1x{STEADY}" for key in series_of(tmp_path, dropped=1) if key[0] == name}
    assert before.keys() != after.keys()
    judge(tmp_path, rules(), quiet | before | after, alerts, at=minutes)


def test_nothing_fires_at_once(quiet: Series, tmp_path: Path) -> None:
    judge(tmp_path, rules(), FIRING["no worker"][0](quiet), [], at=4)


def test_every_alert_is_made_to_fire() -> None:
    fired = {alert for _, alert in FIRING.values()} | {"FlowerMonitorEventsDropped"}
    assert fired == {rule["alert"] for rule in rules()}


def test_prometheus_takes_the_rules(tmp_path: Path) -> None:
    check(tmp_path, rules())
