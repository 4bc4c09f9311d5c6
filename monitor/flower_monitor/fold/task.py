"""One event into one task. Pure but for the row it changes.

The state follows Celery's precedence (`celery.states`): of two states the one with the lower rank stays, whatever
came first; only a retry is followed by what comes after it. Where order can't be trusted we differ from
`celery.events.state` on purpose, each with its test in tests/monitor/fold/test_differences.py:

- the same event again (RabbitMQ delivers twice after a cut) changes nothing and is not counted;
- an event older than what its own worker already said is late: it adds what is missing, and the state is that of
  the same events in order. So a late RETRY can't reopen a finished task, nor a STARTED of the attempt before end
  a retry;
- task-sent is a client's: it never takes the state nor the time from what a worker said, because the clocks and
  connections of two hosts have no order. Celery lets it end a RETRY;
- what an event does not say (null) blanks nothing.

Only events of one worker are compared by time: their clock is one. Between workers the order of arrival decides.
"""

from collections.abc import Iterable
from typing import Final

from flower_monitor.constants import CUSTOM, EventCode, State
from flower_monitor.fold import row as r
from flower_monitor.fold.events import Event
from flower_monitor.fold.intern import Interner

#: An event in a history: code, sender, time.
Entry = tuple[int, int, float]

#: Of a type: code, the state it leads to, and the column of its time.
Kind = tuple[int, int, int | None]

#: Type -> code, the state it leads to, and the column of its time.
KINDS: Final[dict[str, tuple[int, int, int]]] = {
    "task-sent": (EventCode.SENT.value, State.PENDING.value, r.SENT),
    "task-received": (EventCode.RECEIVED.value, State.RECEIVED.value, r.RECEIVED),
    "task-started": (EventCode.STARTED.value, State.STARTED.value, r.STARTED),
    "task-succeeded": (EventCode.SUCCEEDED.value, State.SUCCESS.value, r.SUCCEEDED),
    "task-failed": (EventCode.FAILED.value, State.FAILURE.value, r.FAILED),
    "task-retried": (EventCode.RETRIED.value, State.RETRY.value, r.RETRIED),
    "task-revoked": (EventCode.REVOKED.value, State.REVOKED.value, r.REVOKED),
    "task-rejected": (EventCode.REJECTED.value, State.REJECTED.value, r.REJECTED),
}

#: Plain numbers: an enum's attribute costs more than the comparison it is for.
_SENT, _RECEIVED, _STARTED = EventCode.SENT.value, EventCode.RECEIVED.value, EventCode.STARTED.value
_RETRY, _REVOKED = State.RETRY.value, State.REVOKED.value

#: Event code -> state.
_STATES = [state for _, state, _ in KINDS.values()]

#: Entries of a history. Past it the oldest but the first few go: a task that retries for ever stays small.
LONGEST_HISTORY = 512 * r.ENTRY.size
_KEPT_FIRST = 8 * r.ENTRY.size

_pack = r.ENTRY.pack

_BLANK: Final[r.Row] = [None] * len(r.COLUMNS)
_BLANK[r.STATE], _BLANK[r.CLOCK], _BLANK[r.HISTORY] = State.PENDING.value, 0, b""


def new(key: r.Key, event: Event) -> r.Row:
    """The row of a task before its first event; it has no id yet."""
    row = _BLANK.copy()
    row[r.UUID] = key
    row[r.AT] = row[r.TS] = event.timestamp
    return row


def kind(event: Event, names: Interner) -> Kind:
    """Code, state and column of an event's type. A custom one has the number of its state for its code."""
    known = KINDS.get(event.type)
    if known is not None:
        return known
    state = CUSTOM + names.number(event.type.removeprefix("task-").upper())
    return state, state, None


def apply(row: r.Row, event: Event, sender: int, kind: Kind, names: Interner) -> bool:
    """Fold an event in; False when it was there already."""
    code, state, column = kind
    time = event.timestamp
    entry = _pack(code, sender, time)
    history = row[r.HISTORY]
    if entry in history and _holds(history, entry):
        return False
    row[r.HISTORY] = history + entry if len(history) < LONGEST_HISTORY else _shortened(history) + entry
    if code == _SENT:
        _sent(row, event, sender, names)
        return True
    worker = row[r.WORKER]
    late = time < row[r.TS] if sender == worker else worker is not None and _overtaken(history, sender, time)
    if column is not None and (not late or row[column] is None or time > row[column]):
        row[column] = time
    if late:
        row[r.STATE] = replayed(row[r.HISTORY])
    else:
        current = row[r.STATE]
        # `wins`, for what hardly any event is not: a later one of Celery's own states.
        if state <= current < CUSTOM or wins(state, current):
            row[r.STATE] = state
        row[r.WORKER] = sender
        row[r.TS] = time
        row[r.CLOCK] = event.clock or 0
    if code == _RECEIVED:
        row[r.AT] = row[r.RECEIVED]
    elif code != _STARTED:
        _outcome(row, event)
    # Of Celery's own events task-received alone describes the task; others may.
    if code == _RECEIVED or event.name is not None:
        _describe(row, event, late, names)
    return True


def wins(state: int, current: int) -> bool:
    """Whether an event of a worker takes the state, when it comes in order: Celery's rule."""
    return _RETRY in (state, current) or rank(state) <= rank(current)


def replayed(history: bytes) -> int:
    """The state that a history gives with each late event put before those of its worker that are newer."""
    current = State.PENDING.value
    for code, _, _ in _in_order(r.ENTRY.iter_unpack(history)):
        state = code if code >= CUSTOM else _STATES[code]
        if code != _SENT and wins(state, current):
            current = state
    return current


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


def rank(state: int) -> float:
    """Celery's precedence: the lower wins. Custom states stand between FAILURE and REVOKED."""
    return state if state < CUSTOM else _REVOKED - 0.5


def _sent(row: r.Row, event: Event, sender: int, names: Interner) -> None:
    """What a client says of the task it sent."""
    time = event.timestamp
    if row[r.SENT] is None or time >= row[r.SENT]:
        row[r.SENT] = time
        row[r.CLIENT] = sender
    if row[r.WORKER] is None:
        row[r.TS] = time
        row[r.CLOCK] = event.clock or 0
    if row[r.RECEIVED] is None:
        row[r.AT] = row[r.SENT]
    if (queue := event.queue) is not None:
        row[r.QUEUE] = names.known.get(queue) or names.number(queue)
    if (exchange := event.exchange) is not None:
        row[r.EXCHANGE] = exchange
    if (routing_key := event.routing_key) is not None:
        row[r.ROUTING_KEY] = routing_key
    _describe(row, event, row[r.WORKER] is not None, names)


def _describe(row: r.Row, event: Event, late: bool, names: Interner) -> None:
    """What a task is: the same in each event that says it, but for the retries."""
    if (name := event.name) is not None:
        row[r.NAME] = names.known.get(name) or names.number(name)
    if (args := event.args) is not None:
        row[r.ARGS] = args
    if (kwargs := event.kwargs) is not None:
        row[r.KWARGS] = kwargs
    if (eta := event.eta) is not None:
        row[r.ETA] = eta
    if (expires := event.expires) is not None:
        row[r.EXPIRES] = expires
    if (retries := event.retries) is not None and (not late or row[r.RETRIES] is None):
        row[r.RETRIES] = retries
    if (root := event.root_id) is not None:
        row[r.ROOT] = r.SELF if root == event.uuid else r.root(root)
    if (parent := event.parent_id) is not None:
        row[r.PARENT] = r.key(parent)


def _outcome(row: r.Row, event: Event) -> None:
    """How an attempt ended."""
    if (exception := event.exception) is not None:
        row[r.EXCEPTION] = exception
    if (traceback := event.traceback) is not None:
        row[r.TRACEBACK] = traceback
    if (result := event.result) is not None:
        row[r.RESULT] = result
    if (runtime := event.runtime) is not None:
        row[r.RUNTIME] = runtime


def _overtaken(history: bytes, sender: int, time: float) -> bool:
    """Whether a worker's event is older than one of its own that came before; for a task that went to another."""
    return any(other == sender and at > time for _, other, at in r.ENTRY.iter_unpack(history))


def _holds(history: bytes, entry: bytes) -> bool:
    """Whether an entry is in a history, and not across two of it."""
    place = history.find(entry)
    while place >= 0 and place % r.ENTRY.size:
        place = history.find(entry, place + 1)
    return place >= 0


def _shortened(history: bytes) -> bytes:
    """A full history with room for one more."""
    return history[:_KEPT_FIRST] + history[_KEPT_FIRST + r.ENTRY.size :]
