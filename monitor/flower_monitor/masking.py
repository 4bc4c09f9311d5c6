"""Settings as they may be shown: no password, no secret. Pure."""

import json
import re
from collections.abc import Mapping
from typing import Any

MASK = "***"

#: Options that are secrets as a whole.
_SECRET = frozenset({"oauth2_secret", "cookie_secret", "fleet_token_sha256"})

_URLS = frozenset({"broker", "result_backend", "broker_api"})
_SECRET_KEY = re.compile("passw|passphrase|secret|token|credential", re.IGNORECASE)


def shown(name: str, value: Any) -> str:
    """An option's value for people."""
    if value in (None, ""):
        return "-"
    if name in _SECRET:
        return MASK
    if name in _URLS:
        return ";".join(url(part) for part in str(value).split(";"))
    if name == "basic_auth":
        users = value if isinstance(value, (list, tuple)) else str(value).split(",")
        return ",".join(f"{user.partition(':')[0]}:{MASK}" for user in users)
    if name in ("broker_transport_options", "broker_use_ssl"):
        return _json(str(value))
    return str(value)


def setting(name: str, value: Any) -> str:
    """A setting of Celery's as JSON for people; text as it is."""
    if _SECRET_KEY.search(name):
        return MASK
    found = _without_secrets(value)
    return found if isinstance(found, str) else json.dumps(found)


def url(text: str) -> str:
    """A URL without the password before its host and without those of its query."""
    scheme, separator, rest = text.partition("://")
    base, question, query = rest.partition("?")
    # A password may hold a slash, and in a list of hosts only the first may have a login.
    login, at, place = base.rpartition("@")
    user, colon, _ = login.partition(":")
    kept = f"{user}{colon and colon + MASK}{at}{place}"
    return f"{scheme}{separator}{kept}{question}{'&'.join(map(_pair, query.split('&')))}" if separator else MASK


def _pair(pair: str) -> str:
    name, equals, value = pair.partition("=")
    return f"{name}{equals}{MASK if value and _SECRET_KEY.search(name) else value}"


def _json(text: str) -> str:
    try:
        return json.dumps(_without_secrets(json.loads(text)))
    except ValueError:
        return MASK


def _without_secrets(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: MASK if _SECRET_KEY.search(name) else _without_secrets(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_without_secrets(one) for one in value]
    if isinstance(value, str) and "://" in value:
        return ";".join(url(part) for part in value.split(";"))
    return value
