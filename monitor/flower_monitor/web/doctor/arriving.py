"""From the broker to us: is there a connection, do events come by it, and in time. Pure."""

from collections.abc import Iterator

from flower_monitor.constants import STATUS_STALE
from flower_monitor.receive import url
from flower_monitor.receive.feed import MOST_MESSAGES, queue_name
from flower_monitor.web.doctor.check import Check, Subject, ago, count, size
from flower_monitor.web.doctor.facts import Facts

INGEST = Subject("ingest", "Receiving process")
BROKER = Subject("broker", "Broker")
EVENTS = Subject("events", "Events")
LAG = Subject("lag", "Lag")
QUEUE = Subject("queue", "Our queue")

QUIET = 120.0
"""Seconds without an event after which workers that are online are too quiet: their heartbeats come every two."""

BEHIND, FAR_BEHIND = 5.0, 30.0
"""Seconds of lag: from the first on the pages say so, from the second on they show the past. It commits four times a
second."""

FILLING = 0.5
"""Part of a bound from which on it is worth a word."""


def checks(facts: Facts) -> Iterator[Check]:
    """In the order of an event's way."""
    yield ingest(facts)
    yield broker(facts)
    yield queue(facts)
    yield events(facts)
    yield lag(facts)


def ingest(facts: Facts) -> Check:
    """Whether the process that receives events writes the store."""
    at = facts.summary.ingest.committed_at
    fix = "Look at the monitor's log for the process named ingest; it is started again by itself."
    if at is None:
        return INGEST.failed("It has not written anything since the store was made.", fix)
    age = facts.now - at
    if age > STATUS_STALE:
        return INGEST.failed(f"It last wrote {ago(age)} ago; it should every 2 s.", fix, at)
    return INGEST.ok("It writes the store.", facts.summary.ingest.started)


def broker(facts: Facts) -> Check:
    """Whether the events' connection stands."""
    status = facts.summary.broker
    name = f"{status.kind} at {status.url}" if status.url else status.kind
    if status.state == "connected":
        how = f", by {status.mode}" if status.mode else ""
        return BROKER.ok(f"Connected to {name}{how}.", status.since)
    tried = count(status.attempts, "attempt") + " failed"
    why = f"; the last: {status.last_error.rstrip('.')}" if status.last_error else ""
    word = "Not connected yet to" if status.state == "connecting" else "Disconnected from"
    return BROKER.failed(f"{word} {name}: {tried}{why}.", _REACH, status.since)


_REACH = (
    "See that it runs, that --broker (FLOWER_BROKER, CELERY_BROKER_URL) has its address, user and password, and that "
    "nothing between, such as a NetworkPolicy, keeps the monitor from it."
)


def queue(facts: Facts) -> Check:
    """Whether what waits for us in the broker is within its bounds. Redis and others keep nothing."""
    status = facts.summary.broker
    if url.parse(facts.config.broker_url, facts.config.broker_use_ssl).kind != "amqp":
        return QUEUE.skipped("Only on RabbitMQ events wait for a monitor in a queue of its own.")
    if status.backlog is None:
        return QUEUE.skipped("RabbitMQ has not told yet how much waits in it.")
    full = next((notice for notice in facts.summary.notices if notice.code == "queue-full"), None)
    if full is not None:
        return QUEUE.failed(full.message, full.fix)
    bounds = f"{MOST_MESSAGES:,} messages or {size(facts.config.queue_bytes)}"
    finding = f"{count(status.backlog, 'event waits', 'events wait')} in {queue_name(facts.config)}, of {bounds}."
    if status.backlog > FILLING * MOST_MESSAGES:
        return QUEUE.warning(finding, "Give the monitor more CPU, or the queue more room with --queue-bytes.")
    return QUEUE.ok(finding)


def events(facts: Facts) -> Check:
    """Whether events come."""
    ingest = facts.summary.ingest
    online = len(facts.online)
    if ingest.last_event is None:
        return EVENTS.failed("No event has ever come from this broker.", _NONE)
    age = max(0.0, facts.now - ingest.last_event)
    if ingest.rate > 0 or age < QUIET:
        return EVENTS.ok(f"{ingest.rate:.3g} a second over the last minute, the last {ago(age)} ago.")
    finding = f"The last came {ago(age)} ago; {count(online, 'worker is', 'workers are')} online."
    return EVENTS.failed(finding, _NONE, ingest.last_event)


_NONE = (
    "Start a worker with events: celery -A YOUR_APP worker -E. With another broker address, virtual host, database "
    "number, event_exchange or (Redis) global_keyprefix its events don't reach this monitor."
)


def lag(facts: Facts) -> Check:
    """Whether what is shown is of now."""
    ingest = facts.summary.ingest
    if ingest.lag is None:
        return LAG.skipped("No event has come that could tell.")
    if facts.summary.broker.state != "connected":
        return LAG.skipped(
            "Nothing is received while the broker is away: the lag would be but the age of the last event."
        )
    waiting = f"; {size(ingest.buffer_bytes)} of {size(facts.config.buffer_bytes)} of buffer wait"
    finding = f"Events are stored {ago(ingest.lag)} after workers send them{waiting}."
    if ingest.lag > FAR_BEHIND:
        return LAG.failed(finding, _SLOW)
    if ingest.lag > BEHIND or ingest.buffer_bytes > FILLING * facts.config.buffer_bytes:
        return LAG.warning(finding, _SLOW)
    return LAG.ok(finding)


_SLOW = "Give the monitor more CPU (spec.resources of a FlowerMonitor), or mend the clocks of the workers' hosts."
