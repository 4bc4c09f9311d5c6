"""Made-up tasks: what they are called with, and the events they will have."""

from dataclasses import dataclass
from random import Random

from bench.load.messages import Call

_REGIONS = ["eu-west", "eu-north", "us-east", "us-west", "ap-south", "ap-east", "sa-east", "af-south"]
_FIRST = ("task-started", "task-received")


@dataclass(slots=True)
class Task:
    """A task in flight."""

    call: Call
    """As its events name it."""

    worker: int
    """Which of the workers has it."""

    steps: list[str]
    """Events to come, the next one last."""

    @property
    def final_state(self) -> str:
        """The state in which it will end."""
        return "FAILURE" if self.steps[0] == "task-failed" else "SUCCESS"

    def retry(self) -> None:
        """From now on it is one try later."""
        self.call = self.call._replace(retries=self.call.retries + 1)


def args_of(n: int, random: Random, pad: int) -> str:
    """Args of the n-th task, about 50 bytes and `pad` more."""
    more = f", '{'x' * pad}'" if pad else ""
    return f"({n}, 'invoice-{int(random.random() * 1e9):09}', [1, 2, 3], True{more})"


def kwargs_of(n: int, random: Random) -> str:
    """Kwargs of the n-th task, about 150 bytes, three values of many kinds."""
    chance = random.random
    customer, region = int(chance() * 20000), _REGIONS[int(chance() * 8)]
    amount, user = int(chance() * 1000), int(chance() * 20000)
    return (
        f"{{'customer': 'c-{customer:06d}', 'region': '{region}', 'amount': '{amount}.90', 'order': 'o-{n:010d}', "
        f"'mail': 'user{user}@example.com'}}"
    )


def steps_of(chance: float, fail: float, retry: float) -> list[str]:
    """The events of a task's worker, the first one last."""
    if chance < fail:
        return ["task-failed", *_FIRST]
    if chance < fail + retry:
        return ["task-succeeded", *_FIRST, "task-retried", *_FIRST]
    return ["task-succeeded", *_FIRST]
