"""Where one cluster keeps its things, and what it remembers from one run of this tool to the next."""

import dataclasses
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from e2e.cluster.cache import content_key
from e2e.cluster.errors import ClusterError

RUNTIME = Path("/run/flower-operator")
"""Sockets and other things that end with the machine, of all clusters."""


@dataclass(frozen=True)
class Place:
    """The files and kernel objects of the cluster `name`, all named after it and the cache folder.

    Two clusters never share any, nor do two caches: a demo stays up while a test makes and ends its own.
    """

    name: str
    cache: Path

    def __post_init__(self) -> None:
        """Refuse names that kind and the kernel would refuse later."""
        if not re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,28}[a-z0-9])?", self.name):
            raise ClusterError(f"--name {self.name!r}: use up to 30 lower-case letters, digits and hyphens")

    @property
    def folder(self) -> Path:
        """What outlives a run: state, kubeconfig, the engine's images."""
        return self.cache / "clusters" / self.name

    @property
    def lock(self) -> Path:
        """Held while the cluster is changed."""
        return self.cache / "clusters" / f".{self.name}.lock"

    @property
    def kubeconfig(self) -> Path:
        """The kubeconfig file of the cluster."""
        return self.folder / "kubeconfig"

    @property
    def state(self) -> Path:
        """What `up` has made."""
        return self.folder / "state.json"

    @property
    def engine_data(self) -> Path:
        """The engine's images and volumes. It stays after `down`, so that the next `up` has the node image."""
        return self.folder / "engine"

    @property
    def identity(self) -> str:
        """Eight hex digits of name and cache folder."""
        return content_key(self.name, str(self.cache))[:8]

    @property
    def runtime(self) -> Path:
        """The engine's sockets, log and settings: under /run, as the path of a socket has at most 107 characters."""
        return RUNTIME / f"{self.name}-{self.identity}"

    @property
    def namespace(self) -> str:
        """Name of the network namespace and of the cgroup above all containers."""
        return f"kind-{self.name}-{self.identity}"

    @property
    def cable(self) -> str:
        """Start of the names of the two joined interfaces, which have at most 15 characters."""
        return f"kind{self.identity}"


@dataclass(frozen=True)
class State:
    """A cluster that is up, or that a killed run has left half-made."""

    engine: Literal["own", "host"]
    """`own`: made by this tool in a namespace; `host`: the Docker engine that was there."""
    address: str
    """Where NodePorts 30080 to 30085 are reached."""
    workers: int
    loaded: dict[str, str] = dataclasses.field(default_factory=dict)
    """Archives in the nodes: image name and content key, so that a second `load` is instant."""


def read_state(place: Place) -> State | None:
    """Return what `up` wrote, or None where there is no cluster."""
    try:
        return State(**json.loads(place.state.read_text()))
    except FileNotFoundError:
        return None


def write_state(place: Place, state: State) -> None:
    """Remember `state`, whole or not at all."""
    place.folder.mkdir(parents=True, exist_ok=True)
    scratch = place.state.with_suffix(".part")
    scratch.write_text(json.dumps(dataclasses.asdict(state), indent=2))
    scratch.replace(place.state)
