"""How much of a load a monitor says it took in."""

from bench.sut.answers import counted

FLOWERS = [
    'flower_events_total{task="t",type="task-sent",worker="gen@h"} 3.0',
    'flower_events_total{task="t",type="task-received",worker="w"} 2.0',
    'flower_events_total{task="",type="worker-heartbeat",worker="w"} 9.0',
]
OVER_WORKERS = [
    'celery_tasks_total{name="t",namespace="celery",queue="q",state="PENDING"} 30.0',
    'celery_tasks_total{name="t",namespace="celery",queue="q",state="RECEIVED"} 20.0',
]


def cut(**sets: int) -> list[str]:
    """How many series of each set were left out."""
    return [f'flower_monitor_metrics_series_cut{{set="{name}"}} {float(n)}' for name, n in sets.items()]


def test_events_of_tasks_are_summed_up() -> None:
    assert counted(FLOWERS) == 5


def test_what_is_counted_over_all_workers_is_taken_before_series_of_each() -> None:
    assert counted([*FLOWERS, *OVER_WORKERS, *cut(flower=1000, tasks=0)]) == 50


def test_of_series_that_were_left_out_nothing_is_told() -> None:
    assert counted([*FLOWERS, *cut(flower=1000)]) is None
    assert counted([*FLOWERS, *OVER_WORKERS, *cut(flower=1000, tasks=1)]) is None


def test_no_series_tell_nothing() -> None:
    assert counted(["# HELP flower_events_total Number of events"]) is None
