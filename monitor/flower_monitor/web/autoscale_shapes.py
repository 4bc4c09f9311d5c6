"""The JSON of policies for the sizes of pools, and of draining."""

from typing import Annotated

import msgspec
from msgspec import Meta

from flower_monitor.autoscale.policies import Source
from flower_monitor.autoscale.policy import Policy
from flower_monitor.web.shapes import HostName


class PolicyState(msgspec.Struct, frozen=True, kw_only=True):
    """What a policy has come to."""

    at: Annotated[float, Meta(description="When it was decided, epoch seconds")]
    why: Annotated[str, Meta(description="What was seen and decided, in words")]
    level: Annotated[int | None, Meta(description="Size that each pool should have; null: nothing was decided yet")]
    recommendation: Annotated[int | None, Meta(description="What would be enough now; null: not known")]
    sizes: Annotated[dict[str, int], Meta(description="By host name the sizes of the pools that it sizes")]
    left: Annotated[dict[str, str], Meta(description="Workers that it fits and leaves alone, and why")]


class PolicyBody(msgspec.Struct, frozen=True, kw_only=True):
    """A policy, and what it has come to."""

    policy: Annotated[Policy, Meta(description="The policy")]
    source: Annotated[Source, Meta(description="`file`: of --autoscale-file; `api`: it was put here")]
    state: Annotated[PolicyState | None, Meta(description="What it has come to; null: nothing yet")]
    results: Annotated[
        dict[str, int],
        Meta(
            description="Pools by what came of its decisions since the monitor started: grown, shrunk, pending, "
            "refused, unable, silent, failed, vetoed, limited, off, dry-run"
        ),
    ]


class PolicyList(msgspec.Struct, frozen=True, kw_only=True):
    """All policies."""

    enabled: Annotated[
        bool, Meta(description="False: all of it is switched off, here or in the file, or there is a problem")
    ]
    problem: Annotated[
        str | None,
        Meta(description="What is wrong with the file, or with what is kept; no policy is followed then"),
    ]
    items: Annotated[list[PolicyBody], Meta(description="The policies, by name")]


class DrainBody(msgspec.Struct, frozen=True, kw_only=True):
    """What came of draining a worker."""

    worker: HostName
    drained: Annotated[bool, Meta(description="It has no more tasks, or has ended")]
    queues: Annotated[list[str], Meta(description="Queues that it has stopped consuming with this call")]
    left: Annotated[
        int | None,
        Meta(description="Tasks that it still runs, or has and are due; null: it does not answer, or has ended"),
    ]
