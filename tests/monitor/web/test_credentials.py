"""Who gets in with which `Authorization` header."""

import base64
import hashlib

import pytest

from flower_monitor.web.credentials import Credentials, Secret, authenticate, token, user
from flower_monitor.web.permissions import Role

CREDENTIALS = Credentials(
    users=(user("ann", "s3cret"), user("bob", "pässwörd ✓")),
    tokens=(token("token", "full"), Secret("fleet", hashlib.sha256(b"fleet").digest(), Role.VIEWER)),
)


def basic(text: bytes) -> bytes:
    return b"Basic " + base64.b64encode(text)


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (basic(b"ann:s3cret"), "ann"),
        (basic("bob:pässwörd ✓".encode()), "bob"),
        (b"basic " + base64.b64encode(b"ann:s3cret"), "ann"),
        (b"Bearer full", "token"),
        (b"bearer  fleet ", "fleet"),
    ],
)
def test_known_credentials_let_their_holder_in(header: bytes, name: str) -> None:
    principal = authenticate(header, CREDENTIALS)

    assert principal is not None
    assert principal.name == name


@pytest.mark.parametrize(
    "header",
    [
        None,
        b"",
        b"Basic",
        b"Basic !!!not-base64!!!",
        b"Digest abc",
        b"\xff\xfe \x00",
        b"Bearer",
        b"Bearer ann:s3cret",
        basic(b""),
        basic(b"ann"),
        basic(b"ann:"),
        basic(b"ann:S3cret"),
        basic(b"ann:s3cret "),
        basic(b":"),
        basic("ann:pässwörd".encode()),
        basic(b"bob:\xff\xfe\x00"),
        b"Bearer " + hashlib.sha256(b"fleet").hexdigest().encode(),
    ],
)
def test_anything_else_is_a_stranger(header: bytes | None) -> None:
    assert authenticate(header, CREDENTIALS) is None


def test_nobody_gets_in_where_there_are_no_credentials() -> None:
    assert authenticate(basic(b":"), Credentials()) is None


def test_the_fleet_may_only_look() -> None:
    principal = authenticate(b"Bearer fleet", CREDENTIALS)

    assert principal is not None
    assert principal.role is Role.VIEWER


def test_no_secret_is_kept_in_the_clear() -> None:
    assert "s3cret" not in repr(CREDENTIALS)
