"""A queue as Flower's `/api/queues/length` shows it. Pure."""

from typing import Any

from flower_monitor.exceptions import BrokerError
from flower_monitor.queues.records import Depth
from flower_monitor.queues.rows import QueueRow


def length(row: Depth | QueueRow, *, whole: bool) -> dict[str, Any]:
    """A queue in the shape of `/api/queues/length`; `whole`: `messages` are also those that consumers have. Pure.

    Raises:
        BrokerError: The broker refused to tell.
    """
    if row.ready is None:
        raise BrokerError(f"{row.name}: {row.unknown['ready']}", reason="refused")
    return {
        "name": row.name,
        "messages": row.ready + (row.unacknowledged or 0 if whole else 0),
        "messages_ready": row.ready,
        "messages_unacknowledged": row.unacknowledged,
        "consumers": row.consumers,
    }
