"""What became of the pods that workers ran in, as the operator writes it into a file (`--pods-file`)."""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import msgspec

logger = logging.getLogger(__name__)

LONGEST_HOST = 63
"""Characters of a pod's name that are its host name: Kubernetes cuts the others off."""

EARLIER = 10.0
"""Seconds by which a pod may have ended before the last event of a task that it had: clocks differ."""

AWAITED = 150.0
"""Seconds after a worker was last heard in which the file may not tell of its pod yet: kubelet takes up to a minute and
a half to bring a changed ConfigMap into a pod."""


class Fate(msgspec.Struct, frozen=True, rename="camel"):
    """The end of a pod, or of one of its containers."""

    reason: str
    at: datetime | None = None
    exit_code: int | None = None
    container: str | None = None

    def words(self) -> str:
        """For people."""
        parts = (
            f"{self.reason} in container {self.container}" if self.container else self.reason,
            None if self.exit_code is None else f"exit code {self.exit_code}",
            None if self.at is None else f"{self.at.astimezone(UTC):%Y-%m-%d %H:%M:%S UTC}",
        )
        return ", ".join(part for part in parts if part)


class Told(msgspec.Struct, frozen=True):
    """The file: how pods ended, by name."""

    pods: dict[str, Fate] = {}


class PodFates:
    """Reads the file when it is asked: that is seldom, and it is small."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Mapping[str, Fate]:
        """Fates by host name; none while the file is not there or wrong."""
        try:
            told = msgspec.json.decode(self._path.read_bytes(), type=Told)
        except FileNotFoundError:
            return {}
        except (OSError, msgspec.DecodeError) as error:
            logger.warning("what became of pods can't be read from %s: %s", self._path, error)
            return {}
        return {name[:LONGEST_HOST]: fate for name, fate in told.pods.items()}


def of(fates: Mapping[str, Fate], worker: str, since: float) -> str | None:
    """What became of the pod of a worker (`celery@POD`) that lived at some time (epoch seconds), in words. Pure."""
    host = worker.partition("@")[2]
    fate = fates.get(host) or fates.get(host.partition(".")[0])
    if fate is None or (fate.at is not None and fate.at.timestamp() < since - EARLIER):
        return None
    return fate.words()
