"""celery-exporter's gauges by queue, of the last look at the broker and the last answers of workers.

A scrape takes no look: it shows one that was taken meanwhile (queue_watch.py; the page, /api/v1/queues,
/api/queues/length), and nothing once that is older than `LATELY`: a length of long ago would be taken for that of now.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from flower_monitor.queues.records import Source
from flower_monitor.queues.workers import queues_of
from flower_monitor.store.records import WorkerRow
from flower_monitor.web.metrics.exposition import Family, labels, sample
from flower_monitor.web.queues import Look

#: Seconds for which a look is shown: two scrapes a minute apart, and some patience.
LATELY = 150.0

#: How RabbitMQ is asked, which alone counts consumers itself.
_RABBITMQ: tuple[Source, ...] = ("management", "declare")


class Queue(NamedTuple):
    """A queue as the broker told of it."""

    name: str
    ready: int | None
    consumers: int | None
    """RabbitMQ's own count."""


class Consumer(NamedTuple):
    """A worker that said what it consumes."""

    hostname: str
    queues: tuple[str, ...]
    processes: int
    """Tasks that it can run at a time."""


class Looks(NamedTuple):
    """What was seen lately."""

    queues: Sequence[Queue] = ()
    consumers: Sequence[Consumer] = ()


def lately(look: Look | None, answers: Mapping[str, Mapping[str, Any]], now: float) -> Looks:
    """What is shown of the last look and of the last answers of workers, by host name."""
    queues: list[Queue] = []
    if look is not None and now - look.at < LATELY:
        counted = look.source in _RABBITMQ
        queues = [Queue(row.name, row.ready, row.consumers if counted else None) for row in look.items]
    told = (
        Consumer(hostname, tuple(queue["name"] for queue in queues_of([answer])), _processes(answer))
        for hostname, answer in answers.items()
        if "active_queues" in answer and now - answer["timestamp"] < LATELY
    )
    return Looks(queues, list(told))


def queue_families(looks: Looks, workers: Iterable[WorkerRow]) -> Iterator[Family]:
    """The families."""
    lengths = {queue.name: queue.ready for queue in looks.queues if queue.ready is not None}
    yield _by_queue("celery_queue_length", "Messages that wait in a queue", lengths)
    consumers = {queue.name: queue.consumers for queue in looks.queues if queue.consumers is not None}
    yield _by_queue("celery_active_consumer_count", "Consumers of a queue, as RabbitMQ counts them", consumers)
    online = {worker.hostname for worker in workers if worker.state == "online"}
    told = [consumer for consumer in looks.consumers if consumer.hostname in online]
    counts = Counter(name for consumer in told for name in consumer.queues)
    yield _by_queue("celery_active_worker_count", "Workers that are online and consume a queue", counts)
    processes: Counter[str] = Counter()
    for consumer in told:
        processes.update(dict.fromkeys(consumer.queues, consumer.processes))
    yield _by_queue("celery_active_process_count", "Tasks that the workers of a queue can run at a time", processes)


def _processes(answer: Mapping[str, Any]) -> int:
    """Its processes, or for a pool without any (threads, gevent) its concurrency: the exporter counts 0 then."""
    stats = answer.get("stats")
    pool = stats.get("pool") if isinstance(stats, dict) else None
    if not isinstance(pool, dict):
        return 0
    processes, most = pool.get("processes"), pool.get("max-concurrency")
    if isinstance(processes, list) and processes:
        return len(processes)
    return most if isinstance(most, int) else 0


def _by_queue(name: str, documentation: str, values: Mapping[str, int]) -> Family:
    lines = [sample(name, labels(queue_name=queue), value) for queue, value in values.items()]
    return Family(name, "gauge", documentation, lines)
