"""The configuration that holds, as an administrator may see it: no password, no token. Pure."""

from collections.abc import Iterator

import msgspec

from flower_monitor import masking
from flower_monitor.config import CeleryApp, Config
from flower_monitor.constants import VERSION
from flower_monitor.web.credentials import Credentials, Principal, Secret
from flower_monitor.web.oauth.sessions import LASTS
from flower_monitor.web.settings_shapes import (
    CeleryFacts,
    CelerySetting,
    OptionRow,
    SessionFacts,
    SettingsBody,
    TokenRow,
    UserRow,
)

_USED = {
    "event_exchange": "event_exchange",
    "control_exchange": "control_exchange",
    "task_default_queue": "default_queue",
    "task_serializer": "task_serializer",
}
"""Celery's name -> ours, of what a monitor uses in any case."""


def body(config: Config, known: Credentials) -> SettingsBody:
    """All of it. `known`: who may come in now."""
    return SettingsBody(
        version=VERSION,
        options=list(_options(config)),
        celery=_celery(config.app),
        users=sorted(_users(known), key=lambda user: user.name),
        tokens=sorted(map(_token, known.tokens), key=lambda token: token.name),
        sessions=_sessions(config),
    )


def _options(config: Config) -> Iterator[OptionRow]:
    for one in config.shown:
        row = msgspec.structs.asdict(one) | {"value": None if one.value == "-" else one.value}
        yield msgspec.convert(row, OptionRow)


def _celery(app: CeleryApp) -> CeleryFacts:
    standard = CeleryApp()
    found = {
        name: CelerySetting(name, getattr(app, field), getattr(app, field) != getattr(standard, field))
        for name, field in _USED.items()
    }
    found |= {name: CelerySetting(name, masking.setting(name, value), True) for name, value in app.settings.items()}
    settings = [found[name] for name in sorted(found)]
    return CeleryFacts(bool(app.name or app.task_names), app.name, len(app.task_names), settings)


def _users(known: Credentials) -> Iterator[UserRow]:
    for plain in known.users:
        yield UserRow(plain.principal.name, _role(plain.principal), False)
    for hashed in known.hashed:
        yield UserRow(hashed.principal.name, _role(hashed.principal), True)


def _token(secret: Secret) -> TokenRow:
    who = secret.principal
    only = None if who.only is None else sorted(permission.value for permission in who.only)
    return TokenRow(who.name, _role(who), only, secret.expires)


def _role(who: Principal) -> str:
    return who.role.name.lower()


def _sessions(config: Config) -> SessionFacts:
    if config.oauth is None:
        return SessionFacts(None, LASTS, None)
    return SessionFacts(config.oauth.provider, LASTS, "configured" if config.cookie_secret else "kept")
