"""What a load looks like."""

from dataclasses import dataclass

from bench.options import option

REAL_SIZES = {1: 8, 2: 17, 3: 74, 4: 1}
"""Events in a `task.multi` message -> percent, of a saturated prefork worker as `capture` found them."""


@dataclass(frozen=True, kw_only=True)
class Shape:
    """The load's shape; the same seed gives the same tasks, with fresh uuids in each run."""

    workers: int = option(20, "workers, four on a host")
    names: int = option(50, "different task names")
    batch: str = option("real", "events in a task.multi message: a number (1: workers that idle), or `real`")
    in_flight: int = option(200, "unfinished tasks at any time")
    fail: float = option(0.05, "part of tasks that fail")
    retry: float = option(0.02, "part of tasks that are retried once")
    sent: bool = option(True, "clients publish task-sent")
    burst: float = option(0, "send the events of so many seconds at once, then wait as long; 0: evenly")
    pad: int = option(0, "characters more in each task's args")
    seed: int = option(1, "of the random tasks")

    def sizes(self) -> list[int]:
        """Sizes of messages to draw from."""
        if self.batch == "real":
            return [size for size, percent in REAL_SIZES.items() for _ in range(percent)]
        return [int(self.batch)]

    def worker_names(self) -> list[str]:
        """Host names of workers, four on a host."""
        return [f"worker{i:02}@host{i // 4}" for i in range(self.workers)]

    def task_names(self) -> list[str]:
        """Names of tasks."""
        verbs = ("import", "send", "sync", "clean", "report")
        rows = range((self.names + 9) // 10)
        return [f"shop.{area}.{verb}_{i}" for i in rows for area in ("orders", "mail") for verb in verbs][: self.names]
