"""What the doctor makes of an object and of a summary."""

from typing import Any

import pytest

from flower_operator.kubectl import examine_object
from flower_operator.kubectl.examine_broker import service_of
from flower_operator.kubectl.examine_monitor import of_summary
from flower_operator.kubectl.findings import Finding, State
from tests.operator.made import monitor

WELL: dict[str, Any] = {
    "broker": {"state": "connected", "kind": "redis", "url": "redis://redis:6379/0"},
    "workers": {"online": 2},
    "events": {"lag": 0.2, "dropped": 0},
    "store": {"state": "ok", "bytes": 1 << 20},
    "notices": [],
}


EVENTS_OFF = {"code": "events-off", "severity": "warning", "message": "Workers send none.", "fix": "Start with -E."}


def test_a_monitor_that_is_well() -> None:
    assert {finding.state for finding in of_summary(WELL)} == {State.WELL}


@pytest.mark.parametrize(
    ("part", "subject", "state"),
    [
        ({"broker": {"state": "disconnected", "last_error": "Connection refused"}}, "broker", State.WRONG),
        ({"workers": {"online": 0}}, "workers", State.WARNING),
        ({"events": {"lag": 120.0, "dropped": 0}}, "lag", State.WRONG),
        ({"events": {"lag": 0.1, "dropped": 7}}, "events", State.WARNING),
        ({"store": {"state": "disk full"}}, "store", State.WRONG),
        ({"notices": [EVENTS_OFF]}, "events-off", State.WARNING),
    ],
)
def test_what_is_wrong_is_told_with_what_to_do(part: dict[str, Any], subject: str, state: State) -> None:
    (found,) = [finding for finding in of_summary(WELL | part) if finding.state is not State.WELL]
    assert (found.subject, found.state) == (subject, state)
    assert found.fix


def conditions(status: str, reason: str, message: str = "") -> dict[str, Any]:
    return {
        "observedGeneration": 1,
        "conditions": [{"type": "Ready", "status": status, "reason": reason, "message": message}],
    }


def of(status: dict[str, Any], **fields: Any) -> list[Finding]:
    return list(examine_object.examine(monitor(status, **fields)))


def test_a_ready_object_is_well() -> None:
    assert [finding.state for finding in of(conditions("True", "Running"))] == [State.WELL]


def test_the_controllers_message_is_the_fix() -> None:
    (found,) = of(conditions("False", "SecretNotFound", "Create it."))
    assert (found.state, found.fix) == (State.WRONG, "Create it.")


def test_no_controller_is_noticed() -> None:
    (found,) = of({})
    assert "no controller has spoken" in found.text


def test_a_controller_that_lags_behind_is_noticed() -> None:
    assert "has not seen its latest change" in of(conditions("True", "Running") | {"observedGeneration": 0})[0].text


def test_a_suspended_one_is_no_riddle() -> None:
    assert State.WARNING in {finding.state for finding in of(conditions("True", "Suspended"), suspend=True)}


@pytest.mark.parametrize(
    ("host", "service"),
    [
        ("redis", ("redis", "team-a")),
        ("redis.data", ("redis", "data")),
        ("redis.data.svc", ("redis", "data")),
        ("redis.data.svc.cluster.local.", ("redis", "data")),
        ("redis.example.com", (None, "team-a")),
    ],
)
def test_names_are_read_as_cluster_dns_reads_them(host: str, service: tuple[str | None, str]) -> None:
    assert service_of(host, "team-a") == service
