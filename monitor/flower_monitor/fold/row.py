"""A task as ingest holds it: a list in the order of the store's columns, bound to SQL as it is.

A list, because it is what a batch's executemany takes without building anything (engine.md 1).
"""

import struct
from typing import Any

#: A task's row. Index it with the constants below.
Row = list[Any]

#: How a uuid is stored: 16 bytes when canonical, else as it came.
Key = bytes | str

COLUMNS = (
    "id", "uuid", "name", "state", "worker", "queue", "at", "received", "started", "runtime", "ts", "clock",
    "sent", "succeeded", "failed", "retried", "revoked", "rejected",
    "root", "parent", "retries", "client", "eta", "cut", "history",
    "args", "kwargs", "result", "exception", "traceback", "expires", "exchange", "routing_key",
)  # fmt: skip

(
    ID, UUID, NAME, STATE, WORKER, QUEUE, AT, RECEIVED, STARTED, RUNTIME, TS, CLOCK,
    SENT, SUCCEEDED, FAILED, RETRIED, REVOKED, REJECTED,
    ROOT, PARENT, RETRIES, CLIENT, ETA, CUT, HISTORY,
    ARGS, KWARGS, RESULT, EXCEPTION, TRACEBACK, EXPIRES, EXCHANGE, ROUTING_KEY,
) = range(len(COLUMNS))  # fmt: skip

#: The columns whose text leaves memory once it is committed: all that grow. An update keeps what is stored
#: where the row has None.
TEXTS = slice(ARGS, len(COLUMNS))
NO_TEXTS = [None] * (len(COLUMNS) - ARGS)

#: One event in a history: its code, name id of its sender, its time.
#: Codes are constants.EventCode; a custom event has its state's number.
ENTRY = struct.Struct("<IId")

#: `root` of a task that is its own root: most are.
SELF = b""

_UUID_BYTES = 16


def key(uuid: str) -> Key:
    """A uuid as stored."""
    # Upper case is another id to Celery, and must come back as it was.
    if len(uuid) != 36 or not uuid[8] == uuid[13] == uuid[18] == uuid[23] == "-" or uuid != uuid.lower():
        return uuid
    try:
        packed = bytes.fromhex(uuid.replace("-", ""))
    except ValueError:
        return uuid
    return packed if len(packed) == _UUID_BYTES else uuid


def root(uuid: str) -> bytes:
    """A root as stored: always bytes, since texts come before x'' in SQL and the index of roots leaves them out.

    A uuid's key is 16 bytes long, and another id is never: it ends with one NUL or two.
    """
    stored = key(uuid)
    if isinstance(stored, bytes):
        return stored
    packed = stored.encode("utf-8", "surrogatepass") + b"\0"
    return packed if len(packed) != _UUID_BYTES else packed + b"\0"


def text(stored: Key) -> str:
    """The id that `key` or `root` stored."""
    if isinstance(stored, str):
        return stored
    if len(stored) != _UUID_BYTES:
        return stored.decode("utf-8", "surrogatepass").rstrip("\0")
    digits = stored.hex()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
