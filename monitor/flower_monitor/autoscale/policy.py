"""What a policy for the sizes of pools may say. Pure.

In the camelCase of Kubernetes: the same object stands in a FlowerMonitor, in a file and in the API.
"""

from collections.abc import Collection
from fnmatch import fnmatchcase
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from flower_monitor.web.worker_limits import MOST

MOST_POLICIES = 100
"""Policies of one monitor: each is decided every five seconds."""

LONGEST_WINDOW = 3600
"""Seconds that recommendations are remembered."""

Metric = Literal["load", "ready", "oldest_age"]

Name = Annotated[
    str,
    Meta(
        pattern="^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$",
        description="Name of the policy: up to 63 lower-case letters, digits and -",
    ),
]
_Seconds = Annotated[int, Meta(ge=0, le=LONGEST_WINDOW)]
_Text = Annotated[str, Meta(min_length=1, max_length=255)]
_Step = Annotated[int, Meta(ge=1, le=MOST)]


class Match(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which workers: those that consume a queue, those of a name, or those of both."""

    queue: Annotated[_Text | None, Meta(description="Workers that consume this queue; its work counts")] = None
    hostname: Annotated[
        _Text | None,
        Meta(
            description="Workers whose host name fits, * and ? as in a shell; without `queue` the work of all their "
            "queues counts",
        ),
    ] = None

    def __post_init__(self) -> None:
        if self.queue is None and self.hostname is None:
            raise ValueError("match: name a queue or a hostname")

    def fits(self, hostname: str, queues: Collection[str]) -> bool:
        """Whether it is for a worker that consumes some queues."""
        named = self.hostname is None or fnmatchcase(hostname, self.hostname)
        return named and (self.queue is None or self.queue in queues)


class Stabilization(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long what is recommended has to hold before it is done, as `behavior` of a HorizontalPodAutoscaler."""

    up: Annotated[_Seconds, Meta(description="Seconds for which more must have been recommended before it grows")] = 30
    down: Annotated[
        _Seconds, Meta(description="Seconds for which less must have been recommended before it shrinks")
    ] = 300


class Policy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """How large the pools of some workers should be; all of them get the same size."""

    name: Name
    match: Annotated[Match, Meta(description="Which workers")]
    min: Annotated[int, Meta(ge=1, le=MOST, description="Least processes, threads or greenlets of a worker")] = 1
    max: Annotated[
        int, Meta(ge=1, le=MOST, description="Most of them: no more than the CPU and memory of its pod allow")
    ]
    metric: Annotated[
        Metric,
        Meta(
            description="`load`: work per process. `ready`: messages that wait per process. `oldest_age`: seconds that "
            "the oldest of them has waited; unknown, and nothing is done, unless clients send task-sent events"
        ),
    ] = "load"
    target: Annotated[float, Meta(gt=0, le=1e6, description="What the metric should be")] = 0.8
    scale_up_step: Annotated[_Step | None, Meta(description="Most that a pool grows by at a time; left out: any")] = (
        None
    )
    scale_down_step: Annotated[_Step, Meta(description="Most that a pool shrinks by at a time")] = 1
    stabilization_seconds: Annotated[Stabilization, Meta(description="How long a recommendation has to hold")] = (
        Stabilization()
    )
    cooldown: Annotated[_Seconds, Meta(description="Least seconds between two changes of the size")] = 30
    dry_run: Annotated[bool, Meta(description="Decide, write down and count, and do nothing")] = False

    def __post_init__(self) -> None:
        if self.min > self.max:
            raise ValueError(f"min: {self.min} is more than max, which is {self.max}")


class Webhooks(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """Who is told of decisions; only in the file, so that nobody who may call the API can choose an address."""

    before: str | None = None
    """Asked first: it may veto."""

    after: str | None = None
    """Told what came of it."""

    failure_policy: Literal["Fail", "Ignore"] = "Fail"
    """What an unanswered question means, in the words of Kubernetes's webhooks: `Fail` is a veto."""

    timeout: Annotated[float, Meta(gt=0, le=10)] = 2.0
    """Seconds for its answer."""

    def __post_init__(self) -> None:
        for name in ("before", "after"):
            address = getattr(self, name)
            if address is not None and (why := _not_an_address(address)):
                raise ValueError(f"webhooks.{name}: {why}")


def _not_an_address(text: str) -> str | None:
    """What is wrong with the address of a webhook; None: nothing."""
    if not text.startswith(("http://", "https://")):
        return "give an address that begins with https:// or http://"
    try:
        parts = urlsplit(text)
        port, host = parts.port, parts.hostname  # the port is parsed when it is read
    except ValueError as error:
        return f"no address: {error}"
    return None if host and port != 0 and text.isprintable() and " " not in text else "no address: it names no host"


class Document(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file of policies."""

    enabled: bool = True
    """False: nothing is decided, whatever the policies say."""

    policies: Annotated[tuple[Policy, ...], Meta(max_length=MOST_POLICIES)] = ()
    webhooks: Webhooks | None = None

    def __post_init__(self) -> None:
        names = [policy.name for policy in self.policies]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"policies: there are two of the name {', '.join(twice)}")


def parse(text: str) -> Document:
    """The policies of a file; none of an empty one.

    Raises:
        ValueError: It is wrong; it says what, and where.
    """
    return msgspec.json.decode(text, type=Document) if text.strip() else Document()
