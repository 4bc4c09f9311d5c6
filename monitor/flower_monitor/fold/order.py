"""The order of a task's events, and the state that they lead to. Pure.

Of one worker's events the older comes first, whenever it arrives. Between workers the order of arrival decides, but for
one event: a retry. Celery publishes the next attempt before it says `task-retried` of the one that ends (`Task.retry`
raises after it sent; the worker tells when the pool handed that back). So without a countdown another thread, process
or worker may take the next attempt, and end it, before the word of the retry is sent: received, started, received,
started, succeeded, retried. The retry is older than what it led to, and goes before it.

Events do not say which attempt they are of; `retries` of task-received alone counts them, and tells of one that comes
after those of later attempts that it is older. A retry is of an attempt
before the newest when

- its worker has received an attempt before the newest of which it told no retry yet;
- there were at least as many retries as were told, by `retries` of the newest: so a message that was delivered again,
  which is received twice too, is not taken for a next attempt;
- the newest attempt has begun: as many were started by its worker as it received, or it ended. Until then RETRY says
  more than RECEIVED: it waits for its countdown.

Where the word of one retry was lost, the next one of that worker is taken for it: such a task is STARTED while it waits
for its next attempt.

And for another: task-rejected ends what its own worker received or started, which gives the message back or away
(`Request.reject`). By Celery's precedence it never takes the state from either, so that such a task runs for ever.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from flower_monitor.constants import CUSTOM, EventCode, State
from flower_monitor.fold import row as r

#: An event in a history: code, sender, time.
Entry = tuple[int, int, float]

#: Event code -> the state it leads to.
STATES: Final = (
    State.PENDING.value,
    State.RECEIVED.value,
    State.STARTED.value,
    State.SUCCESS.value,
    State.FAILURE.value,
    State.RETRY.value,
    State.REVOKED.value,
    State.REJECTED.value,
)

#: Plain numbers: an enum's attribute costs more than the comparison it is for.
_SENT, _RECEIVED, _STARTED = EventCode.SENT.value, EventCode.RECEIVED.value, EventCode.STARTED.value
_RETRIED = EventCode.RETRIED.value
_RETRY, _REVOKED, _REJECTED = State.RETRY.value, State.REVOKED.value, State.REJECTED.value
_ENDS = frozenset({EventCode.SUCCEEDED.value, EventCode.FAILED.value, EventCode.REVOKED.value})


def wins(state: int, current: int, own: bool) -> bool:
    """Whether an event of a worker takes the state, when it comes in order: Celery's rule, but for a rejection.

    Args:
        state: What the event leads to.
        current: What it is.
        own: The event is of the worker that has the task.
    """
    if state == _REJECTED and own:
        return current > _REVOKED
    return _RETRY in (state, current) or rank(state) <= rank(current)


def rank(state: int) -> float:
    """Celery's precedence: the lower wins. Custom states stand between FAILURE and REVOKED."""
    return state if state < CUSTOM else _REVOKED - 0.5


def replayed(history: bytes, retries: int) -> int:
    """The state that a history gives with each event in its place.

    Args:
        history: Of a task.
        retries: Those of its newest attempt; 0 when nothing told.
    """
    current, holder = State.PENDING.value, -1
    for code, sender, _ in _retries_in_place(_in_order(r.ENTRY.iter_unpack(history)), retries):
        if code == _SENT:
            continue
        state = code if code >= CUSTOM else STATES[code]
        if wins(state, current, sender == holder):
            current = state
        holder = sender
    return current


def overtaken(history: bytes, retries: int) -> bool:
    """Whether the last event of a history, a retry newer than all that its worker said, is of an attempt before the
    newest."""
    entries = list(r.ENTRY.iter_unpack(history))
    return _retries_in_place(_in_order(entries), retries)[-1] != entries[-1]


def outrun(history: bytes, retries: int) -> bool:
    """Whether the last event of a history is of an attempt before the newest, which another worker received."""
    *before, (_, sender, _) = r.ENTRY.iter_unpack(history)
    holders = [holder for code, holder, _ in before if code == _RECEIVED]
    # More of them than attempts: a message was delivered again, and either of two may run it.
    return len(holders) == retries + 1 and sender != holders[-1] and sender in holders


def before_attempts(history: bytes, entry: bytes, later: int) -> bytes:
    """A history with the task-received of an attempt in its place: before those of so many later attempts.

    A worker that was held up may tell of its attempt when another one has ended the next: by `retries` it is older.
    """
    begins = [n for n, (code, _, _) in enumerate(r.ENTRY.iter_unpack(history)) if code == _RECEIVED]
    place = begins[-later:][0] * r.ENTRY.size if begins else len(history)
    return history[:place] + entry + history[place:]


def _in_order(entries: Iterable[Entry]) -> list[Entry]:
    """Events as they came, but for the late ones."""
    ordered: list[Entry] = []
    newest: dict[int, float] = {}
    for entry in entries:
        _, sender, time = entry
        if time < newest.get(sender, time):
            ordered.insert(next(n for n, other in enumerate(ordered) if other[1] == sender and other[2] > time), entry)
        else:
            ordered.append(entry)
            newest[sender] = time
    return ordered


def _retries_in_place(entries: Iterable[Entry], retries: int) -> list[Entry]:
    """The same events; a retry of an attempt before the newest stands before that."""
    placed: list[Entry] = []
    attempts = _Attempts(retries)
    place = 0
    for entry in entries:
        code, sender, _ = entry
        if code == _RECEIVED:
            place = len(placed)
        if code == _RETRIED and attempts.overtook(sender):
            placed.insert(place, entry)
            place += 1
        else:
            placed.append(entry)
        attempts.tell(code, sender)
    return placed


class _Attempts:
    """What a task's events told of its attempts until one of them."""

    def __init__(self, retries: int) -> None:
        self._retries = retries
        self._retried = 0
        self._newest: int | None = None
        """The worker that received the newest attempt."""

        self._ended = False
        """Whether that ended."""

        self._open: Counter[int | None] = Counter()
        """Worker -> attempts before the newest of which it told no retry."""

        self._unstarted: Counter[int | None] = Counter()
        """Worker -> attempts that it received and did not start."""

    def overtook(self, sender: int) -> bool:
        """Whether a retry that a worker tells now is of an attempt before the newest."""
        begun = self._ended or self._unstarted[self._newest] <= 0
        return begun and self._open[sender] > 0 and self._retried < self._retries

    def tell(self, code: int, sender: int) -> None:
        """Go on by an event."""
        if code == _RECEIVED:
            self._open[self._newest] += 1
            self._unstarted[sender] += 1
            self._newest, self._ended = sender, False
        elif code == _STARTED:
            self._unstarted[sender] -= 1
        elif code == _RETRIED:
            self._open[sender] -= 1
            self._retried += 1
        elif code in _ENDS:
            self._ended = True
