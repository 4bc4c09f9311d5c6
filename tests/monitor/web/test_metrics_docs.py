"""docs/metrics.md lists what /metrics exposes: every family with its type, labels and set, and no other."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from flower_monitor.constants import METRIC_SETS, METRIC_SETS_DEFAULT
from flower_monitor.store.records import BrokerStatus, IngestStatus
from flower_monitor.web.metrics.looks import Consumer, Looks, Queue
from tests.monitor.web.scraping import text_of
from tests.monitor.web.stores import StoreFile, task

PAGE = Path(__file__).parents[3] / "docs" / "metrics.md"
ROW = re.compile(r"^\| `(?P<name>\w+)` \| (?P<kind>\w+) \|(?P<labels>[^|]*)\|", re.MULTILINE)
SECTION = re.compile(r"^## `(\w+)`", re.MULTILINE)
TYPE = re.compile(r"^# TYPE (\w+) (\w+)$", re.MULTILINE)
ALWAYS = "always"


class Told(NamedTuple):
    """A family."""

    name: str
    kind: str
    labels: frozenset[str]


@pytest.fixture
def whole(store: StoreFile) -> StoreFile:
    """A store of which every family has a series."""
    store.set_status(
        broker=BrokerStatus(kind="amqp", state="connected", since=1.0, backlog=0),
        ingest=IngestStatus(lag=0.1, last_event=7.0, committed_at=8.0),
    )
    store.add(task())
    store.worker("w1@h", lag=0.1, clock_offset=0.0)
    store.count_events("w1@h", "task-received", "tasks.add", 1, "q")
    store.runtime("w1@h", "tasks.add", 2, 1, 0.02, "q")
    store.wait("w1@h", "tasks.add", 2, 1, 0.2, "q")
    for name, label in (
        ("events_dropped", "reason"), ("events_invalid", "reason"), ("messages_dropped", "reason"),
        ("reconnects", "reason"), ("tasks_settled", "verdict"),
    ):  # fmt: skip
        store.count(name, {label: "x"}, 1)
    return store


def exposed(store: StoreFile, name: str) -> set[Told]:
    """The families of a set, of those too that always are there."""
    looks = Looks([Queue("q", 5, 2)], [Consumer("w1@h", ("q",), 4)])
    text = text_of(store.path, [name], looks=looks)
    return {Told(family, kind, _labels(text, family)) for family, kind in TYPE.findall(text)}


def _labels(text: str, family: str) -> frozenset[str]:
    line = re.search(rf"^{family}(?:_bucket)?(?:\{{(.*)\}})? ", text, re.MULTILINE)
    assert line, family
    return frozenset(re.findall(r'(\w+)="', line[1] or "")) - {"le"}


def documented(section: str) -> set[Told]:
    """What the page says of a set."""
    parts = SECTION.split(PAGE.read_text())
    text = dict(zip(parts[1::2], parts[2::2], strict=True))[section]
    return {
        Told(row["name"], row["kind"], frozenset(re.findall(r"`(\w+)`", row["labels"]))) for row in ROW.finditer(text)
    }


@pytest.mark.parametrize("name", METRIC_SETS)
def test_the_page_lists_exactly_the_families_of_a_set(whole: StoreFile, name: str) -> None:
    assert documented(name) == exposed(whole, name) - documented(ALWAYS)


def test_the_page_lists_what_is_there_with_every_set(whole: StoreFile) -> None:
    assert documented(ALWAYS) == set.intersection(*(exposed(whole, name) for name in METRIC_SETS))


def test_the_page_has_a_section_for_every_set_and_names_the_default() -> None:
    assert set(SECTION.findall(PAGE.read_text())) == {*METRIC_SETS, ALWAYS}
    assert f"`{','.join(METRIC_SETS_DEFAULT)}`" in PAGE.read_text()
