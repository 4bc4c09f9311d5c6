"""Which role a name has: one matcher for every way of logging in (deviation D24). Pure."""

import re
from collections.abc import Mapping, Sequence
from functools import cache

from flower_monitor.exceptions import UsageError
from flower_monitor.web.permissions import Role

ROLES: Mapping[str, Role] = {"viewer": Role.VIEWER, "operator": Role.OPERATOR, "admin": Role.ADMIN}
"""The roles by name, the one that may least first."""

EVERYBODY = "*"

GROUP = "group:"
"""What a pattern for a group begins with; no name fits it."""

Patterns = Mapping[str, Sequence[str]]
"""Name of a role -> patterns of names."""


def role_of(name: str, patterns: Patterns, groups: Sequence[str] = ()) -> Role:
    """The strongest role of a name; as in Flower everybody who can log in may everything, where nothing is said.

    Args:
        name: Of a user, often an e-mail address.
        patterns: Who has which role.
        groups: Those that the login provider says; `group:ops` is a pattern for one.
    """
    if not patterns:
        return Role.ADMIN
    ours = {f"{GROUP}{group}" for group in groups}
    fitting = [
        role for known, role in ROLES.items() if any(one in ours or _fits(one, name) for one in patterns.get(known, ()))
    ]
    return fitting[-1] if fitting else Role.NONE


def _fits(pattern: str, name: str) -> bool:
    return not pattern.startswith(GROUP) and matches(pattern, name)


def matches(pattern: str, name: str) -> bool:
    """Whether a pattern fits all of a name: `*` alone fits each, within a pattern it is a run of letters, digits, `.`,
    `_`, `+` and `-`, everything else is itself. Flower's `.*@example.com` means the same as `*@example.com`."""
    return pattern == EVERYBODY or _compiled(pattern).fullmatch(name) is not None


def check(patterns: Patterns) -> None:
    """Refuse roles that are not there, and patterns that are wider than they look.

    Raises:
        UsageError: It names the role or the pattern.
    """
    if unknown := patterns.keys() - ROLES.keys():
        raise UsageError(f"--roles: there is no role {', '.join(sorted(unknown))}; there are {', '.join(ROLES)}")
    for role, names in patterns.items():
        for pattern in names:
            if pattern != EVERYBODY and "*" in pattern.rpartition("@")[2] and "@" in pattern:
                raise UsageError(f"--roles: {role}: {pattern!r} has a * in the domain, so that anybody could have one")


@cache
def _compiled(pattern: str) -> "re.Pattern[str]":
    parts = pattern.replace(".*", "*").split("*")
    return re.compile(r"[\w.+-]+".join(map(re.escape, parts)))
