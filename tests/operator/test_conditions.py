"""How findings become conditions."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flower_operator import spec
from flower_operator.controller import conditions
from flower_operator.controller.findings import Aspect, Finding, State
from flower_operator.kinds import Manifest
from flower_operator.spec import Monitor

from .made import monitor

NOW = "2026-01-02T03:04:05Z"
NAMES = [
    "Ready",
    "Reconciling",
    "Stalled",
    "BrokerReachable",
    "StorageReady",
    "CredentialsReady",
    "ConfigValid",
    "WorkloadAvailable",
    "IntegrationsReady",
    "Suspended",
    "Paused",
]


def findings(*states: State) -> list[Finding]:
    return [
        Finding(aspect, state, f"{aspect}{state.name}", "why") for aspect, state in zip(Aspect, states, strict=True)
    ]


def fold(*states: State, **subject: Any) -> dict[str, Manifest]:
    return {made["type"]: made for made in conditions.fold(monitor(**subject), findings(*states), NOW)}


STATES = st.tuples(*(st.sampled_from(State) for _ in Aspect))


@given(STATES)
def test_all_conditions_are_always_there_in_one_order(states: tuple[State, ...]) -> None:
    assert list(fold(*states)) == NAMES


@given(STATES)
def test_ready_only_when_nothing_is_known_to_be_wrong(states: tuple[State, ...]) -> None:
    fine = all(state in (State.HOLDS, State.UNKNOWN, State.LACKING) for state in states)
    assert (fold(*states)["Ready"]["status"] == "True") == fine


@given(STATES)
def test_reconciling_and_stalled_never_both(states: tuple[State, ...]) -> None:
    made = fold(*states)
    assert {made["Reconciling"]["status"], made["Stalled"]["status"]} != {"True"}


@given(STATES)
def test_what_waits_for_a_person_is_stalled(states: tuple[State, ...]) -> None:
    assert (fold(*states)["Stalled"]["status"] == "True") == (State.REFUSED in states)


def test_ready_says_what_a_person_must_act_on_first() -> None:
    made = fold(State.UNKNOWN, State.STARTING, State.REFUSED, State.HOLDS, State.IDLE, State.HOLDS)
    assert made["Ready"]["reason"] == "CredentialsReadyREFUSED"


def test_suspended_is_as_it_was_asked_for() -> None:
    made = fold(State.UNKNOWN, *[State.HOLDS] * 3, State.IDLE, State.LACKING, suspend=True)
    assert (made["Ready"]["status"], made["Ready"]["reason"]) == ("True", "Suspended")
    assert made["Suspended"]["status"] == "True"
    assert made["Stalled"]["status"] == made["Reconciling"]["status"] == "False"


def paused(status: Manifest) -> Monitor:
    return spec.parse(
        {
            "metadata": {
                "name": "orders",
                "namespace": "team-a",
                "uid": "u",
                "generation": 2,
                "annotations": {"flower-operator.io/reconcile": "disabled"},
            },
            "spec": {"broker": {"url": "redis://redis"}},
            "status": status,
        }
    )


def test_a_paused_monitor_keeps_its_conditions_but_paused() -> None:
    before = conditions.fold(monitor(), findings(*[State.HOLDS] * len(Aspect)), "then")
    made = conditions.keep(paused({"conditions": before}), NOW)
    assert made[:-1] == before[:-1]
    assert (made[-1]["type"], made[-1]["status"], made[-1]["lastTransitionTime"]) == ("Paused", "True", NOW)
    assert "Remove it to go on" in made[-1]["message"]


def test_a_monitor_that_is_paused_from_the_first_is_not_ready() -> None:
    made = conditions.keep(paused({}), NOW)
    assert [(one["type"], one["status"], one["reason"]) for one in made] == [
        ("Ready", "False", "Paused"),
        ("Paused", "True", "Paused"),
    ]


@pytest.mark.parametrize(("old", "when"), [("True", "then"), ("False", NOW)])
def test_the_transition_time_changes_with_the_status_only(old: str, when: str) -> None:
    before = {"conditions": [{"type": "StorageReady", "status": old, "reason": "Other", "lastTransitionTime": "then"}]}
    made = fold(*[State.HOLDS] * len(Aspect), status=before)
    assert made["StorageReady"]["lastTransitionTime"] == when


def test_every_condition_says_of_which_generation_it_speaks() -> None:
    assert {made["observedGeneration"] for made in fold(*[State.HOLDS] * len(Aspect), generation=7).values()} == {7}


def hinder(lasting: bool, status: Manifest | None = None) -> dict[str, Manifest]:
    return {made["type"]: made for made in conditions.hinder(monitor(status), lasting, "no right", NOW)}


def test_what_the_api_server_refuses_waits_for_a_person() -> None:
    made = hinder(lasting=True)
    assert (made["Stalled"]["status"], made["Stalled"]["reason"]) == ("True", "ApiRefused")
    assert (made["Reconciling"]["status"], made["Reconciling"]["reason"]) == ("False", "Stalled")
    assert (made["Ready"]["status"], made["Ready"]["reason"]) == ("False", "ApiRefused")
    assert "no right" in made["Stalled"]["message"]


def test_what_the_api_server_fails_at_goes_on_by_itself() -> None:
    made = hinder(lasting=False)
    assert (made["Reconciling"]["status"], made["Reconciling"]["reason"]) == ("True", "ApiFailing")
    assert made["Stalled"]["status"] == "False"


@pytest.mark.parametrize("lasting", [True, False])
def test_what_was_known_before_the_api_server_stood_in_the_way_stays(lasting: bool) -> None:
    before = conditions.fold(monitor(), findings(*[State.HOLDS] * len(Aspect)), "2025-01-01T00:00:00Z")
    made = hinder(lasting, {"conditions": before})
    changed = {"Reconciling", "Stalled"}
    assert {kind: one for kind, one in made.items() if kind not in changed} == {
        one["type"]: one for one in before if one["type"] not in changed
    }


@pytest.mark.parametrize("lasting", [True, False])
def test_the_same_hindrance_again_is_the_same_status(lasting: bool) -> None:
    first = conditions.hinder(monitor(), lasting, "no right", "2025-01-01T00:00:00Z")
    again = conditions.hinder(monitor({"conditions": first}), lasting, "no right", NOW)
    assert again == first
