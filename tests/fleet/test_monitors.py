"""Reading FlowerMonitors."""

from flower_operator.fleet.monitors import monitor_of
from tests.fleet.made import ORDERS, manifest, ready


def test_reads_what_the_controller_says() -> None:
    status = ready("True", "Running", "It runs.") | {
        "broker": {"kind": "redis", "url": "redis://broker:6379/0"},
        "version": "0.1.0",
        "url": "http://orders",
    }
    monitor = monitor_of(manifest(spec={"service": {"port": 80}}, status=status))
    assert (monitor.key, monitor.port, monitor.ready) == (ORDERS, 80, True)
    assert (monitor.reason, monitor.message) == ("Running", "It runs.")
    assert (monitor.broker, monitor.broker_url) == ("redis", "redis://broker:6379/0")
    assert (monitor.version, monitor.url) == ("0.1.0", "http://orders")


def test_not_ready_carries_the_reason() -> None:
    monitor = monitor_of(manifest(status=ready("False", "SecretMissing", "Create Secret x.")))
    assert (monitor.ready, monitor.reason, monitor.message) == (False, "SecretMissing", "Create Secret x.")


def test_without_status_says_what_to_look_at() -> None:
    monitor = monitor_of(manifest())
    assert (monitor.ready, monitor.reason) == (False, "NoStatus")
    assert "flower-operator controller" in monitor.message


def test_one_that_is_being_deleted_is_not_ready_whatever_its_status_says() -> None:
    body = manifest(status=ready("True", "Running"))
    body["metadata"]["deletionTimestamp"] = "2026-11-21T00:00:00Z"
    assert (monitor_of(body).ready, monitor_of(body).reason) == (False, "Deleting")


def test_suspended() -> None:
    assert monitor_of(manifest(spec={"suspend": True})).suspended


def test_one_of_another_shape_is_shown_with_the_field_that_is_wrong() -> None:
    monitor = monitor_of(manifest(spec={"suspend": "often"}))
    assert (monitor.key, monitor.ready, monitor.reason) == (ORDERS, False, "Unreadable")
    assert "$.spec.suspend" in monitor.message
