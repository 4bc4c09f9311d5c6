"""A policy against a history."""

import json
import math
import time
from pathlib import Path
from typing import Any

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flower_monitor import command
from flower_monitor.autoscale.commands import autoscale
from flower_monitor.autoscale.history import Point, of_store, parse
from flower_monitor.autoscale.simulate import Setting, flow, outcome, simulate
from flower_monitor.constants import State
from flower_monitor.exceptions import UsageError
from flower_monitor.store.reader import Reader
from tests.monitor.autoscale.made import policy
from tests.monitor.web.stores import StoreFile

QUICK: dict[str, Any] = {
    "target": 1,
    "stabilizationSeconds": {"up": 0, "down": 60},
    "cooldown": 0,
    "scaleDownStep": 10,
}


def burst() -> list[Point]:
    """Half an hour of 4 tasks of a second each in a second, between two quiet ones."""
    rates = [*[0.5] * 30, *[4.0] * 30, *[0.5] * 30]
    return [Point(at=60.0 * minute, arrivals=60 * rate, runtime=1.0) for minute, rate in enumerate(rates)]


def setting(**fields: Any) -> Setting:
    return Setting(policy(**QUICK | fields), 1, 1, 5.0)


# -- the queue -----------------------------------------------------------------------------------------------------


@given(
    st.floats(0, 1000),
    st.floats(0, 100),
    st.floats(0.001, 60),
    st.integers(1, 200),
    st.floats(0.1, 60),
    st.integers(2, 9),
)
def test_a_long_time_is_as_many_short_ones(
    work: float, rate: float, runtime: float, capacity: int, seconds: float, parts: int
) -> None:
    whole = flow(work, rate, runtime, capacity, seconds)
    for _ in range(parts):
        work = flow(work, rate, runtime, capacity, seconds / parts)

    assert math.isclose(whole, work, rel_tol=1e-6, abs_tol=1e-6)
    assert whole >= 0


def test_a_queue_comes_to_rest_where_as_much_ends_as_comes_in() -> None:
    """Little's law: 4 tasks a second that run 2 seconds are 8 at a time."""
    assert flow(100, 4, 2, 10, 3600) == pytest.approx(8)


def test_a_queue_that_gets_too_much_grows_by_what_can_not_be_done() -> None:
    assert flow(10, 4, 2, 4, 100) == pytest.approx(210)


# -- the policy ----------------------------------------------------------------------------------------------------


def test_a_burst_grows_the_pools_and_its_end_shrinks_them() -> None:
    steps = simulate(burst(), setting())
    levels = [step.level for step in steps]
    quiet, busy, after = levels[300], levels[700], levels[-1]

    assert quiet < busy
    assert busy >= 4
    assert after < busy


def test_without_room_to_grow_a_backlog_builds_up() -> None:
    held, free = (outcome(simulate(burst(), setting(max=most))) for most in (1, 10))

    assert held.most_work > 100 > free.most_work
    assert (held.changes, held.most_level) == (0, 1)
    assert held.overloaded > free.overloaded


def test_what_was_seen_is_asked_of_the_policy_and_not_changed_by_it() -> None:
    points = parse("at,ready,active\n0,0,1\n60,8,2\n120,0,0\n")

    steps = simulate(points, setting())

    assert [step.work for step in steps[::12]] == [1, 10, 0]
    assert [step.level for step in steps[11::12]] == [1, 10, 10]


@pytest.mark.parametrize("metric", ["load", "ready", "oldest_age"])
def test_each_metric_can_be_simulated(metric: str) -> None:
    steps = simulate(burst(), setting(metric=metric))

    assert outcome(steps).most_level > 1


def test_a_simulation_has_an_end() -> None:
    with pytest.raises(ValueError, match="longer --interval"):
        simulate([Point(at=0.0, seconds=1e9)], setting())


# -- histories -----------------------------------------------------------------------------------------------------


def test_a_history_is_csv_or_lines_of_json() -> None:
    table = parse("at,arrivals,runtime\n0,60,2\n30,5,\n")
    lines = parse('{"at": 0, "arrivals": 60, "runtime": 2}\n{"at": 30, "arrivals": 5}\n')

    assert table == lines
    assert [(point.at, point.seconds, point.runtime) for point in table] == [(0, 30, 2), (30, 30, 1)]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("at,arrivals\n0,many\n", "line 2"),
        ("at,length\n0,1\n", "line 2.*arrivals"),
        ('{"at": 0}\n{"at"\n', "line 2"),
        ("at,arrivals,runtime\n0,1,0\n", "runtime is above 0"),
        ("at,arrivals\n0,1\n0,2\n", "same time"),
    ],
)
def test_a_history_that_is_wrong_says_where(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse(text)


def test_the_store_tells_what_ended_and_when_nothing_did(tmp_path: Path) -> None:
    file = StoreFile(tmp_path / "s.sqlite3")
    rollup(file, 600, "SUCCESS", 6, 12.0)
    rollup(file, 600, "FAILURE", 2, 0.0)
    rollup(file, 600, "SUCCESS", 5, 5.0, queue="mail")
    rollup(file, 780, "SUCCESS", 1, 4.0)
    reader = Reader(file.path)

    found = of_store(reader, "celery", 600, 900)
    reader.close()
    file.close()

    assert [(point.at, point.seconds, point.arrivals, point.runtime) for point in found] == [
        (600, 60, 8, 2),
        (660, 120, 0, 1),
        (780, 60, 1, 4),
    ]


def rollup(file: StoreFile, start: int, state: str, n: int, runtime: float, queue: str = "celery") -> None:
    """Set what ended in a minute."""
    values = {
        "step": 60,
        "start": start,
        "name": file.name("tasks.add"),
        "queue": file.name(queue),
        "state": State[state].value,
        "n": n,
        "runtime_sum": runtime,
    }
    file.insert("rollup", values)


# -- the command ---------------------------------------------------------------------------------------------------


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    """A policy and a history."""
    (tmp_path / "policies.json").write_text(
        '{"policies": [{"name": "p", "match": {"queue": "work"}, "max": 9, "target": 1}]}'
    )
    (tmp_path / "history.csv").write_text("at,arrivals,runtime\n0,600,2\n60,600,2\n120,0,2\n")
    return str(tmp_path / "policies.json"), str(tmp_path / "history.csv")


def run(*arguments: str) -> None:
    autoscale.main(["simulate", *arguments], standalone_mode=False)


def test_the_command_draws_what_came_of_it(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    run("--policy", files[0], "--history", files[1])

    text = capsys.readouterr().out
    assert "work" in text
    assert "36 decisions" in text
    assert "\x1b" not in text


def test_the_command_tells_every_decision_in_json(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    run("--policy", files[0], "--history", files[1], "--json", "--workers", "2", "--concurrency", "3")

    body = json.loads(capsys.readouterr().out)
    assert (len(body["steps"]), body["steps"][0]["capacity"], body["policy"]["name"]) == (36, 6, "p")
    assert body["outcome"]["most_level"] == max(step["level"] for step in body["steps"])


def test_the_command_replays_a_store(files: tuple[str, str], store: str, capsys: pytest.CaptureFixture[str]) -> None:
    run("--policy", files[0], "--store", store, "--since", "3650d")

    assert "decisions" in capsys.readouterr().out


@pytest.fixture
def store(tmp_path: Path) -> str:
    file = StoreFile(tmp_path / "s.sqlite3")
    rollup(file, int(time.time()) // 60 * 60 - 600, "SUCCESS", 60, 120.0, queue="work")
    file.close()
    return str(file.path)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--history", "HISTORY", "--name", "x"), "there are p"),
        ((), "one of them"),
        (("--history", "HISTORY", "--store", "STORE"), "one of them"),
        (("--history", "/nowhere"), "--history"),
        (("--store", "STORE", "--since", "soon"), "no duration"),
        (("--store", "STORE", "--since", "1s"), "--store: nothing of the queue 'work' ended in the last 1s"),
    ],
)
def test_what_is_wrong_is_told_with_its_option(
    files: tuple[str, str], store: str, arguments: tuple[str, ...], why: str
) -> None:
    places = {"HISTORY": files[1], "STORE": store}

    with pytest.raises(UsageError, match=why):
        run("--policy", files[0], *(places.get(argument, argument) for argument in arguments))


def test_the_program_knows_the_command() -> None:
    found = command.subcommand("autoscale")

    assert isinstance(found, click.Group)
    assert "simulate" in found.commands
