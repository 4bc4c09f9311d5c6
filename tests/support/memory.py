"""Programs with a limit on the memory of all their processes, as a container has."""

import contextlib
import os
import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.support import ci
from tests.support.processes import until

ROOT = Path("/sys/fs/cgroup")


class Group:
    """A cgroup, of version 1 or 2."""

    def __init__(self, folder: Path, limit: str, killed: str) -> None:
        self._folder = folder
        self._limit = limit
        self._killed = killed

    def make(self, size: int) -> None:
        """Make it, for so many bytes; OSError where that is not allowed."""
        self._folder.mkdir()
        try:
            (self._folder / self._limit).write_text(str(size))
        except OSError:
            self._folder.rmdir()
            raise

    def remove(self) -> None:
        """Take it away; a process that ended may still be on its way out, in it but no longer listed."""
        until(self._removed, f"{self._folder} is empty")

    def _removed(self) -> bool:
        try:
            self._folder.rmdir()
        except OSError:
            return False
        return True

    @property
    def entering(self) -> Sequence[str]:
        """What a command has to begin with to run in it."""
        return ("sh", "-c", 'echo $$ > "$0" && exec "$@"', str(self._folder / "cgroup.procs"))

    @property
    def kills(self) -> int:
        """Processes that were killed because there was no more memory."""
        lines = (self._folder / self._killed).read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("oom_kill "))


def group() -> Group:
    """One that can be made here, perhaps."""
    name = f"flower-{os.getpid()}-{secrets.token_hex(4)}"
    if (ROOT / "memory").is_dir():
        return Group(ROOT / "memory" / name, "memory.limit_in_bytes", "memory.oom_control")
    return Group(ROOT / name, "memory.max", "memory.events")


@contextlib.contextmanager
def limited(size: int) -> Iterator[Group]:
    """A limit in bytes, for the programs of the block."""
    made = group()
    try:
        made.make(size)
    except OSError as error:
        ci.missing(f"limiting memory needs root and a cgroup file system that can be written: {error}")
    try:
        yield made
    finally:
        made.remove()
