"""Who gets in: nobody without a login, and sessions that outlive a restart. Pure but for the key's file."""

from collections.abc import Iterator
from pathlib import Path

from flower_monitor.config import Config
from flower_monitor.web.credentials import Credentials
from flower_monitor.web.doctor.check import Check, Subject, count
from flower_monitor.web.oauth.sessions import KEY_BYTES, LASTS, key_file
from flower_monitor.web.roles import EVERYBODY

LOGIN = Subject("login", "Login")
SESSIONS = Subject("session-key", "Session key")


def checks(config: Config, known: Credentials) -> Iterator[Check]:
    """Both."""
    yield login(config, known)
    yield session_key(config)


def login(config: Config, known: Credentials) -> Check:
    """Whether a login is asked for, and somebody has one."""
    people, tokens = len(known.users) + len(known.hashed), len(known.tokens)
    ways = [count(people, "user"), count(tokens, "token")]
    if config.oauth is not None:
        ways.append(f"whom {config.oauth.provider} vouches for")
        if EVERYBODY in config.oauth.allowed:
            return LOGIN.failed(f"Whoever has an account at {config.oauth.provider} gets in: --auth is *.", _NARROW)
    elif not people and not tokens:
        return LOGIN.failed("Nobody can log in: there is no user and no token.", _NOBODY)
    roles = "by --roles" if config.roles else "and all users are administrators, since --roles is not set"
    return LOGIN.ok(f"Asked of everybody but for probes and metrics: {', '.join(ways)} may come in, {roles}.")


_NARROW = "Name who may come in with --auth, as *@example.com, or a group of the provider's."
_NOBODY = "Set --basic-auth, or put username and password (or token) into the Secret that is mounted."


def session_key(config: Config) -> Check:
    """Whether sessions outlive a restart."""
    if config.oauth is None:
        return SESSIONS.skipped("No login provider is set, so there are no sessions.")
    hours = f"sessions last {LASTS // 3600} h, over restarts too"
    if config.cookie_secret:
        return SESSIONS.ok(f"Set by --cookie-secret: {hours}.")
    return _kept(key_file(config.store), hours)


def _kept(path: Path, hours: str) -> Check:
    if path.exists() and path.stat().st_size >= KEY_BYTES:
        return SESSIONS.ok(f"Kept beside the store: {hours} as long as the volume stays.")
    return SESSIONS.failed(
        "The key beside the store is gone: with the next restart everybody has to log in again.",
        "Set --cookie-secret, and keep the store on a volume that stays.",
    )
