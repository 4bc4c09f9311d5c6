"""What each check says of what is known."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from flower_monitor.config import User
from flower_monitor.oauth import OAuth
from flower_monitor.queues.records import Depth
from flower_monitor.queues.rows import Facts as QueueFacts
from flower_monitor.queues.rows import QueueRow, queue_row
from flower_monitor.store.records import BrokerStatus, GapRow, IngestStatus, Notice, Seen, StoreStatus
from flower_monitor.web.doctor import access, arriving, storage, waiting, workers
from flower_monitor.web.doctor.check import Check, ago, dated, percent, report, size
from flower_monitor.web.doctor.doctor import noticed
from flower_monitor.web.doctor.storage import Volume
from flower_monitor.web.login import fixed_credentials
from tests.monitor.web.apps import config_for
from tests.monitor.web.doctor.facts import NOW, facts, online

GIB = 1 << 30
ROOMY = Volume(100 * GIB, 50 * GIB)
GOOGLE = OAuth(provider="google", client_id="i", client_secret="s3cret", redirect_uri="http://h/login")


def broker(**known: Any) -> Check:
    return arriving.broker(facts(broker=BrokerStatus(kind="redis", url="redis://h:6379/0", **known)))


def ingest(**known: Any) -> IngestStatus:
    return IngestStatus(**({"committed_at": NOW - 1, "lag": 0.2, "rate": 1.0, "last_event": NOW - 1} | known))


def rabbit(backlog: int | None, notices: list[Notice] | None = None) -> Check:
    config = config_for(Path("unused"), broker_url="amqp://h//")
    status = BrokerStatus(kind="amqp", state="connected", backlog=backlog)
    return arriving.queue(facts(config=config, broker=status, notices=notices or []))


def test_a_broker_that_is_connected_is_well() -> None:
    found = broker(state="connected", since=9.0, mode="pub/sub")

    assert (found.status, found.finding, found.since) == (
        "ok",
        "Connected to redis at redis://h:6379/0, by pub/sub.",
        9.0,
    )


def test_a_broker_that_is_away_says_since_when_how_often_and_why() -> None:
    found = broker(state="disconnected", since=9.0, attempts=3, last_error="refused.")

    assert (found.status, found.since) == ("failed", 9.0)
    assert found.finding == "Disconnected from redis at redis://h:6379/0: 3 attempts failed; the last: refused."
    assert "--broker" in (found.fix or "")


@pytest.mark.parametrize(
    ("committed_at", "status"), [(NOW - 1, "ok"), (NOW - 60, "failed"), (None, "failed")], ids=["alive", "stale", "new"]
)
def test_ingest_is_well_while_it_writes(committed_at: float | None, status: str) -> None:
    assert arriving.ingest(facts(ingest=ingest(committed_at=committed_at))).status == status


def test_events_that_come_are_told_with_their_rate() -> None:
    found = arriving.events(facts())

    assert (found.status, found.finding) == ("ok", "12 a second over the last minute, the last 1 s ago.")


def test_events_that_stopped_are_told_with_their_age() -> None:
    found = arriving.events(facts(ingest=ingest(rate=0.0, last_event=NOW - 7200), workers=(online("a"),)))

    assert (found.status, found.since) == ("failed", NOW - 7200)
    assert found.finding == "The last came 2 h ago; 1 worker is online."


def test_a_monitor_that_never_saw_an_event_says_how_to_start_a_worker() -> None:
    found = arriving.events(facts(ingest=ingest(last_event=None)))

    assert found.status == "failed"
    assert "celery -A YOUR_APP worker -E" in (found.fix or "")


@pytest.mark.parametrize(("lag", "status"), [(None, "skipped"), (0.3, "ok"), (9.0, "warning"), (60.0, "failed")])
def test_lag_is_judged_by_what_the_pages_show(lag: float | None, status: str) -> None:
    assert arriving.lag(facts(ingest=ingest(lag=lag))).status == status


def test_lag_is_not_judged_while_nothing_is_received() -> None:
    """It grows with every second then, whatever CPU and clocks are like."""
    away = BrokerStatus(kind="redis", state="disconnected")

    assert arriving.lag(facts(broker=away, ingest=ingest(lag=60.0))).status == "skipped"


def test_a_buffer_that_fills_is_a_warning() -> None:
    assert arriving.lag(facts(ingest=ingest(buffer_bytes=30 << 20))).status == "warning"


@pytest.mark.parametrize(("backlog", "status"), [(None, "skipped"), (12, "ok"), (600_000, "warning")])
def test_our_queue_is_within_its_bounds(backlog: int | None, status: str) -> None:
    assert rabbit(backlog).status == status


def test_our_queue_that_dropped_events_has_failed() -> None:
    full = Notice("queue-full", "warning", "It dropped some.", "Give it room.")

    assert (rabbit(5, [full]).status, rabbit(5, [full]).fix) == ("failed", "Give it room.")


def test_redis_has_no_queue_of_ours() -> None:
    assert arriving.queue(facts()).status == "skipped"


def test_workers_that_are_online_need_no_asking() -> None:
    found = workers.workers(facts(workers=(online("a"), online("b"))), [])

    assert (found.status, found.finding) == ("ok", "2 workers are online.")


def test_a_worker_that_is_lost_is_a_warning_with_its_name_and_what_to_do() -> None:
    lost = online("b@h", state="lost")
    found = workers.workers(facts(workers=(online("a@h"), lost)), [])

    assert (found.status, found.finding) == ("warning", "1 worker is online; 1 is lost: b@h.")
    assert found.fix is not None


def queue(name: str, ready: int | None, consumers: int | None) -> QueueRow:
    return queue_row(Depth(name=name, ready=ready, consumers=consumers), QueueFacts(NOW, {}, frozenset(), None, {}, {}))


@pytest.mark.parametrize(
    ("rows", "status", "finding"),
    [
        ([], "ok", "0 messages wait in 0 queues."),
        ([queue("a", 0, 0), queue("b", 2, 1)], "ok", "2 messages wait in 2 queues, all where a worker takes them."),
        ([queue("a", 3, 0), queue("b", 2, 1)], "warning", "3 messages wait in a, which no worker consumes."),
        ([queue("a", 3, None)], "skipped", "3 messages wait; who consumes a is not known."),
        ([queue("a", None, 0)], "ok", "0 messages wait in 1 queue."),
    ],
    ids=["none", "taken", "abandoned", "unknown", "refused"],
)
def test_queues_are_well_while_somebody_takes_what_waits(rows: list[QueueRow], status: str, finding: str) -> None:
    found = waiting.queues(rows)

    assert (found.status, found.finding) == (status, finding)


def test_workers_that_answer_without_heartbeats_are_named() -> None:
    found = workers.workers(facts(), ["a@h", "b@h", "c@h", "d@h", "e@h"])

    assert found.status == "failed"
    assert found.finding.startswith("a@h, b@h, c@h and 2 more answered when asked")
    assert "--without-heartbeat" in (found.fix or "")


def test_where_nobody_answers_a_worker_is_to_be_started() -> None:
    found = workers.workers(facts(workers=()), [])

    assert (found.status, "celery -A YOUR_APP worker" in (found.fix or "")) == ("failed", True)


def test_workers_that_run_tasks_without_events_have_failed() -> None:
    off = Notice("events-disabled", "warning", "Tasks run on a.", "Start it with -E.")
    found = workers.sending(facts(workers=(online("a", task_events=False),), told=(off,)))

    assert (found.status, found.finding, found.fix) == ("failed", "Tasks run on a.", "Start it with -E.")


def test_a_worker_that_ran_nothing_is_no_fault() -> None:
    assert workers.sending(facts(workers=(online("a", task_events=False),))).status == "ok"


def test_what_was_not_seen_is_told_with_its_share_and_since_when() -> None:
    gap = GapRow(id=1, why="disconnected", start=7.0, end=8.0, detail=None, missed=1, events=None, workers={}, more=0)
    found = workers.seen(facts(seen=Seen(due=10_000, missed=1), gaps=[gap]))

    assert (found.status, found.since) == ("warning", 7.0)
    assert found.finding.startswith("99.99 % of 10,000 tasks")


def test_all_was_seen() -> None:
    assert workers.seen(facts(seen=Seen(due=5, missed=0))).finding == (
        "100 % of 5 tasks that workers started in the last hour."
    )


@pytest.mark.parametrize(("offset", "status"), [(None, "skipped"), (0.4, "ok"), (-40.0, "warning")])
def test_clocks_are_compared(offset: float | None, status: str) -> None:
    assert workers.clocks(facts(workers=(online("a", clock_offset=offset),))).status == status


def test_a_clock_that_is_off_is_told_with_its_worker() -> None:
    found = workers.clocks(facts(workers=(online("a@h", clock_offset=-40.0), online("b@h", clock_offset=0.1))))

    assert found.finding == "a@h: 40.0 s behind the monitor's at worst."


@pytest.mark.parametrize(
    ("free", "status"), [(50 * GIB, "ok"), (4 * GIB, "warning"), (1 << 20, "failed")], ids=["roomy", "scarce", "full"]
)
def test_the_volume_needs_room(free: int, status: str) -> None:
    assert storage.volume(facts(), Volume(100 * GIB, free)).status == status


def test_a_volume_that_became_read_only_stores_nothing() -> None:
    assert storage.store(facts(store=StoreStatus(state="read-only"))).status == "failed"


def test_retention_that_keeps_up_says_its_limits() -> None:
    found = storage.retention(facts())

    assert (found.status, found.finding) == (
        "ok",
        "Within its limits: 10 of 1,000 tasks, the oldest 60 s old of 60 min.",
    )


@pytest.mark.parametrize(
    ("store", "tasks", "said"),
    [
        (StoreStatus(retention_tasks=1000), 1200, "1,200 of 1,000 tasks"),
        (StoreStatus(bytes=3 * GIB, retention_bytes=GIB), 1, "3.0 GiB of 1.0 GiB"),
        (StoreStatus(oldest=NOW - 9 * 3600, retention_age=3600.0), 1, "the oldest task is 9 h old, of 60 min"),
    ],
    ids=["tasks", "bytes", "age"],
)
def test_retention_that_does_not_keep_up_says_by_how_much(store: StoreStatus, tasks: int, said: str) -> None:
    found = storage.retention(facts(store=store, tasks=tasks))

    assert (found.status, found.finding) == ("warning", f"Kept beyond its limits: {said}.")


def login(**settings: Any) -> Check:
    config = config_for(Path("unused"), **settings)
    return access.login(config, fixed_credentials(config))


def test_a_login_is_asked_for() -> None:
    found = login(users=(User("ann", "pw-of-ann"),))

    assert (found.status, "pw-of-ann" in found.finding) == ("ok", False)


def test_nobody_may_come_in() -> None:
    assert login(users=()).status == "failed"


def test_an_account_anywhere_is_an_open_door() -> None:
    assert login(oauth=msgspec.structs.replace(GOOGLE, allowed=("*",))).status == "failed"


def test_named_people_of_a_provider_are_none() -> None:
    assert login(oauth=msgspec.structs.replace(GOOGLE, allowed=("*@example.com",))).status == "ok"


@pytest.mark.parametrize(
    ("settings", "status"),
    [({}, "skipped"), ({"oauth": GOOGLE, "cookie_secret": "x"}, "ok"), ({"oauth": GOOGLE}, "failed")],
    ids=["no-sessions", "set", "lost"],
)
def test_sessions_outlive_a_restart(tmp_path: Path, settings: dict[str, Any], status: str) -> None:
    assert access.session_key(config_for(tmp_path / "s", **settings)).status == status


def test_each_other_warning_is_a_check() -> None:
    shared = Notice("existing-queue", "warning", "It is another's.", "Rename it.")
    said = [Notice("queue-full", "warning", "-", "-"), Notice("store-new", "info", "-", "-")]

    found = noticed(facts(notices=[shared, *said]))

    assert [(one.id, one.name, one.fix) for one in found] == [("existing-queue", "Existing queue", "Rename it.")]


def test_the_worst_comes_first() -> None:
    checks = [
        Check(id=status, name=status, status=status, finding="-") for status in ("skipped", "ok", "failed", "warning")
    ]

    assert [one.id for one in report(checks, NOW).checks] == ["failed", "warning", "ok", "skipped"]
    assert report(checks, NOW).status == "failed"


def test_what_stays_wrong_keeps_its_beginning() -> None:
    wrong = Check(id="a", name="a", status="failed", finding="-")
    first = dated([wrong], {}, 5.0)
    second = dated([wrong], {"a": first[0]}, 9.0)

    assert (first[0].since, second[0].since) == (5.0, 5.0)


def test_what_gets_worse_begins_anew() -> None:
    before = Check(id="a", name="a", status="warning", finding="-", since=5.0)

    assert dated([Check(id="a", name="a", status="failed", finding="-")], {"a": before}, 9.0)[0].since == 9.0


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.25, "0.25 s"), (45, "45 s"), (300, "5 min"), (7200, "2 h"), (200_000, "2 d")]
)
def test_times_are_short(seconds: float, text: str) -> None:
    assert ago(seconds) == text


@pytest.mark.parametrize(("number", "text"), [(0, "0 bytes"), (2048, "2.0 KiB"), (20 * GIB, "20 GiB")])
def test_sizes_are_short(number: int, text: str) -> None:
    assert size(number) == text


def test_a_share_is_whole_only_when_all_is_there() -> None:
    assert (percent(1.0), percent(0.999999)) == ("100 %", "99.99 %")
