"""Users as `htpasswd -B` writes them. Pure."""

import base64
import binascii
import re
from collections.abc import Iterable, Iterator, Mapping

from flower_operator.spec import Monitor

_HASH = re.compile(r"\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}")


class UsersError(ValueError):
    """What is wrong, by line; never shows what stands there."""


def of(monitor: Monitor, secrets: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Users of the Secret that the spec names, as `name:hash`; empty where it names none or there is none yet."""
    reference = monitor.spec.access.users_secret_ref
    value = secrets.get(reference.name, {}).get(reference.key) if reference else None
    if value is None:
        return []
    try:
        return list(parse(base64.b64decode(value).decode().splitlines()))
    except (binascii.Error, UnicodeDecodeError) as error:
        raise UsersError("is not text") from error


def known(monitor: Monitor, secrets: Mapping[str, Mapping[str, str]]) -> list[str]:
    """The same, and nobody where the Secret is wrong: nothing is applied then that would say so to the monitor."""
    try:
        return of(monitor, secrets)
    except UsersError:
        return []


def parse(lines: Iterable[str]) -> Iterator[str]:
    """Users of a file."""
    found = 0
    for number, line in enumerate(map(str.strip, lines), 1):
        if line and not line.startswith("#"):
            found += 1
            yield _user(number, line)
    if not found:
        raise UsersError("holds no user")


def _user(number: int, line: str) -> str:
    name, separator, password = line.partition(":")
    if not separator or not name or "," in name:
        raise UsersError(f"line {number} is not a name without comma, a colon and a hash")
    if _HASH.fullmatch(password) is None:
        raise UsersError(f"line {number} has no bcrypt hash after the colon")
    return line
