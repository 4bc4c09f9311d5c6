"""From the options of a login provider to `OAuth`, or UsageError that names the option and the fix."""

import re
from collections.abc import Mapping
from typing import Any, get_args
from urllib.parse import urlsplit

from flower_monitor.exceptions import UsageError
from flower_monitor.oauth import FLOWER_HANDLERS, OAuth, ProviderName
from flower_monitor.web import roles

_ISSUERS = {"gitlab": "https://gitlab.com", "google": "https://accounts.google.com", "github": "https://github.com"}

#: What a regular expression has and no address: `\\.`, `.+`, brackets, `^` before and `$` behind.
_REGULAR = re.compile(r"\\\.|\.\+|[()\[\]]|^\^|\$$")


def make(options: Mapping[str, Any]) -> OAuth | None:
    """The provider, None where there is none."""
    provider = _provider(options["auth_provider"])
    if provider is None:
        for name in ("auth", "oauth2_key", "oauth2_secret", "oauth2_groups"):
            if options[name]:
                raise UsageError(f"--{name.replace('_', '-')} is for a login provider: name it with --auth-provider")
        return None
    for name in ("oauth2_key", "oauth2_secret", "oauth2_redirect_uri"):
        if not options[name]:
            raise UsageError(f"--{name.replace('_', '-')} is missing: --auth-provider {provider} needs it")
    allowed, groups = _patterns(options["auth"]), _words(options["oauth2_groups"])
    if not allowed and not groups:
        raise UsageError("--auth is missing: say who may come in, such as --auth '*@example.com'")
    return OAuth(
        provider=provider,
        client_id=options["oauth2_key"],
        client_secret=options["oauth2_secret"],
        redirect_uri=_redirect(options["oauth2_redirect_uri"], options["url_prefix"]),
        allowed=allowed,
        groups=groups,
        base_url=_base(provider, options["oauth2_base_url"]),
        name_claim=options["oauth2_name_claim"],
        access_level=options["oauth2_min_access_level"],
    )


def _provider(text: str | None) -> ProviderName | None:
    if not text:
        return None
    names: tuple[ProviderName, ...] = get_args(ProviderName)
    found = FLOWER_HANDLERS.get(text) or next((name for name in names if name == text.lower()), None)
    if found is None:
        raise UsageError(
            f"--auth-provider: {text!r} is not known; there are {', '.join(names)} and Flower's handlers of these. "
            "A handler of your own can't be loaded: most speak OpenID Connect, which is `oidc`"
        )
    return found


def _patterns(text: str | None) -> tuple[str, ...]:
    """Flower's `auth`: an address, several with | between them, or a pattern such as `.*@example.com`."""
    found = tuple(part.strip() for part in (text or "").split("|") if part.strip())
    if wrong := next((part for part in found if _REGULAR.search(part)), None):
        raise UsageError(
            f"--auth: {wrong!r} would fit nobody: it is a regular expression, and Flower reads none either since 1.2. "
            "Write addresses, with | between them, and * for a name: '*@example.com'"
        )
    try:
        roles.check({"viewer": found})
    except UsageError as error:
        raise UsageError(str(error).replace("--roles: viewer", "--auth")) from error
    return found


def _words(text: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())


def _redirect(text: str, prefix: str) -> str:
    """Where the provider sends browsers back to: our `/login`."""
    address = urlsplit(text)
    path = f"/{prefix.strip('/')}/login" if prefix.strip("/") else "/login"
    if address.scheme not in ("http", "https") or not address.netloc or address.path != path:
        raise UsageError(
            f"--oauth2-redirect-uri: give the address of {path} as browsers see it, such as https://host{path}"
        )
    return text


def _base(provider: ProviderName, text: str | None) -> str:
    """The address of the provider. Flower's domains come without a scheme, its Okta address with `/oauth2`."""
    if not text:
        if provider not in _ISSUERS:
            raise UsageError(
                f"--oauth2-base-url is missing: --auth-provider {provider} needs the address of the issuer"
            )
        return _ISSUERS[provider]
    base = (text if "://" in text else f"https://{text}").rstrip("/")
    return base.removesuffix("/oauth2") if provider == "okta" else base
