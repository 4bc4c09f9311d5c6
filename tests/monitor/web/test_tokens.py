"""API tokens: made, kept as hashes, valid until their end and for what they are for."""

import json

import msgspec
import pytest

from flower_monitor.web import tokens
from flower_monitor.web.credentials import Credentials, authenticate
from flower_monitor.web.permissions import Permission, Role


def kept(
    role: str = "operator", permissions: list[Permission] | None = None, days: float | None = None
) -> tuple[str, str]:
    """A new token and the line that is kept of it."""
    text, stored = tokens.make("ci", role, permissions, days)
    return text, msgspec.json.encode(stored).decode()


def entering(text: str, line: str, now: float = 0.0) -> object:
    """Who the holder of a token is."""
    return authenticate(f"Bearer {text}".encode(), Credentials(tokens=tokens.parse(line)), now)


def test_the_token_lets_its_holder_in_by_its_name() -> None:
    principal = tokens.parse(kept()[1])[0].principal

    assert (principal.name, principal.role) == ("ci", Role.OPERATOR)


def test_what_is_kept_is_no_token() -> None:
    text, line = kept()

    assert text not in line
    assert entering(json.loads(line)["sha256"], line) is None


def test_no_two_tokens_are_the_same() -> None:
    assert kept()[0] != kept()[0]


@pytest.mark.parametrize(("seconds", "valid"), [(-1, True), (0, False), (1, False)])
def test_a_token_ends_when_it_says(seconds: float, *, valid: bool) -> None:
    text, line = kept(days=1)
    end = tokens.parse(line)[0].expires
    assert end is not None

    assert (entering(text, line, end + seconds) is not None) == valid


def test_a_scoped_token_may_less_than_its_role() -> None:
    principal = tokens.parse(kept(permissions=[Permission.VIEW])[1])[0].principal

    assert [one for one in Permission if principal.may(one)] == [Permission.VIEW]


def test_a_scope_gives_nothing_that_the_role_has_not() -> None:
    principal = tokens.parse(kept("viewer", [Permission.VIEW, Permission.PUBLISH])[1])[0].principal

    assert not principal.may(Permission.PUBLISH)


def test_a_file_may_be_lines_or_a_list() -> None:
    lines = [kept()[1], kept()[1]]

    assert tokens.parse("\n".join(lines) + "\n\n") == tokens.parse(f"[{','.join(lines)}]")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"name": "a"}', "line 1.*sha256"),
        ("\n{", "line 2|line 1"),
        ('{"name": "a", "sha256": "xyz"}', "sha256"),
        (f'{{"name": "a", "sha256": "{"0" * 64}", "role": "boss"}}', "boss.*viewer"),
        (f'{{"name": "a", "sha256": "{"0" * 64}", "expires": "2030-01-01"}}', "expires"),
        (f'{{"name": "a", "sha256": "{"0" * 64}", "permissions": ["all"]}}', "all"),
        (f'{{"name": "a", "sha256": "{"0" * 64}", "admin": true}}', "admin"),
        ('[{"name": "a"}]', "sha256"),
    ],
)
def test_what_is_wrong_with_a_file_is_told(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        tokens.parse(text)
