"""What a monitor's summary tells of the tasks that wait."""

from flower_operator.fleet.backlog import NONE_SENT, SUSPENDED, UNHEARD, BacklogView, backlog_of
from flower_operator.fleet.roster import Roster
from tests.fleet.made import ORDERS, answered, monitor


def backlog(states: dict[str, int] | None, *, suspended: bool = False) -> BacklogView:
    """Of a monitor that keeps tasks in these states; None: it has not answered."""
    roster = Roster()
    roster.put(monitor(suspended=suspended))
    if states is not None:
        answered(roster, ORDERS, 1.0, tasks={"kept": sum(states.values()), "states": states})
    entry = roster.get(ORDERS)
    assert entry is not None
    return backlog_of(entry)


def test_what_was_sent_and_what_a_worker_holds_wait_together() -> None:
    assert backlog({"PENDING": 40, "RECEIVED": 2, "SUCCESS": 9}) == BacklogView(42, 40, 2, None)


def test_where_nobody_says_what_was_sent_the_number_is_a_least_one() -> None:
    """An empty queue and clients that do not tell look the same: that is said, and no zero is made of it."""
    assert backlog({"RECEIVED": 3, "STARTED": 1}) == BacklogView(3, None, 3, NONE_SENT)


def test_one_that_was_never_heard_knows_nothing() -> None:
    assert backlog(None) == BacklogView(None, None, None, UNHEARD)


def test_a_suspended_one_is_said_to_be_so() -> None:
    assert backlog(None, suspended=True) == BacklogView(None, None, None, SUSPENDED)
