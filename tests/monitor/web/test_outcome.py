"""What workers replied, in a form to show; names of signals; sizes of pools: what is pure about control."""

from typing import Any

import pytest

from flower_monitor.web.outcome import outcome
from flower_monitor.web.pool_size import Pool, check, pool_of, refused
from flower_monitor.web.problems import Problem
from flower_monitor.web.signals import signal_name


@pytest.mark.parametrize(
    ("replies", "asked", "acknowledged", "silent"),
    [
        ({"a": {"x": {"ok": "yes"}}}, ["a"], True, []),
        ({"a": {"x": {"ok": "yes"}}, "unknown": {"x": {"ok": "yes"}}}, ["a"], True, []),
        ({"a": {"x": {"error": "no"}}}, ["a"], False, []),
        ({"a": {"x": {"ok": "yes"}}}, ["a", "b"], False, ["b"]),
        ({"a": {"y": {"ok": "yes"}}}, ["a"], False, ["a"]),
        ({}, [], False, []),
    ],
)
def test_done_is_what_all_who_were_asked_have_done(
    replies: Any, asked: list[str], acknowledged: bool, silent: list[str]
) -> None:
    found = outcome("x", replies, asked)

    assert (found.acknowledged, found.silent) == (acknowledged, silent)


def test_the_reason_is_the_workers_or_that_there_was_none() -> None:
    found = outcome("x", {"a": {"x": {"error": "no"}}, "b": {"x": {"ok": "yes"}}}, ["a", "b", "c"])

    assert (found.reason("a"), found.reason("b")) == ("no", None)
    assert (found.reason("c") or "").startswith("Unknown reason (it did not answer")


def test_a_reply_of_another_form_counts_as_done() -> None:
    assert outcome("x", {"a": {"x": {"total": 1}}}, ["a"]).replies == {"a": {"ok": {"total": 1}}}


@pytest.mark.parametrize(
    ("text", "name"),
    [(None, "SIGTERM"), ("", "SIGTERM"), ("SIGKILL", "SIGKILL"), ("int", "SIGINT"), (" usr1 ", "SIGUSR1")],
)
def test_a_signal_by_name(text: str | None, name: str) -> None:
    assert signal_name(text) == name


@pytest.mark.parametrize("text", ["9", "SIG", "SIG_DFL", "TERM KILL", "Ünknown"])
def test_what_is_no_signal_is_refused(text: str) -> None:
    with pytest.raises(Problem, match=r"Unknown signal '.*': one of SIGABRT, .*SIGTERM"):
        signal_name(text)


@pytest.mark.parametrize(
    ("stats", "pool"),
    [
        # What prefork was started with stays in `max-concurrency`.
        ({"pool": {"implementation": "p", "processes": [1, 2, 3], "max-concurrency": 2}}, Pool("p", 3, False)),
        ({"pool": {"implementation": "g", "max-concurrency": 50}, "autoscaler": {"max": 3}}, Pool("g", 50, True)),
        ({"pool": {"max-concurrency": None}}, Pool(None, 0, False)),
        ({}, Pool(None, 0, False)),
    ],
)
def test_the_size_of_a_pool_is_what_there_is(stats: dict[str, Any], pool: Pool) -> None:
    assert pool_of(stats) == pool


@pytest.mark.parametrize(
    ("pool", "expect", "code"),
    [(Pool("p", 4, False), 3, "pool-changed"), (Pool("p", 4, True), 4, "autoscales"), (Pool("p", 4, True), None, None)],
)
def test_a_size_that_may_not_be_set_is_a_conflict(pool: Pool, expect: int | None, code: str | None) -> None:
    with pytest.raises(Problem) as caught:
        check("w1", pool, expect)

    assert (caught.value.status, caught.value.code) == (409, code or "autoscales")


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        ("""AttributeError("'TaskPool' object has no attribute 'grow'")""", 422),
        ("""ValueError("Can't shrink pool. All processes busy!")""", 409),
    ],
)
def test_a_pool_that_can_not_is_told_from_one_that_may_later(reason: str, status: int) -> None:
    problem = refused("w1", Pool("p", 4, False), Pool("p", 3, False), reason)

    assert problem.status == status
    assert problem.detail == f"w1 refused: {reason}. Its pool (p) has 3, before 4"
