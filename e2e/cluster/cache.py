"""Where made things are kept, and how: under the hash of what they are made from, each made once and whole."""

import fcntl
import hashlib
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from e2e.cluster.say import say

KEY_DIGITS = 16
"""Hex digits of a content key: 64 bits, far more than the handful of versions that one machine ever holds."""


def cache_root(environ: Mapping[str, str]) -> Path:
    """Return the folder for everything downloaded or built: $FLOWER_OPERATOR_CACHE or ~/.cache/flower-operator."""
    given = environ.get("FLOWER_OPERATOR_CACHE")
    return Path(given).absolute() if given else Path.home() / ".cache" / "flower-operator"


def content_key(*parts: str | Path) -> str:
    """Return a key of texts, files and folders: equal exactly when all of them, their names included, are equal."""
    digest = hashlib.sha256()
    for part in parts:
        for name, content in _named_contents(part):
            digest.update(f"{len(name)}:{name}{len(content)}:".encode() + content)
    return digest.hexdigest()[:KEY_DIGITS]


def _named_contents(part: str | Path) -> Iterator[tuple[str, bytes]]:
    if isinstance(part, str):
        yield "", part.encode()
    elif part.is_dir():
        for path in sorted(path for path in part.rglob("*") if path.is_file() and path.suffix != ".pyc"):
            yield path.relative_to(part).as_posix(), path.read_bytes()
    else:
        yield part.name, part.read_bytes()


@contextmanager
def exclusive(lock: Path) -> Iterator[None]:
    """Hold the file `lock`, so that of two runs of this tool at once one waits for the other."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"waiting for another run of this tool that holds {lock}")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def make_once(target: Path, make: Callable[[Path], None]) -> Path:
    """Return the folder `target`; when it is absent, have `make` fill a scratch folder, which then becomes it.

    The rename comes last: a run that is killed leaves a scratch folder that the next one throws away, never a `target`
    that lacks something.
    """
    if target.exists():
        return target
    with exclusive(target.with_name(f".{target.name}.lock")):
        if target.exists():
            return target
        scratch = target.with_name(f".{target.name}.part")
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(parents=True)
        make(scratch)
        scratch.rename(target)
    return target


def keep_newest(parent: Path, count: int) -> None:
    """Remove all that `make_once` has made in `parent` but the `count` newest."""
    made = [folder for folder in parent.iterdir() if folder.is_dir() and not folder.name.startswith(".")]
    made.sort(key=lambda folder: folder.stat().st_mtime, reverse=True)
    for folder in made[count:]:
        shutil.rmtree(folder)
