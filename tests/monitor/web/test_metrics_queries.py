"""What dashboards and alerts of Flower, Datadog and celery-exporter ask for is there, of a real worker's tasks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest

from tests.monitor.program import Monitor, monitor
from tests.monitor.web import queries
from tests.monitor.web.promql import Named, named, named_by_datadog
from tests.monitor.web.scraping import families
from tests.support.celery import send, worker
from tests.support.patience import PATIENCE
from tests.support.processes import until
from tests.support.redis import redis_server

#: One worker and one monitor for all.
pytestmark = pytest.mark.xdist_group("metrics queries")

NAME = "tests.support.celery_app."
TASKS: tuple[tuple[str, tuple[int, ...], str], ...] = (
    ("add", (3, 4), "SUCCESS"), ("fail", (), "FAILURE"), ("twice", (), "SUCCESS"),
)  # fmt: skip
#: Metric -> labels of its series.
Series = dict[str, list[frozenset[str]]]

COUNTERS = re.compile(r"^((?:flower_events|celery_tasks?)_\w*total\{[^\n]*\}) ([\d.]+)$", re.MULTILINE)


#: What comes and goes with heartbeats and looks.
LOOKED_AT = (
    'flower_worker_online{worker="w1@test"} 1.0', 'celery_workers{namespace="celery"} 1.0',
    'celery_queue_length{queue_name="tests"} 0.0', 'celery_active_worker_count{queue_name="tests"} 1.0',
    'celery_active_process_count{queue_name="tests"} 1.0',
)  # fmt: skip


@dataclass(frozen=True)
class Scrapes:
    """What /metrics answered."""

    text: str
    openmetrics: str
    again: str
    """After kill -9 and a restart, the worker gone meanwhile."""


def scraped(started: Monitor, accept: str = "text/plain") -> str:
    return httpx.get(f"http://127.0.0.1:{started.port}/metrics", headers={"Accept": accept}, timeout=PATIENCE).text


def complete(started: Monitor) -> str | None:
    """A scrape once the worker is online and has told of its queue: a busy one may be slow to answer the first look."""
    started.get("/api/v1/queues")
    text = scraped(started)
    return text if all(line in text for line in LOOKED_AT) else None


@pytest.fixture(scope="module")
def scrapes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scrapes]:
    """A worker's tasks: one that succeeds, one that fails, one that is tried twice.

    Celery tells that a task was sent after it sent it. So that no worker is faster than that, and what it did counted
    without a queue, it starts later.
    """
    folder, options = tmp_path_factory.mktemp("metrics"), ("--metrics=all", "--inspect-timeout=10000")
    with redis_server(folder / "redis") as redis, monitor(redis.url, folder, *options) as started:
        started.connected()
        sent = [(started.task(send(redis.url, task, *arguments), "PENDING"), state) for task, arguments, state in TASKS]
        with worker(redis.url, folder):
            for task, state in sent:
                started.task(task["uuid"], state)
            text = until(lambda: complete(started), "somebody looks at the queues, and the worker has told of its own")
            openmetrics = scraped(started, "application/openmetrics-text")
        started.kill()
        started.restart()
        until(lambda: started.get("/api/v1/summary"), "it is back")
        yield Scrapes(text, openmetrics, scraped(started))


@pytest.fixture(scope="module")
def series(scrapes: Scrapes) -> Series:
    """Of each metric the labels of its series."""
    found: Series = {}
    for family in families(scrapes.text).values():
        for one in family.samples:
            found.setdefault(one.name, []).append(frozenset(one.labels))
    return found


def answered(wanted: Named, series: Series) -> bool:
    return any(wanted.labels <= labels for labels in series.get(wanted.metric, ()))


@pytest.mark.parametrize("source", queries.PROMQL)
def test_every_series_that_a_query_names_is_there(source: str, series: Series) -> None:
    asked = [one for query in queries.PROMQL[source] for one in named(query)]

    assert [one for one in asked if not answered(one, series)] == []


def test_every_series_that_datadog_names_is_there(series: Series) -> None:
    asked = [one for query in queries.DATADOG for one in named_by_datadog(query)]

    assert [one for one in asked if not answered(one, series)] == []


def test_every_name_that_datadogs_check_reads_is_asked_for() -> None:
    assert {one.metric for query in queries.DATADOG for one in named_by_datadog(query)} == {
        *queries.DATADOG_NAMES.values()
    }


def test_a_query_that_names_nothing_we_have_is_seen(series: Series) -> None:
    """The parser itself: what is not there must not look as if it were."""
    (wrong,) = named('sum(rate(celery_task_failed_total{queue="$queue"}[5m])) by (worker)')
    (unknown,) = named("celery_task_unheard_of_total")

    assert wrong.labels == {"queue", "worker"}
    assert not answered(wrong, series)
    assert not answered(unknown, series)


def test_a_real_task_is_counted_in_every_set(scrapes: Scrapes) -> None:
    of_add, of_fail = (f'name="{NAME}{task}",queue_name="tests"' for task in ("add", "fail"))
    for line in (
        rf'flower_events_total\{{task="{NAME}twice",type="task-retried",worker="w1@test"\}} 1\.0',
        rf'celery_task_sent_total\{{hostname="[^"]+",{of_add}\}} 1\.0',
        rf'celery_task_succeeded_total\{{hostname="test",{of_add}\}} 1\.0',
        rf'celery_task_failed_total\{{exception="ValueError",hostname="test",{of_fail}\}} 1\.0',
        rf'celery_task_retried_total\{{hostname="test",name="{NAME}twice",queue_name="tests"\}} 1\.0',
        rf'celery_task_runtime_count\{{hostname="test",{of_add}\}} 1\.0',
        rf'celery_task_queue_wait_time_count\{{hostname="test",{of_add}\}} 1\.0',
        rf'celery_tasks_total\{{name="{NAME}add",namespace="celery",queue="tests",state="SUCCESS"\}} 1\.0',
        r'celery_worker_up\{hostname="test"\} 1\.0',
        r'celery_queue_length\{queue_name="tests"\} 0\.0',
        r'celery_active_worker_count\{queue_name="tests"\} 1\.0',
        r'celery_active_process_count\{queue_name="tests"\} 1\.0',
        r'celery_workers\{namespace="celery"\} 1\.0',
    ):
        assert re.search(f"^{line}$", scrapes.text, re.MULTILINE), line


def test_prometheus_gets_exemplars_of_real_tasks(scrapes: Scrapes) -> None:
    found = families(scrapes.openmetrics)

    for name in ("flower_events", "celery_task_failed", "flower_task_runtime_seconds", "celery_task_runtime"):
        assert any(len(one.exemplar.labels["task_id"]) == 36 for one in found[name].samples if one.exemplar), name


def test_counters_survive_kill_9(scrapes: Scrapes) -> None:
    """M5: Flower's begin at 0 with each start."""
    before, after = dict(COUNTERS.findall(scrapes.text)), dict(COUNTERS.findall(scrapes.again))

    assert before
    assert {key: after.get(key) for key in before} == before
