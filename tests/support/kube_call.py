"""What a client of the API server asks, as a proxy in front of it sees it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from flower_operator.kinds import Kind

READS = ("GET", "HEAD")


@dataclass
class Call:
    """One request, read from its path."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    token: str = ""
    """The bearer token that it came with."""
    status: int | None = None
    """What the API server said; None: it did not hear of it, or did not answer yet."""

    @property
    def place(self) -> tuple[str, str, str]:
        """Plural, name and subresource, each empty when there is none."""
        parts = self.path.strip("/").split("/")
        rest = parts[2:] if parts[0] == "api" else parts[3:]
        if rest[:1] == ["namespaces"] and len(rest) > 2:
            rest = rest[2:]
        plural, name, sub, *_ = [*rest, "", "", ""]
        return plural, name, sub

    @property
    def watches(self) -> bool:
        """Whether it is a watch."""
        return self.query.get("watch") == "true"

    @property
    def changes(self) -> bool:
        """Whether it would change something that is kept: reviews only ask."""
        return self.method not in READS and not self.place[0].endswith("reviews")


Matching: TypeAlias = Callable[[Call], bool]
"""Which calls a fault is for."""


def everything(_: Call) -> bool:
    """Any call."""
    return True


def changes(call: Call) -> bool:
    """Whatever would change something, the Lease aside."""
    return call.changes and call.place[0] != "leases"


def reads(call: Call) -> bool:
    """Single objects and lists, the Lease aside."""
    return not call.changes and not call.watches and call.place[0] != "leases"


def watches(call: Call) -> bool:
    """Any watch."""
    return call.watches


def of(kind: Kind, method: str = "", name: str = "", sub: str = "") -> Matching:
    """Calls about one kind; empty: any method, any name. Without `sub` only the object itself."""

    def matching(call: Call) -> bool:
        plural, named, inner = call.place
        same = plural == kind.plural and inner == sub and not call.watches
        return same and method in ("", call.method) and name in ("", named)

    return matching
