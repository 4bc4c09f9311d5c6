"""Templates of event messages: fields and envelope as celery.events.dispatcher and kombu make them (`selfcheck`)."""

import json
import time
from base64 import b64encode
from typing import NamedTuple

_FRAMES = [
    ("celery/trace", 451, "trace_task", "R = retval = fun(*args, **kwargs)"),
    ("celery/trace", 734, "__protected_call__", "return self.run(*args, **kwargs)"),
    ("orders/tasks", 88, "import_orders", "rows = parse_rows(payload, dialect=dialect)"),
    ("orders/parse", 142, "parse_rows", "return [parse_row(row, schema) for row in reader]"),
    ("orders/parse", 142, "<listcomp>", "return [parse_row(row, schema) for row in reader]"),
    ("orders/parse", 97, "parse_row", "values[column.name] = column.convert(row[column.index])"),
    ("orders/schema", 61, "convert", "return self.type(value.strip() or self.default)"),
    ("orders/types", 33, "__call__", "return self.python_type(self.clean(value, locale=self.locale))"),
    ("orders/types", 19, "clean", "raise ConversionError(self, value) from ValueError(value)"),
]
_LINES = [
    f'  File "/srv/shop/.venv/lib/python3.11/site-packages/shop/{module}.py", line {line}, in {name}\n    {code}\n'
    for module, line, name, code in _FRAMES
]
_TRACEBACK = json.dumps(
    "Traceback (most recent call last):\n"
    + "".join(_LINES)
    + "ValueError: invalid literal for int() with base 10: 'x'\n"
)
"""1.5 kB, as JSON."""

_ERROR = "ValueError(\\\"invalid literal for int() with base 10: 'x'\\\")"
_RESULT = "{'status': 'ok', 'rows': 17}"

_HEAD = '{"hostname": "%s", "utcoffset": 0.0, "pid": %d, "clock": %d, '
_TAIL = ', "timestamp": %.6f, "type": "%s"}'
_CALL = '"name": "%s", "args": "%s", "kwargs": "%s"'
_SENT = (
    _HEAD + '"uuid": "%s", "root_id": "%s", "parent_id": null, ' + _CALL + ', "retries": %d, "eta": null, '
    '"expires": null, "queue": "celery", "exchange": "", "routing_key": "celery"' + _TAIL
)
_RECEIVED = (
    _HEAD + '"uuid": "%s", ' + _CALL + ', "root_id": "%s", "parent_id": null, "retries": %d, "eta": null, '
    '"expires": null' + _TAIL
)
_STARTED = _HEAD + '"uuid": "%s"' + _TAIL
_SUCCEEDED = _HEAD + '"uuid": "%s", "result": "%s", "runtime": %.6f' + _TAIL
_FAILED = _HEAD + '"uuid": "%s", "exception": "%s", "traceback": %s' + _TAIL
_WORKER = (
    _HEAD + '"freq": 2.0, "active": %d, "processed": %d, "loadavg": [0.45, 0.43, 0.23], '
    '"sw_ident": "py-celery", "sw_ver": "5.7.0", "sw_sys": "Linux"' + _TAIL
)
_ENVELOPE = (
    '{"body": "%s", "content-encoding": "utf-8", "content-type": "application/json", '
    '"headers": {"hostname": "%s"}, "properties": {"delivery_mode": 1, "delivery_info": '
    '{"exchange": "celeryev", "routing_key": "%s"}, "priority": 0, "body_encoding": "base64", '
    '"delivery_tag": "%s"}}'
)


class Message(NamedTuple):
    """What is published at once."""

    key: str
    """Routing key."""

    hostname: str
    body: str
    """One event, or a list of them, as JSON."""

    events: int


Sender = tuple[str, int, int]
"""The worker that an event is from: host name, process id, clock. (Plain: one is made for each event.)"""


class Call(NamedTuple):
    """A task as its worker and its client see it."""

    uuid: str
    name: str
    args: str
    kwargs: str
    retries: int


def sent(call: Call) -> Message:
    """The client's message."""
    uuid, name, args, kwargs, retries = call
    client = "gen4711@web1"
    body = _SENT % (client, 4711, 1, uuid, uuid, name, args, kwargs, retries, time.time(), "task-sent")
    return Message("task.sent", client, body, 1)


def received(sender: Sender, call: Call) -> str:
    """A task-received event."""
    uuid, name, args, kwargs, retries = call
    return _RECEIVED % (*sender, uuid, name, args, kwargs, uuid, retries, time.time(), "task-received")


def started(sender: Sender, uuid: str) -> str:
    """A task-started event."""
    return _STARTED % (*sender, uuid, time.time(), "task-started")


def succeeded(sender: Sender, uuid: str, runtime: float) -> str:
    """A task-succeeded event."""
    return _SUCCEEDED % (*sender, uuid, _RESULT, runtime, time.time(), "task-succeeded")


def failed(sender: Sender, uuid: str, kind: str) -> str:
    """A task-failed or task-retried event."""
    return _FAILED % (*sender, uuid, _ERROR, _TRACEBACK, time.time(), kind)


def group(hostname: str, events: list[str]) -> Message:
    """Events of a worker in one message."""
    return Message("task.multi", hostname, f"[{', '.join(events)}]", len(events))


def worker(sender: Sender, kind: str, processed: int) -> Message:
    """A worker event such as `worker-heartbeat`."""
    body = _WORKER % (*sender, 5, processed, time.time(), kind)
    return Message(kind.replace("-", "."), sender[0], body, 1)


def envelope(message: Message, tag: str) -> str:
    """The message as kombu's Redis transport wraps it."""
    return _ENVELOPE % (b64encode(message.body.encode()).decode(), message.hostname, message.key, tag)
