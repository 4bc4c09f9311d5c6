"""Small volumes of the tests' own, to be filled up."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.ci import missing


def mount(*arguments: str) -> None:
    """Mount, or say that it takes root."""
    done = subprocess.run(["mount", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        missing(f"mounting a small volume needs root and CAP_SYS_ADMIN: {done.stderr.strip()}")


@pytest.fixture
def volume(tmp_path: Path) -> Iterator[Path]:
    """A volume of 64 MiB."""
    folder = tmp_path / "volume"
    folder.mkdir()
    mount("-t", "tmpfs", "-o", "size=64m", "tmpfs", str(folder))
    yield folder
    # Lazily: a connection of a test that failed may still have it open.
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Take all the room there is; returns the file that has it."""
    taken = folder / "taken"
    with taken.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 65536)
        except OSError:
            return taken
