"""Whom the monitor lets in: users and tokens of the configuration, of the mounted credentials and of the token file.

A header that was right is remembered for a while: a page sends it with every request, and a hashed password takes a
fifth of a second to check. It is forgotten as soon as any credential changes.
"""

import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from http import HTTPStatus

from flower_monitor.config import Config
from flower_monitor.web import passwords
from flower_monitor.web.attempts import Attempts
from flower_monitor.web.credential_files import CredentialFiles, TokenFile, WatchedCredentials
from flower_monitor.web.credentials import (
    Claim,
    Credentials,
    Hashed,
    Principal,
    Secret,
    authenticate,
    basic,
    digest,
    user,
)
from flower_monitor.web.password_checker import Checker
from flower_monitor.web.permissions import Permission, Role
from flower_monitor.web.problems import Problem
from flower_monitor.web.roles import role_of

logger = logging.getLogger(__name__)

REMEMBER = 300.0
"""Seconds that a header that was right is not checked again."""

REMEMBERED = 1000
"""Most of them."""

LONG = 32
"""Characters from which on a bearer token is not found by trying, however often: ours have 43 and more."""


class Login:
    """Tells who is behind a request.

    Args:
        fixed: Credentials of the configuration; they last as long as the process.
        watched: Credentials in files.
        clock: Epoch seconds.
    """

    def __init__(
        self, fixed: Credentials, watched: Sequence[WatchedCredentials] = (), clock: Callable[[], float] = time.time
    ) -> None:
        self._fixed = fixed
        self._watched = watched
        self._clock = clock
        self._attempts = Attempts(time.monotonic)
        self._checker = Checker()
        self._current = fixed
        self._parts: list[Credentials] = []
        self._right: OrderedDict[bytes, tuple[Principal, float]] = OrderedDict()

    async def identify(self, authorization: str | None, address: str) -> Principal | None:
        """The one behind an `Authorization` header, or None for a stranger.

        Args:
            authorization: The header, if there is one.
            address: Of the client, to count its failures.

        Raises:
            Problem: 429, after too many failures.
        """
        if authorization is None:
            return None
        header = authorization.encode("latin-1")
        self._refresh()
        key, now = digest(header), self._clock()
        known = self._right.get(key)
        if known is not None and now < known[1]:
            return known[0]
        claimed = basic(header)
        found = authenticate(header, self._current, now)
        # All who come through one proxy share its address. One program there whose token has expired must not shut out
        # the others: what can't be guessed is no attempt, and what was right five minutes ago is none.
        if found is not None and claimed is None and len(header) >= LONG + len("Bearer "):
            return found
        name = claimed.name if claimed else ""
        wait = self._attempts.wait(address, name)
        if wait and known is None:
            raise _too_many(wait)
        found = found or await self._hashed(claimed)
        if found is None:
            if self._attempts.failed(address, name):
                logger.warning("too many failed logins from %s, the last as %r: refused for a while", address, name)
        elif claimed is not None:  # a token may expire, and is checked in no time
            self._remember(key, found, now)
        return found

    def known(self) -> Credentials:
        """Everybody who may come in now, by user or token. Their digests are for nobody to see."""
        self._refresh()
        return self._current

    def close(self) -> None:
        """Stop the thread that checks passwords."""
        self._checker.close()

    def _refresh(self) -> None:
        parts = [watched.current() for watched in self._watched]
        if len(parts) != len(self._parts) or any(new is not old for new, old in zip(parts, self._parts, strict=True)):
            self._parts = parts
            self._current = sum(parts, self._fixed)
            self._right.clear()

    async def _hashed(self, claimed: Claim | None) -> Principal | None:
        if claimed is None or not self._current.hashed:
            return None
        found = next((one for one in self._current.hashed if one.principal.name == claimed.name), None)
        fits = await self._checker.fits(claimed.password, found.hash if found else None)
        return found.principal if fits and found else None

    def _remember(self, key: bytes, found: Principal, now: float) -> None:
        self._right[key] = found, now + REMEMBER
        if len(self._right) > REMEMBERED:
            self._right.popitem(last=False)


def login_of(config: Config) -> Login:
    """The login of a monitor."""
    watched: list[WatchedCredentials] = []
    if config.credentials_dir is not None:
        watched.append(CredentialFiles(config.credentials_dir))
    if config.token_file is not None:
        watched.append(TokenFile(config.token_file))
    return Login(fixed_credentials(config), watched)


def fixed_credentials(config: Config) -> Credentials:
    """The credentials of the command line and environment: they last as long as the process."""
    roles = {one.name: role_of(one.name, config.roles) for one in config.users}
    plain = tuple(
        user(one.name, one.password, roles[one.name]) for one in config.users if not passwords.is_hash(one.password)
    )
    hashed = tuple(
        Hashed(Principal(one.name, roles[one.name]), one.password.encode())
        for one in config.users
        if passwords.is_hash(one.password)
    )
    return Credentials(plain, tuple(_operators_tokens(config)), hashed)


def _operators_tokens(config: Config) -> Iterator[Secret]:
    """Those that the operator makes: the fleet's and KEDA's."""
    if config.fleet_token_sha256 is not None:
        yield Secret(Principal("fleet", Role.VIEWER), bytes.fromhex(config.fleet_token_sha256))
    if config.autoscale_token_sha256 is not None:
        only = frozenset({Permission.AUTOSCALE})
        yield Secret(Principal("keda", Role.VIEWER, only), bytes.fromhex(config.autoscale_token_sha256))


def _too_many(wait: int) -> Problem:
    detail = f"Too many failed logins from this address: try again in {wait} s"
    return Problem(HTTPStatus.TOO_MANY_REQUESTS, "too-many-attempts", detail, headers={"Retry-After": str(wait)})
