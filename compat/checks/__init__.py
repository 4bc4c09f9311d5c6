"""All checks, in the order in which they are made: those that change nothing first, while all tasks are at rest."""

from collections.abc import Mapping

from compat.check import Check
from compat.checks import (
    control,
    gate,
    metrics,
    objects,
    pages,
    publish,
    queues,
    scripts,
    search,
    start,
    tasks,
    workers,
)

GROUPS: Mapping[str, tuple[Check, ...]] = {
    "objects": objects.CHECKS,
    "tasks": tasks.CHECKS,
    "search": search.CHECKS,
    "workers": workers.CHECKS,
    "metrics": metrics.CHECKS,
    "pages": pages.CHECKS,
    "gate": gate.CHECKS,
    "start": start.CHECKS,
    "queues": queues.CHECKS,
    "scripts": scripts.CHECKS,
    "publish": publish.CHECKS,
    "control": control.CHECKS,
}
"""By name, for `--groups`."""
