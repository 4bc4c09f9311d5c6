"""Which exception it was where a worker tells of its wrapping: of processes killed and time limits exceeded."""

import pytest

from flower_monitor.fold import row as r
from flower_monitor.fold.wrapped import WRAPPED, unwrapped
from flower_monitor.protect import Caps, Protection
from flower_monitor.redact import HIDDEN, Redaction, Rule
from tests.monitor.fold.made import World, event

FRAMES = 'Traceback (most recent call last):\n  File "/site-packages/billiard/pool.py", line 1367, in lost\n    raise '
LOST = f"{FRAMES}WorkerLostError(\nbilliard.exceptions.WorkerLostError: Worker exited: signal 9 (SIGKILL) Job: 43.\n"
TOLD = "WorkerLostError('Worker exited: signal 9 (SIGKILL) Job: 43.')"


@pytest.mark.parametrize(
    ("traceback", "exception"),
    [
        (LOST, TOLD),
        (
            f"{FRAMES}x\n    ^^^^^\nbilliard.exceptions.TimeLimitExceeded: TimeLimitExceeded(3,)\n",
            "TimeLimitExceeded(3,)",
        ),
        (f"{FRAMES}KeyError\nKeyError\n", "KeyError()"),
        (f"{FRAMES}x\nshop.Refused: two\nlines: of it\n", "Refused('two\\nlines: of it')"),
        (
            f"ValueError: the cause\n\nThe above exception …:\n\n{FRAMES}x\nTypeError: the last\n",
            "TypeError('the last')",
        ),
        (FRAMES, WRAPPED),
        ("no traceback", WRAPPED),
        (None, WRAPPED),
    ],
    ids=["lost", "time limit", "no message", "two lines", "with a cause", "cut", "no frame", "none"],
)
def test_the_end_of_a_traceback_tells_the_exception(traceback: str | None, exception: str) -> None:
    assert unwrapped(traceback) == exception


def test_a_failure_is_told_by_its_exception_not_by_the_wrapping() -> None:
    world = World().fold(event("failed", exception=WRAPPED, traceback=LOST))

    assert world.row()[r.EXCEPTION] == TOLD


def test_any_other_exception_stays_as_the_worker_told_it() -> None:
    world = World().fold(event("failed", exception="ValueError('x')", traceback=LOST))

    assert world.row()[r.EXCEPTION] == "ValueError('x')"


def told_by(protection: Protection) -> str:
    """The exception that is kept where something is done to texts before."""
    world = World()
    world.tasks.fold([event("failed", exception=WRAPPED, traceback=LOST)], 0.0, protection)
    return str(world.row()[r.EXCEPTION])


def test_what_a_rule_hides_stays_hidden_in_it() -> None:
    assert told_by(Protection(Redaction([Rule(pattern="SIGKILL")]), Caps())) == TOLD.replace("SIGKILL", HIDDEN)


def test_it_is_told_where_a_traceback_is_kept_without_its_end() -> None:
    assert told_by(Protection(Redaction([]), Caps(traceback=20))) == TOLD
