"""Names and codes that more than one module needs.

State and event codes are written into the store: they are never renumbered, only added to.
"""

from enum import IntEnum

from flower_monitor import __version__

PROGRAM = "flower-monitor"
VERSION = __version__

#: Exchange (RabbitMQ) or first part of the channel (Redis) that Celery publishes its events on.
EVENT_EXCHANGE = "celeryev"


class State(IntEnum):
    """States of a task, as stored: the lower number wins (Celery's precedence, see `fold.task`)."""

    SUCCESS = 0
    FAILURE = 1
    REVOKED = 2
    STARTED = 3
    RECEIVED = 4
    REJECTED = 5
    RETRY = 6
    PENDING = 7


#: States from here on are custom: the number above it is the `name.id` of the state's upper-cased text. The event
#: that leads to it has the same number for its code.
CUSTOM = 16


class EventCode(IntEnum):
    """Types of task events, as stored in a task's history and in the event counts."""

    SENT = 0
    RECEIVED = 1
    STARTED = 2
    SUCCEEDED = 3
    FAILED = 4
    RETRIED = 5
    REVOKED = 6
    REJECTED = 7


#: Event code -> type as Celery writes it.
EVENT_TYPES = tuple(f"task-{code.name.lower()}" for code in EventCode)

#: Finished: Celery's READY_STATES. Retention takes these first.
FINISHED = frozenset({State.SUCCESS, State.FAILURE, State.REVOKED})

#: The highest code of a finished state; used where a comparison is cheaper than a set.
LAST_FINISHED = State.REVOKED

#: Upper bounds of the buckets of flower_task_runtime_seconds, in seconds: Flower's.
RUNTIME_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0)

#: The same of celery_task_queue_wait_time: celery-exporter's.
WAIT_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0)

#: What metrics say for a queue that nothing told.
UNKNOWN_QUEUE = "unknown"

#: Sender under which the store keeps what workers counted that were forgotten: in sums over all, in no series.
FORGOTTEN = -1

#: Sets of metrics that `--metrics` names, in the order in which /metrics has them (docs/metrics.md).
METRIC_SETS = ("flower", "datadog", "exporter", "tasks", "own")

#: Those without `--metrics`: what Flower shows, and what costs little beside it; `exporter` is more than the rest.
METRIC_SETS_DEFAULT = ("flower", "datadog", "tasks", "own")

#: Seconds between an idle ingest's writes of its status: under web's patience, over what an idle disk notices.
STATUS_INTERVAL = 2.0

#: Seconds without such a write after which ingest counts as dead or stuck: several missed ones and a slow disk.
STATUS_STALE = 15.0

#: Commits that `change` remembers, and tasks it names of each.
CHANGES_KEPT = 240
CHANGES_NAMED = 500

#: Seconds that the share of what was seen looks back.
SEEN_WINDOW = 3600.0
