"""What workers say of the queues they consume, when they are asked for `active_queues`. Pure."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from flower_monitor.queues.records import Bindings

LATELY = 150.0
"""Seconds for which an answer tells that a worker is there: two questions, a minute apart, and some patience."""


def bindings(answers: Mapping[str, Mapping[str, Any]]) -> Bindings:
    """Exchange and routing key -> queue, by what workers say of their queues. Pure."""
    return {
        (queue["exchange"]["name"], queue["routing_key"]): queue["name"]
        for queue in queues_of(answers.values())
        if isinstance(queue.get("exchange"), dict) and "name" in queue["exchange"] and "routing_key" in queue
    }


def consumers(answers: Mapping[str, Mapping[str, Any]], online: Collection[str]) -> dict[str, int] | None:
    """Queue -> workers that are online and consume it; None: one of them has not said what it does. Pure."""
    found: dict[str, int] = {}
    for hostname in online:
        if "active_queues" not in answers.get(hostname, {}):
            return None
        for queue in queues_of([answers[hostname]]):
            found[queue["name"]] = found.get(queue["name"], 0) + 1
    return found


def present(states: Mapping[str, str], answers: Mapping[str, Mapping[str, Any]], now: float) -> list[str]:
    """Workers that are online, and those that no event told of and that answered lately (`--without-heartbeat`)."""
    silent = [name for name, answer in answers.items() if name not in states and now - answer["timestamp"] < LATELY]
    return [name for name, state in states.items() if state == "online"] + silent


def queues_of(answers: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The queues in what workers answered; what is no such answer is left out."""
    return [
        queue
        for answer in answers
        for queue in answer.get("active_queues") or ()
        if isinstance(queue, dict) and isinstance(queue.get("name"), str)
    ]
