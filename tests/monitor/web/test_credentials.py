"""Who gets in with which `Authorization` header."""

import base64
import hashlib

import pytest

from flower_monitor.web.credentials import Credentials, Principal, Secret, authenticate, basic, token, user
from flower_monitor.web.permissions import Role

CREDENTIALS = Credentials(
    users=(user("ann", "s3cret"), user("bob", "pässwörd ✓")),
    tokens=(token("token", "full"), Secret(Principal("fleet", Role.VIEWER), hashlib.sha256(b"fleet").digest())),
)


def header_of(text: bytes) -> bytes:
    return b"Basic " + base64.b64encode(text)


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (header_of(b"ann:s3cret"), "ann"),
        (header_of("bob:pässwörd ✓".encode()), "bob"),
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
        header_of(b""),
        header_of(b"ann"),
        header_of(b"ann:"),
        header_of(b"ann:S3cret"),
        header_of(b"ann:s3cret "),
        header_of(b":"),
        header_of("ann:pässwörd".encode()),
        header_of(b"bob:\xff\xfe\x00"),
        b"Bearer " + hashlib.sha256(b"fleet").hexdigest().encode(),
    ],
)
def test_anything_else_is_a_stranger(header: bytes | None) -> None:
    assert authenticate(header, CREDENTIALS) is None


def test_nobody_gets_in_where_there_are_no_credentials() -> None:
    assert authenticate(header_of(b":"), Credentials()) is None


def test_the_fleet_may_only_look() -> None:
    principal = authenticate(b"Bearer fleet", CREDENTIALS)

    assert principal is not None
    assert principal.role is Role.VIEWER


def test_no_secret_is_kept_in_the_clear() -> None:
    assert "s3cret" not in repr(CREDENTIALS)


@pytest.mark.parametrize(
    ("header", "name", "password"),
    [(b"Basic YW5uOmE6Yg==", "ann", b"a:b"), (header_of(b"ann"), "ann", b""), (header_of(b"\xff:x"), "\ufffd", b"x")],
)
def test_what_a_header_claims(header: bytes, name: str, password: bytes) -> None:
    assert basic(header) == (name, password)


@pytest.mark.parametrize("header", [None, b"", b"Bearer full", b"Basic !"])
def test_what_claims_nothing(header: bytes | None) -> None:
    assert basic(header) is None
