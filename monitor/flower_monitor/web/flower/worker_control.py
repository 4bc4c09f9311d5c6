"""Flower's commands to one worker: shutdown, the size of its pool, the queues it consumes from."""

from typing import Annotated

import msgspec
from msgspec import Meta
from starlette.responses import Response

from flower_monitor.web.commands import command, shut_down
from flower_monitor.web.consumable import objection
from flower_monitor.web.flower.commanding import command_route, granted, refusal, told
from flower_monitor.web.flower.parameters import required, whole
from flower_monitor.web.known import known_worker
from flower_monitor.web.problems import bad_parameter
from flower_monitor.web.routing import Call, Routes
from flower_monitor.web.shapes import HostName
from flower_monitor.web.worker_limits import LONGEST_QUEUE, MOST


class WorkerParameters(msgspec.Struct, frozen=True, kw_only=True):
    """Which worker."""

    worker: HostName


class SizeParameters(WorkerParameters, frozen=True, kw_only=True):
    """By how many."""

    n: Annotated[str | None, Meta(description=f"How many, 1 to {MOST}; left out: 1")] = None

    def count(self) -> int:
        """How many."""
        return whole("n", self.n, 1, MOST) or 1


class RangeParameters(WorkerParameters, frozen=True, kw_only=True):
    """From where to where."""

    min: Annotated[str | None, Meta(description=f"Fewest processes, 0 to {MOST}; needed")] = None
    max: Annotated[str | None, Meta(description=f"Most processes, 1 to {MOST}; needed")] = None

    def range(self) -> tuple[int, int]:
        """Fewest and most."""
        low = whole("min", required("min", self.min), 0, MOST) or 0
        high = whole("max", required("max", self.max), 1, MOST) or 1
        if low > high:
            raise bad_parameter("min", f"min={low} is more than max={high}")
        return low, high


class QueueParameters(WorkerParameters, frozen=True, kw_only=True):
    """Which queue."""

    queue: Annotated[str | None, Meta(description="Name of the queue; needed")] = None

    def name(self) -> str:
        """The queue, exactly as it was sent (deviations D1, D4)."""
        queue = required("queue", self.queue)
        if len(queue.encode(errors="replace")) > LONGEST_QUEUE:
            raise bad_parameter("queue", f"queue: a name has {LONGEST_QUEUE} bytes at most")
        return queue


def routes() -> Routes:
    """The routes of commands to one worker."""
    return [
        command_route("/api/worker/shutdown/{worker:path}", shut_down_worker, WorkerParameters, 404),
        command_route("/api/worker/pool/restart/{worker:path}", restart_pool, WorkerParameters, 404),
        command_route("/api/worker/pool/grow/{worker:path}", grow_pool, SizeParameters, 404),
        command_route("/api/worker/pool/shrink/{worker:path}", shrink_pool, SizeParameters, 404),
        command_route("/api/worker/pool/autoscale/{worker:path}", autoscale_pool, RangeParameters, 404),
        command_route("/api/worker/queue/add-consumer/{worker:path}", add_consumer, QueueParameters, 404),
        command_route("/api/worker/queue/cancel-consumer/{worker:path}", cancel_consumer, QueueParameters, 404),
    ]


async def shut_down_worker(call: Call[WorkerParameters]) -> Response:
    """Shut a worker down: it finishes what it runs, then ends.

    No worker replies to this, so it is pinged first: `acknowledged` says that it read what was sent, up to the
    command.
    """
    name = call.parameters.worker
    await known_worker(call.context, name)
    return told("Shutting down!", await shut_down(call.context.control, name))


async def restart_pool(call: Call[WorkerParameters]) -> Response:
    """Restart a worker's pool; needs `worker_pool_restarts` there."""
    name = call.parameters.worker
    await known_worker(call.context, name)
    found = await command(call.context.control, name, "pool_restart", {"reload": False})
    granted(found, name, f"Failed to restart the '{name}' pool: ")
    return told(f"Restarting '{name}' worker's pool", found)


async def grow_pool(call: Call[SizeParameters]) -> Response:
    """Add processes, threads or greenlets to a worker's pool; prefork starts them within five seconds."""
    return await _resize(call, "pool_grow", "grow", "Growing")


async def shrink_pool(call: Call[SizeParameters]) -> Response:
    """Take processes, threads or greenlets from a worker's pool, of those that run nothing."""
    return await _resize(call, "pool_shrink", "shrink", "Shrinking")


async def _resize(call: Call[SizeParameters], verb: str, do: str, doing: str) -> Response:
    name = call.parameters.worker
    await known_worker(call.context, name)
    n = call.parameters.count()
    found = await call.context.pools.change(name, verb, n)
    granted(found, name, f"Failed to {do} '{name}' worker's pool: ")
    return told(f"{doing} '{name}' worker's pool by {n}", found)


async def autoscale_pool(call: Call[RangeParameters]) -> Response:
    """Set the range within which a worker that was started with `--autoscale` sizes its pool."""
    name = call.parameters.worker
    await known_worker(call.context, name)
    low, high = call.parameters.range()
    found = await command(call.context.control, name, "autoscale", {"min": low, "max": high})
    granted(found, name, f"Failed to autoscale '{name}' worker: ")
    return told(f"Autoscaling '{name}' worker (min={low}, max={high})", found)


async def add_consumer(call: Call[QueueParameters]) -> Response:
    """Make a worker consume from a queue too, unless it would not survive that (`web.consumable`)."""
    name = call.parameters.worker
    await known_worker(call.context, name)
    queue = call.parameters.name()
    failure = f"Failed to add '{queue}' consumer to '{name}' worker: "
    reason = await objection(call.context, name, queue)
    if reason is not None:
        raise refusal(f"{failure}{reason}")
    found = await command(call.context.control, name, "add_consumer", {"queue": queue})
    granted(found, name, failure)
    return told(str(found.value(name)), found)


async def cancel_consumer(call: Call[QueueParameters]) -> Response:
    """Stop a worker consuming from a queue."""
    name = call.parameters.worker
    await known_worker(call.context, name)
    queue = call.parameters.name()
    found = await command(call.context.control, name, "cancel_consumer", {"queue": queue})
    granted(found, name, f"Failed to cancel '{queue}' consumer from '{name}' worker: ")
    return told(str(found.value(name)), found)
