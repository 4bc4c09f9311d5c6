"""What workers say of the queues they consume."""

from typing import Any

import pytest

from flower_monitor.queues.workers import LATELY, bindings, consumers, present

QUEUE = {"name": "shop", "exchange": {"name": "orders", "type": "topic"}, "routing_key": "orders.new"}


def test_workers_tell_the_queue_of_an_exchange_and_a_routing_key() -> None:
    answers: dict[str, dict[str, Any]] = {
        "w1": {"active_queues": [QUEUE, {"name": "bare"}, "nonsense"]},
        "w2": {"active_queues": None},
    }

    assert bindings(answers) == {("orders", "orders.new"): "shop"}


@pytest.mark.parametrize(
    ("online", "counted"),
    [(["w1", "w2"], {"shop": 2}), (["w1"], {"shop": 1}), ([], {}), (["w1", "mute"], None)],
)
def test_consumers_are_counted_when_all_have_said(online: list[str], counted: dict[str, int] | None) -> None:
    answers = {"w1": {"active_queues": [QUEUE]}, "w2": {"active_queues": [QUEUE]}, "gone": {"active_queues": [QUEUE]}}

    assert consumers(answers, online) == counted


def test_a_worker_is_there_by_its_events_or_by_a_fresh_answer_where_it_sends_none() -> None:
    now = 1000.0
    states = {"online": "online", "lost": "lost"}
    answers = {"lost": {"timestamp": now}, "silent": {"timestamp": now}, "gone": {"timestamp": now - LATELY}}

    assert present(states, answers, now) == ["online", "silent"]
