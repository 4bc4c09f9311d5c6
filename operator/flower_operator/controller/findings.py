"""What a check says about one aspect of a FlowerMonitor."""

from dataclasses import dataclass
from enum import Enum, StrEnum


class Aspect(StrEnum):
    """The aspects, each a condition of that name, in the order in which they matter to a person."""

    BROKER = "BrokerReachable"
    STORAGE = "StorageReady"
    CREDENTIALS = "CredentialsReady"
    CONFIG = "ConfigValid"
    WORKLOAD = "WorkloadAvailable"
    INTEGRATIONS = "IntegrationsReady"


class State(Enum):
    """How an aspect stands, and by that the status of its condition."""

    HOLDS = "True"
    STARTING = "starting"
    """Not yet, and it will be by itself soon."""
    FAILING = "failing"
    """Not, for a cause outside that may go away; we keep trying."""
    REFUSED = "refused"
    """Not, and a person must change something."""
    LACKING = "lacking"
    """Not, and the monitor serves all the same: Ready does not depend on it."""
    IDLE = "idle"
    """Not, because it is not wanted or because another aspect must hold first."""
    UNKNOWN = "Unknown"
    """Nobody can tell."""

    @property
    def status(self) -> str:
        """Status of the condition."""
        return self.value if self in (State.HOLDS, State.UNKNOWN) else "False"


@dataclass(frozen=True)
class Finding:
    """The answer of a check."""

    aspect: Aspect
    state: State
    reason: str
    """One word in CamelCase, from which a program may decide; never changes meaning."""
    message: str
    """A sentence for a person: what is wrong, in which field, and how to fix it. Never holds a secret, and no
    number that changes by itself: each change is a write."""
