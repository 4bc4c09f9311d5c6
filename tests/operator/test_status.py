"""The status, and which Events it is worth."""

from dataclasses import replace

from flower_operator.controller import status
from flower_operator.controller.checks.broker import check_reachable
from flower_operator.controller.findings import Aspect, Finding, State
from flower_operator.controller.observation import Observation, parse
from flower_operator.kinds import Manifest

from .made import monitor

NOW = "2026-01-02T03:04:05Z"
FINE = [Finding(aspect, State.HOLDS, "Fine", "fine") for aspect in Aspect]
TOLD = Observation(version="1.0", broker_kind="redis", broker_url="redis://redis:6379/0", workers=3)


def refused(reason: str = "SecretNotFound", message: str = "no Secret") -> list[Finding]:
    return [Finding(Aspect.BROKER, State.REFUSED, reason, message), *FINE[1:]]


def made(findings: list[Finding], before: Manifest | None = None, generation: int = 1) -> Manifest:
    return status.status(monitor(before, generation), findings, "redis", TOLD, NOW)


def reasons(findings: list[Finding], before: Manifest | None = None, generation: int = 1) -> list[str]:
    subject = monitor(before, generation)
    return [notice.reason for notice in status.notices(subject, findings, made(findings, before, generation))]


def test_the_status_shows_what_the_monitor_says() -> None:
    found = made(FINE)
    assert found["version"] == "1.0"
    assert found["workers"] == 3
    assert found["broker"] == {"kind": "redis", "url": "redis://redis:6379/0"}
    assert found["url"] == "http://orders-monitor.team-a.svc:5555"
    assert found["credentialsSecret"] == "orders-credentials"
    assert found["observedGeneration"] == 1


def test_the_same_again_is_the_same_status() -> None:
    first = made(FINE)
    later = status.status(monitor(first), FINE, "redis", TOLD, "2026-09-09T09:09:09Z")
    assert later == first


def test_what_was_said_last_stands_while_nobody_answers() -> None:
    before = made(FINE)
    found = status.status(monitor(before), FINE, "redis", Observation(error="no answer"), NOW)
    assert (found["version"], found["workers"]) == ("1.0", 3)


def test_a_suspended_monitor_has_no_workers() -> None:
    assert "workers" not in status.status(monitor(made(FINE), suspend=True), FINE, "redis", None, NOW)


def test_a_new_refusal_is_an_event() -> None:
    assert reasons(refused()) == ["SecretNotFound"]


def test_the_same_refusal_again_is_none() -> None:
    assert reasons(refused(), made(refused())) == []


def test_a_message_that_changes_by_itself_is_none() -> None:
    assert reasons(refused(message="no Secret, still"), made(refused())) == []


def test_another_message_after_an_edit_is_an_event() -> None:
    assert reasons(refused(message="no Secret b"), made(refused()), generation=2) == ["SecretNotFound"]


def test_another_reason_is_an_event() -> None:
    assert reasons(refused("InvalidBrokerUrl"), made(refused())) == ["InvalidBrokerUrl"]


def test_healing_is_one_event() -> None:
    assert reasons(FINE, made(refused())) == ["Ready"]
    assert reasons(FINE, made(FINE)) == []


def test_a_summary_is_read_for_what_the_status_shows() -> None:
    summary = {
        "monitor": {"version": "1.0"},
        "broker": {"kind": "redis", "url": "redis://r", "state": "disconnected", "last_error": "refused"},
        "workers": {"online": 2},
    }
    assert parse(summary) == Observation(None, "1.0", "redis", "redis://r", "disconnected", "refused", 2)


def test_a_summary_of_another_shape_is_read_as_nothing() -> None:
    assert parse({"monitor": None, "broker": {"state": 3}, "workers": {"online": "many"}}) == Observation()
    assert parse({"monitor": "1.0", "broker": ["redis"], "workers": 3}) == Observation()


def test_what_the_api_server_refuses_is_told_once() -> None:
    first = status.hinder(monitor(), True, "no right", NOW)
    assert [notice.reason for notice in status.notices(monitor(), (), first)] == ["ApiRefused"]
    assert status.notices(monitor(first), (), status.hinder(monitor(first), True, "no right", NOW)) == []


def connected(observation: Observation) -> Manifest:
    """The status of a monitor that runs and has answered so."""
    reachable = check_reachable(True, observation, {})
    return status.status(monitor(), [reachable, *FINE[1:]], "redis", observation, NOW)


def test_a_status_tells_the_answer_that_it_is_of() -> None:
    answer = replace(TOLD, broker_state="connected")

    assert status.known(monitor(connected(answer))) == answer


def test_a_status_of_a_broker_that_failed_tells_no_answer() -> None:
    answer = replace(TOLD, broker_state="disconnected", broker_error="Connection refused")

    assert status.known(monitor(connected(answer))) is None


def test_a_new_status_tells_no_answer() -> None:
    assert status.known(monitor()) is None
