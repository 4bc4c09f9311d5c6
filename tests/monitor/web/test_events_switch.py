"""When workers are told to send task events, and what is said of it."""

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

from flower_monitor.control import Control
from flower_monitor.exceptions import BrokerError
from flower_monitor.store.records import WorkerRow
from flower_monitor.web import events_switch as module
from flower_monitor.web.events_switch import ASK_AGAIN, EventsSwitch
from flower_monitor.web.store import StoreAccess
from tests.monitor.web.apps import config_for

pytestmark = pytest.mark.anyio


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class RecordingControl(Control):
    """Notes what would be sent."""

    def __init__(self) -> None:
        super().__init__(config_for(Path("unused")))
        self.told: list[list[str]] = []
        self.broken = False

    @override
    async def tell(self, command: str, destination: Sequence[str], arguments: Mapping[str, Any] | None = None) -> None:
        assert command == "enable_events"
        if self.broken:
            raise BrokerError("redis://h:6379/0: refused")
        self.told.append(list(destination))


def worker(
    hostname: str = "w1@h", *, events: bool = False, processed: int = 0, pid: int = 1, **fields: Any
) -> WorkerRow:
    values: dict[str, Any] = dict.fromkeys(WorkerRow.__struct_fields__)
    values |= {"hostname": hostname, "state": "online", "pid": pid, "processed": processed, "task_events": events}
    return WorkerRow(**(values | fields))


class Rig:
    """A switch with everything around it."""

    def __init__(self, enabled: bool = True) -> None:
        self.clock, self.control = Clock(), RecordingControl()
        self.switch = EventsSwitch(StoreAccess(Path("unused"), 1, "test"), self.control, enabled, self.clock)

    async def look(self, *workers: WorkerRow, after: float = 0.0) -> list[list[str]]:
        """What one look at some workers sends."""
        self.clock.now += after
        before = len(self.control.told)
        await self.switch.round(workers)
        return self.control.told[before:]

    def codes(self) -> list[str]:
        return [notice.code for notice in self.switch.notices()]


async def test_a_new_worker_without_events_is_told_at_once() -> None:
    assert await Rig().look(worker()) == [["w1@h"]]


async def test_all_that_are_due_are_told_with_one_command() -> None:
    assert await Rig().look(worker("b@h"), worker("a@h"), worker("c@h", events=True)) == [["a@h", "b@h"]]


async def test_a_worker_that_sends_events_is_left_alone() -> None:
    assert await Rig().look(worker(events=True)) == []


@pytest.mark.parametrize("state", ["offline", "lost"])
async def test_a_worker_that_is_gone_is_left_alone(state: str) -> None:
    assert await Rig().look(worker(state=state)) == []


async def test_a_worker_is_told_again_soon_then_less_and_less_often() -> None:
    """It may not have listened yet when it was first told."""
    rig = Rig()
    told = [second for second in range(300) if await rig.look(worker(), after=1.0)]

    assert told == [0, 4, 12, 28, 60, 120, 180, 240]


@pytest.mark.parametrize("again", [{"pid": 2}, {"restarts": 1}], ids=["another-pid", "in-a-container"])
async def test_a_worker_that_was_started_again_is_told_at_once(again: dict[str, Any]) -> None:
    rig = Rig()
    await rig.look(worker(pid=1, processed=9))

    assert await rig.look(worker(**again), after=1) == [["w1@h"]]
    await rig.look(worker(processed=1, **again), after=1)
    assert rig.codes() == ["events-disabled"]


async def test_a_worker_that_came_back_is_told_at_once() -> None:
    rig = Rig()
    await rig.look(worker())
    await rig.look(worker(state="offline"))

    assert await rig.look(worker(), after=1) == [["w1@h"]]


async def test_a_broker_that_is_down_is_asked_again_later(caplog: pytest.LogCaptureFixture) -> None:
    rig = Rig()
    rig.control.broken = True
    await rig.look(worker())
    rig.control.broken = False

    assert await rig.look(worker(), after=1) == []
    assert await rig.look(worker(), after=ASK_AGAIN / 4) == [["w1@h"]]
    assert "cannot ask for task events of w1@h: redis://h:6379/0: refused" in caplog.text


async def test_the_log_names_who_was_told_once(caplog: pytest.LogCaptureFixture) -> None:
    rig = Rig()
    with caplog.at_level(logging.INFO):
        await rig.look(worker())
        await rig.look(worker(), after=ASK_AGAIN)

    told = [record.getMessage() for record in caplog.records if record.name == module.__name__]
    assert told == ["asked for task events, since none were seen: w1@h"]


async def test_switched_off_it_tells_nobody() -> None:
    assert await Rig(enabled=False).look(worker()) == []


async def test_an_idle_worker_is_nothing_to_speak_of() -> None:
    """Whether it would send events can't be known."""
    rig = Rig()
    await rig.look(worker())

    assert rig.codes() == []


async def test_events_that_come_once_it_was_told_are_worth_a_notice() -> None:
    rig = Rig()
    await rig.look(worker(processed=3))
    await rig.look(worker(processed=4, events=True))

    (notice,) = rig.switch.notices()
    assert (notice.code, notice.severity) == ("events-enabled", "info")
    assert "w1@h" in notice.message
    assert "-E" in notice.fix


async def test_tasks_without_events_although_it_was_told_are_a_warning() -> None:
    rig = Rig()
    await rig.look(worker(processed=3))
    await rig.look(worker(processed=4), after=2)

    (notice,) = rig.switch.notices()
    assert (notice.code, notice.severity) == ("events-disabled", "warning")
    assert "worker_send_task_events" in notice.fix


async def test_the_warning_outlives_the_next_telling_and_ends_with_the_first_event() -> None:
    rig = Rig()
    await rig.look(worker(processed=3))
    await rig.look(worker(processed=4), after=ASK_AGAIN)
    assert rig.codes() == ["events-disabled"]

    await rig.look(worker(processed=5, events=True))
    assert rig.codes() == ["events-enabled"]


async def test_switched_off_a_worker_with_tasks_is_a_warning_that_names_the_option() -> None:
    rig = Rig(enabled=False)
    await rig.look(worker(processed=1))

    (notice,) = rig.switch.notices()
    assert notice.code == "events-disabled"
    assert "--enable-events" in notice.fix


async def test_a_notice_names_a_few_and_counts_the_rest() -> None:
    rig = Rig(enabled=False)
    await rig.look(*(worker(f"w{n}@h", processed=1) for n in range(7)))

    assert "w0@h, w1@h, w2@h, w3@h, w4@h and 2 more" in rig.switch.notices()[0].message
