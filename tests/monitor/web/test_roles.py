"""Which name has which role."""

import pytest

from flower_monitor.exceptions import UsageError
from flower_monitor.web import roles
from flower_monitor.web.permissions import Role

PATTERNS = {"admin": ["ann"], "operator": ["*@ops.example.com"], "viewer": [".*@example.com", "ci-*"]}


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("ann", Role.ADMIN),
        ("Ann", Role.NONE),
        ("ann@ops.example.com", Role.OPERATOR),
        ("a+b@ops.example.com", Role.OPERATOR),
        ("a+b@example.com", Role.VIEWER),
        ("ci-7", Role.VIEWER),
        ("ci-", Role.NONE),
        ("a@example.com.evil.org", Role.NONE),
        ("a@exampleZcom", Role.NONE),
        ("a@evil.org@example.com", Role.NONE),
        ("a\n@example.com", Role.NONE),
    ],
)
def test_a_name_has_the_role_whose_pattern_fits_all_of_it(name: str, role: Role) -> None:
    assert roles.role_of(name, PATTERNS) is role


def test_without_patterns_everybody_is_an_administrator() -> None:
    assert roles.role_of("anybody", {}) is Role.ADMIN


def test_of_several_the_strongest_counts() -> None:
    assert roles.role_of("ann", {"admin": ["ann"], "viewer": ["*"]}) is Role.ADMIN


def test_a_star_alone_is_everybody() -> None:
    assert roles.role_of("any body@where.ever", {"viewer": ["*"]}) is Role.VIEWER


@pytest.mark.parametrize(("patterns", "told"), [({"boss": ["ann"]}, "boss"), ({"admin": ["ann@*.com"]}, r"ann@\*.com")])
def test_what_is_wrong_with_roles_is_told(patterns: dict[str, list[str]], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        roles.check(patterns)
