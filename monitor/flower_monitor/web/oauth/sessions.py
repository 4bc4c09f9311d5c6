"""Sessions: who logged in, signed into a cookie. Nothing is kept here; the key of the signatures survives restarts."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from starlette.responses import Response

SESSION, PENDING = "flower_session", "flower_login"
"""Names of the cookies: of who is logged in, and of a login under way."""

LASTS = 12 * 3600
"""Seconds after which one has to log in again: what the provider says of somebody may have changed."""

PENDING_LASTS = 600
"""Seconds that a login may take at the provider."""


KEY_BYTES = 32
"""Of a key that is made here."""


class Identity(msgspec.Struct, frozen=True):
    """Whom a provider vouched for."""

    name: str
    """Usually an e-mail address."""

    groups: tuple[str, ...] = ()


class Pending(msgspec.Struct, frozen=True):
    """A login under way: what the provider's answer has to fit."""

    state: str
    nonce: str
    verifier: str
    """Of PKCE (RFC 7636)."""

    next: str
    """Path that was asked for, without the URL prefix."""


class Sealed:
    """Signs structs into cookies and reads them again.

    Args:
        key: Of the signatures.
        name: Of the cookie: a signature of one kind is none of another.
        kind: What is in it.
        lasts: Seconds that it is valid.
        path: Path of the cookie.
        secure: Whether browsers send it by https only.
    """

    def __init__(
        self, key: bytes, name: str, kind: type[msgspec.Struct], lasts: int, path: str, *, secure: bool
    ) -> None:
        self._key = key
        self._name = name
        self._kind = kind
        self._lasts = lasts
        self._path = path
        self._secure = secure

    def put(self, response: Response, value: msgspec.Struct) -> None:
        """Give a browser the cookie. Lax: it comes along when somebody follows a link to us, and with no write that
        another site makes the browser send."""
        response.set_cookie(
            self._name,
            self.sign(value),
            self._lasts,
            path=self._path,
            secure=self._secure,
            httponly=True,
            samesite="lax",
        )

    def sign(self, value: msgspec.Struct) -> str:
        """The text of the cookie."""
        return str(self._signer().dumps(msgspec.to_builtins(value)))

    def get(self, cookies: Mapping[str, str]) -> Any:
        """What is in the cookie of a request; None for none, and for one that is old or not ours."""
        from itsdangerous import BadData

        if self._name not in cookies:
            return None
        try:
            return msgspec.convert(self._signer().loads(cookies[self._name], max_age=self._lasts), self._kind)
        except (BadData, msgspec.ValidationError):
            return None

    def drop(self, response: Response) -> None:
        """Have a browser forget it."""
        response.delete_cookie(self._name, path=self._path, secure=self._secure, httponly=True, samesite="lax")

    def _signer(self) -> Any:
        from itsdangerous import URLSafeTimedSerializer

        return URLSafeTimedSerializer(self._key, salt=self._name)


def key_file(store: Path) -> Path:
    """Where the key is kept that is made here."""
    return store.with_name(f"{store.name}.key")


def key_of(store: Path, secret: str | None) -> bytes:
    """The key of the signatures: the configured secret, or one that is made once and kept beside the store."""
    if secret:
        return secret.encode()
    path = key_file(store)
    if not path.exists() or path.stat().st_size < KEY_BYTES:
        unfinished = path.with_name(f"{path.name}.new")
        unfinished.unlink(missing_ok=True)
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
        unfinished.rename(path)
    return path.read_bytes()
