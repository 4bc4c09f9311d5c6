"""The policies that hold: those of a file that somebody else writes, and those of the API, kept beside the store.

Of two of one name the file's holds. Where one of the two places is wrong nothing is followed until it is put right:
half of what was meant may be the opposite of it, and what can't be read may be the switch that is off, the webhook that
would say no, or the policy that was meant to hold in place of another one.
"""

import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from flower_monitor.autoscale.policy import MOST_POLICIES, Document, Policy, Webhooks, parse

logger = logging.getLogger(__name__)

Source = Literal["file", "api"]

_Signature = tuple[int, int, int] | None


@dataclass(frozen=True)
class Held:
    """A policy, and where it stands."""

    policy: Policy
    source: Source


@dataclass(frozen=True)
class Plan:
    """All that holds now."""

    enabled: bool = True
    """False: somebody has switched all of it off, or there is a problem."""

    policies: tuple[Held, ...] = ()
    """By name."""

    webhooks: Webhooks | None = None
    problem: str | None = None
    """What is wrong with the file, or with what is kept."""

    def find(self, name: str) -> Held | None:
        """The policy of a name."""
        return next((held for held in self.policies if held.policy.name == name), None)


class TooMany(Exception):
    """There are as many policies as there may be."""


class Unreadable(Exception):
    """What is kept can't be understood, perhaps since a later version wrote it: it is not written over."""


class Policies:
    """Reads both places again when they change, and writes the API's.

    Args:
        file: The file of `--autoscale-file`; None: there is none.
        kept: Where the API's are kept.
    """

    def __init__(self, file: Path | None, kept: Path) -> None:
        self._file = None if file is None else _Watched(file, needed=True)
        self._kept_path = kept
        self._kept = _Watched(kept)
        self._off = False

    def current(self) -> Plan:
        """What holds now: two looks at two files' ages."""
        given, problem = (Document(), None) if self._file is None else self._file.read()
        kept, kept_problem = self._kept.read()
        found = {policy.name: Held(policy, "api") for policy in kept.policies}
        found |= {policy.name: Held(policy, "file") for policy in given.policies}
        problem = problem or kept_problem
        return Plan(
            enabled=given.enabled and kept.enabled and not self._off and problem is None,
            policies=tuple(found[name] for name in sorted(found)),
            webhooks=given.webhooks,
            problem=problem,
        )

    def put(self, policy: Policy) -> None:
        """Keep a policy of the API, in place of the one of its name.

        Raises:
            TooMany: There are `MOST_POLICIES`.
            Unreadable, OSError: It can't be written.
        """
        kept = self._document()
        others = tuple(one for one in kept.policies if one.name != policy.name)
        if len(others) >= MOST_POLICIES:
            raise TooMany
        self._write(msgspec.structs.replace(kept, policies=(*others, policy)))

    def remove(self, name: str) -> None:
        """Forget a policy of the API.

        Raises:
            Unreadable, OSError: That can't be written.
        """
        kept = self._document()
        self._write(msgspec.structs.replace(kept, policies=tuple(one for one in kept.policies if one.name != name)))

    def switch(self, enabled: bool) -> None:
        """Switch all of it on or off; what the file says stands beside that.

        Off it is at once, also where that can't be written down for the next start.

        Raises:
            Unreadable, OSError: It can't be written down.
        """
        self._off = not enabled
        kept = self._document()
        self._write(msgspec.structs.replace(kept, enabled=enabled))

    def _document(self) -> Document:
        kept, problem = self._kept.read()
        if problem is not None:
            raise Unreadable(problem)
        return kept

    def _write(self, document: Document) -> None:
        """Whole or not at all: a crash leaves the one before."""
        new = self._kept_path.with_name(f"{self._kept_path.name}.new")
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(document)))
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._kept_path)


def kept_beside(store: Path) -> Path:
    """Where the policies of the API are kept."""
    return store.with_name(f"{store.name}.autoscale.json")


class _Watched:
    """A file of policies, read again when it is another one: a mounted ConfigMap is replaced by a link.

    Args:
        path: The file.
        needed: Whether it is wrong that it is not there; else it is an empty one.
    """

    def __init__(self, path: Path, *, needed: bool = False) -> None:
        self._path = path
        self._needed = needed
        self._signature: _Signature | Literal["unread"] = "unread"
        self._read: tuple[Document, str | None] = (Document(), None)

    def read(self) -> tuple[Document, str | None]:
        """Its policies, and what is wrong with it."""
        signature = _signature(self._path)
        if signature != self._signature:
            self._signature = signature
            self._read = self._parsed()
        return self._read

    def _parsed(self) -> tuple[Document, str | None]:
        try:
            return parse(self._path.read_text()), None
        except (OSError, ValueError) as error:
            if isinstance(error, FileNotFoundError) and not self._needed:
                return Document(), None
            logger.error("no policy is followed until %s is put right: %s", self._path, error)
            # Whoever reads it over the API need not know where the file is: that is in the log.
            why = error.strerror if isinstance(error, OSError) else error
            return Document(), f"{self._path.name}: {why}"


def _signature(path: Path) -> _Signature:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns


def changed(before: Plan, after: Plan) -> Iterator[str]:
    """Names of policies that are gone, or say something else."""
    now = {held.policy.name: held.policy for held in after.policies}
    yield from (held.policy.name for held in before.policies if now.get(held.policy.name) != held.policy)
