"""The highest rate that is kept up, by halving. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Trial = TypeVar("Trial")


@dataclass
class Found(Generic[Trial]):
    """The end of a search."""

    highest_kept_up: int
    lowest_failed: int
    trials: list[Trial] = field(default_factory=list)


def search(
    low: int, high: int, step: int, trial: Callable[[int], Trial], good: Callable[[Trial], bool]
) -> Found[Trial]:
    """Halve between a rate that is taken to be kept up and one that is taken not to, down to a difference of `step`."""
    found: Found[Trial] = Found(low, high)
    while found.lowest_failed - found.highest_kept_up > max(step, 1):
        rate = round((found.highest_kept_up + found.lowest_failed) / 2)
        made = trial(rate)
        found.trials.append(made)
        if good(made):
            found.highest_kept_up = rate
        else:
            found.lowest_failed = rate
    return found
