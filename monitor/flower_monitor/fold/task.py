"""One event into one task. Pure but for the row it changes.

The state follows Celery's precedence (`celery.states`): of two states the one with the lower rank stays, whatever
came first; only a retry is followed by what comes after it. Where order can't be trusted we differ from
`celery.events.state` on purpose, each with its test in tests/monitor/fold/test_differences.py:

- the same event again (RabbitMQ delivers twice after a cut) changes nothing and is not counted;
- an event older than what its own worker already said is late: it adds what is missing, and the state is that of
  the same events in order. So a late RETRY can't reopen a finished task, nor a STARTED of the attempt before end
  a retry;
- so is a retry of an attempt after which the next one began already, whoever says it and when (order.py): Celery
  reopens a task that ended, and nothing ends it again;
- task-rejected ends what its own worker received or started (order.py); in Celery it runs on for ever;
- task-sent is a client's: it never takes the state nor the time from what a worker said, because the clocks and
  connections of two hosts have no order. Celery lets it end a RETRY;
- what an event does not say (null) blanks nothing.

Only events of one worker are compared by time: their clock is one. Between workers the order of arrival decides.
"""

from typing import Final

from flower_monitor.constants import CUSTOM, EVENT_TYPES, EventCode, State
from flower_monitor.fold import row as r
from flower_monitor.fold.events import Event
from flower_monitor.fold.intern import Interner
from flower_monitor.fold.order import STATES, before_attempts, outrun, overtaken, replayed, wins

#: Of a type: code, the state it leads to, and the column of its time.
Kind = tuple[int, int, int | None]

#: Event code -> the column of its time.
_TIMES = (r.SENT, r.RECEIVED, r.STARTED, r.SUCCEEDED, r.FAILED, r.RETRIED, r.REVOKED, r.REJECTED)

#: Type -> code, the state it leads to, and the column of its time.
KINDS: Final[dict[str, tuple[int, int, int]]] = {
    kind: (code, STATES[code], _TIMES[code]) for code, kind in enumerate(EVENT_TYPES)
}

#: Plain numbers: an enum's attribute costs more than the comparison it is for.
_SENT, _RECEIVED, _STARTED = EventCode.SENT.value, EventCode.RECEIVED.value, EventCode.STARTED.value
_RETRIED, _FAILURE = EventCode.RETRIED.value, State.FAILURE.value

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
    late = time < row[r.TS] if sender == worker else worker is not None and _outdated(history, sender, time)
    if row[r.RETRIES] and worker is not None and not late:
        late = _belated(row, event, code, history, entry)
    if column is not None and (not late or row[column] is None or time > row[column]):
        row[column] = time
    if late:
        row[r.STATE] = replayed(row[r.HISTORY], row[r.RETRIES] or 0)
    else:
        current = row[r.STATE]
        # `wins`, for what hardly any event is not: a later one of Celery's own states.
        if state <= current < CUSTOM or wins(state, current, sender == worker):
            row[r.STATE] = state
        row[r.WORKER] = sender
        row[r.TS] = time
        row[r.CLOCK] = event.clock or 0
    if code == _RECEIVED:
        row[r.AT] = row[r.RECEIVED]
    elif code != _STARTED and not (late and code == _RETRIED and row[r.STATE] == _FAILURE):
        _outcome(row, event)
    # Of Celery's own events task-received alone describes the task; others may.
    if code == _RECEIVED or event.name is not None:
        _describe(row, event, late, names)
    return True


def _belated(row: r.Row, event: Event, code: int, before: bytes, entry: bytes) -> bool:
    """Whether what is in order for its worker is of an attempt before the newest; a task-received takes its place."""
    retries = row[r.RETRIES]
    if code == _RETRIED:
        return overtaken(row[r.HISTORY], retries)
    if code == _STARTED:
        return outrun(row[r.HISTORY], retries)
    if code != _RECEIVED or event.retries is None or event.retries >= retries:
        return False
    row[r.HISTORY] = before_attempts(before, entry, retries - event.retries)
    return True


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


def _outdated(history: bytes, sender: int, time: float) -> bool:
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
