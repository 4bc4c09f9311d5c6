"""Facts to verdicts: each says why, and shows all that was looked at."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flower_monitor.truth.verdict import Facts, Holder, Outcome, settle

ME, OTHER = "w1@host", "w2@host"


def facts(**known: Any) -> Facts:
    return Facts(**{"started": True, "worker": ME, "life": "same", "life_evidence": "w1@host is online", **known})


CASES: list[tuple[Outcome, dict[str, Any]]] = [
    ("finished", {"result": "SUCCESS"}),
    ("finished", {"result": "FAILURE", "life": "lost", "missed": "events were missed"}),
    ("running", {"holder": Holder(ME, "active"), "answered": True}),
    ("waiting", {"holder": Holder(ME, "reserved"), "answered": True, "started": False}),
    ("redelivered", {"holder": Holder(OTHER, "active"), "life": "lost"}),
    ("redelivered", {"holder": Holder(ME, "reserved"), "life": "replaced"}),
    ("waiting", {"life": "lost", "unacknowledged": True}),
    ("lost", {"life": "lost", "unacknowledged": False, "result": "PENDING"}),
    ("lost", {"life": "lost"}),
    ("lost", {"life": "replaced"}),
    ("lost", {"life": "offline"}),
    ("redelivered", {"life": "lost", "started": False}),
    ("unknown", {"life": "lost", "started": False, "unacknowledged": False}),
    ("unknown", {"life": "lost", "missed": "events were missed"}),
    ("unknown", {"answered": True, "result": "PENDING"}),
    ("unknown", {"answered": False}),
    ("unknown", {"let_go": True, "life": "lost"}),
    ("unknown", {"let_go": True, "life": "offline", "started": False}),
    ("finished", {"let_go": True, "life": "lost", "result": "SUCCESS"}),
    ("redelivered", {"let_go": True, "life": "lost", "holder": Holder(OTHER, "active")}),
    ("unknown", {"life": None}),
    ("unknown", {"holder": Holder(ME, "ready"), "answered": True}),
]


@pytest.mark.parametrize(("outcome", "known"), CASES)
def test_a_verdict_follows_from_facts(outcome: Outcome, known: dict[str, Any]) -> None:
    found, why, evidence = settle(facts(**known))

    assert found == outcome
    assert why
    assert "w1@host is online" in evidence


def test_what_stays_is_not_said_before_the_fate_of_the_pod_can_be_known() -> None:
    outcome, why, _ = settle(facts(life="lost", fate_awaited=True))
    assert (outcome, why) == (
        "unknown",
        "its worker is gone while it ran; what became of its pod may be known in a moment",
    )
    assert settle(facts(life="lost", fate_awaited=True, fate="OOMKilled"))[0] == "lost"


def test_a_lost_task_names_the_fate_of_its_pod() -> None:
    assert settle(facts(life="lost", fate="OOMKilled"))[1].endswith("(OOMKilled)")


maybe = st.sampled_from([None, True, False])


@given(
    st.builds(
        Facts,
        started=st.booleans(),
        worker=st.sampled_from([None, ME]),
        life=st.sampled_from(["same", "replaced", "lost", "offline", None]),
        answered=maybe,
        holder=st.sampled_from([None, Holder(ME, "active"), Holder(OTHER, "reserved"), Holder(ME, "ready")]),
        result=st.sampled_from([None, "PENDING", "STARTED", "SUCCESS"]),
        unacknowledged=maybe,
        missed=st.sampled_from([None, "missed"]),
    )
)
def test_nothing_is_said_to_be_lost_that_somebody_has_or_whose_end_may_have_been_missed(known: Facts) -> None:
    outcome, _, _ = settle(known)

    if outcome == "lost":
        assert known.life in ("lost", "replaced", "offline")
        assert not known.missed
        assert not known.unacknowledged
        assert known.result != "SUCCESS"
        assert known.holder is None or known.holder.state == "ready"
    if outcome == "finished":
        assert known.result == "SUCCESS"
    if outcome == "running":
        assert known.holder is not None
        assert known.holder.state == "active"
