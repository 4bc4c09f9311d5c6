"""Results as tables."""

from typing import Any

import pytest

from bench.commands.compare import table as compared
from bench.commands.soak import tenths
from bench.measure.figures import Spread
from bench.report.comparison import comparison
from bench.report.markdown import document
from bench.report.table import cell, table
from bench.sut.answers import counted


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "-"),
        (True, "yes"),
        (0.5, "0.5"),
        ({"median": 41234, "min": 40000, "max": 42000, "n": 3}, "41,234 (40,000-42,000)"),
        ({"median": 2.5, "min": 2.5, "max": 2.5, "n": 1}, "2.5"),
        ({"p50": 1.5, "p95": 2, "p99": 3.0, "max": 4, "n": 9}, "1.5 / 3 (n=9)"),
        ([200, 404], "200, 404"),
        ("a|b", "a\\|b"),
    ],
)
def test_a_cell(value: Any, text: str) -> None:
    assert cell(value) == text


def test_a_table_has_a_line_under_its_head() -> None:
    assert table(["a", "b"], [[1, None]]) == "| a | b |\n|---|---|\n| 1 | - |\n"


def test_a_comparison_takes_the_medians_of_all_rounds() -> None:
    raw = {"one": [{"x": {"median": 10, "min": 1, "max": 99}}, {"x": {"median": 30}}], "two": [{"x": {"median": 5}}]}

    assert compared(raw) == {"x": {"one": Spread(20, 10, 30, 2), "two": Spread(5, 5, 5, 1)}}


def test_a_comparison_shows_what_the_last_one_needs_of_the_first() -> None:
    figures: dict[str, dict[str, Spread | None]] = {
        "cpu": {"one": Spread(4, 4, 4, 1), "two": Spread(1, 1, 1, 1)},
        "lost": {"one": None, "two": None},
    }

    assert comparison(figures).splitlines()[2:] == ["| cpu | 4 | 1 | 0.25 |", "| lost | - | - |  |"]


def test_a_report_of_a_start() -> None:
    spread = {"median": 0.5, "min": 0.4, "max": 0.6, "n": 3}
    data = {"command": ["startup"], "at": "then", "took_s": 1, "result": {"first_page_s": spread, "runs": []}}

    assert "| first_page_s | 0.5 (0.4-0.6) |" in document(data)


def test_loss_is_by_the_task_events_that_metrics_count() -> None:
    lines = [
        'flower_events_total{worker="a",type="task-sent",task="t"} 5.0',
        'flower_events_total{worker="a",type="task-failed",task="t"} 1e3',
        'flower_events_total{worker="a",type="worker-heartbeat",task=""} 7.0',
        'flower_events_created{worker="a",type="task-sent",task="t"} 9.0',
    ]

    assert counted(lines) == 1005


def test_metrics_without_the_counter_say_nothing_of_loss() -> None:
    assert counted(["up 1"]) is None


def test_lag_over_time_is_by_tenths() -> None:
    lags = [(100 + at, at / 10) for at in range(11)]

    assert [found and found.min for found in tenths(lags)] == [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]


def test_a_probe_that_never_showed_is_as_late_as_we_waited() -> None:
    found = tenths([(0, None), (1, 0.1)])

    assert found[0] is not None
    assert found[0].median == 20
