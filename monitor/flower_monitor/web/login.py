"""Whom the monitor lets in: users and tokens of the configuration and of the mounted credentials."""

from flower_monitor.config import Config
from flower_monitor.web.credential_files import CredentialFiles
from flower_monitor.web.credentials import Credentials, Principal, Secret, authenticate, user
from flower_monitor.web.permissions import Role


class Login:
    """Tells who is behind a request.

    Args:
        fixed: Credentials of the configuration; they last as long as the process.
        files: Credentials of a mounted Secret, or None where there is none.
    """

    def __init__(self, fixed: Credentials, files: CredentialFiles | None = None) -> None:
        self._fixed = fixed
        self._files = files

    def identify(self, authorization: str | None) -> Principal | None:
        """The one behind an `Authorization` header, or None for a stranger."""
        header = None if authorization is None else authorization.encode("latin-1")
        current = self._fixed if self._files is None else self._fixed + self._files.current()
        return authenticate(header, current)


def fixed_credentials(config: Config) -> Credentials:
    """The credentials of the command line and environment: they last as long as the process."""
    users = tuple(user(one.name, one.password) for one in config.users)
    if config.fleet_token_sha256 is None:
        return Credentials(users)
    return Credentials(users, (Secret("fleet", bytes.fromhex(config.fleet_token_sha256), Role.VIEWER),))
