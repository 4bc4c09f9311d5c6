"""The JSON of `/api/v1/settings`."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Place = Literal["default", "command line", "environment", "file", "app"]


class OptionRow(msgspec.Struct, frozen=True, kw_only=True):
    """An option and where it was set."""

    group: Annotated[str, Meta(description="Heading that it is under")]
    name: Annotated[str, Meta(description="As on the command line, without `--`")]
    value: Annotated[str | None, Meta(description="Without passwords and secrets (`***`); null: not set")]
    place: Annotated[Place, Meta(description="Where it was set")]
    source: Annotated[str, Meta(description="The same more exactly: the variable, the file, the app's setting")]
    variable: Annotated[str, Meta(description="Environment variable that sets it")]


class CelerySetting(msgspec.Struct, frozen=True):
    """A setting of Celery's."""

    name: Annotated[str, Meta(description="Celery's name of it")]
    value: Annotated[str, Meta(description="Text, or JSON; without passwords and secrets (`***`)")]
    changed: Annotated[bool, Meta(description="The app sets it; else it is Celery's default")]


class CeleryFacts(msgspec.Struct, frozen=True):
    """What is used of the Celery app's configuration."""

    known: Annotated[bool, Meta(description="The monitor was given the app (`-A`); else these are Celery's defaults")]
    name: Annotated[str | None, Meta(description="The app's name; null: it has none, or is not known")]
    tasks: Annotated[int, Meta(description="Tasks registered in it")]
    settings: Annotated[list[CelerySetting], Meta(description="What matters to a monitor, and what the app changed")]


class UserRow(msgspec.Struct, frozen=True):
    """Somebody who may log in with a password."""

    name: Annotated[str, Meta(description="Their name")]
    role: Annotated[str, Meta(description="Their role; `none`: they may nothing")]
    hashed: Annotated[bool, Meta(description="Only the hash of the password was given")]


class TokenRow(msgspec.Struct, frozen=True):
    """An API token; its value is known to its holder alone."""

    name: Annotated[str, Meta(description="Whom its holder is called in the audit")]
    role: Annotated[str, Meta(description="Its role")]
    permissions: Annotated[list[str] | None, Meta(description="All that it may of what its role may; null: everything")]
    expires: Annotated[float | None, Meta(description="When it ends, epoch seconds; null: never")]


class SessionFacts(msgspec.Struct, frozen=True):
    """How sessions of a login provider are kept: signed into cookies, so that there is no list of them."""

    provider: Annotated[str | None, Meta(description="Who vouches for people; null: nobody, and there are no sessions")]
    lasts: Annotated[int, Meta(description="Seconds that a session lasts")]
    key: Annotated[
        Literal["configured", "kept"] | None,
        Meta(description="Key of the signatures: `--cookie-secret`, or made once and kept beside the store"),
    ]


class SettingsBody(msgspec.Struct, frozen=True, kw_only=True):
    """The configuration that holds."""

    version: Annotated[str, Meta(description="Version of the monitor")]
    options: Annotated[list[OptionRow], Meta(description="All options, in the order of the help")]
    celery: Annotated[CeleryFacts, Meta(description="The Celery app's configuration, as far as it is used")]
    users: Annotated[list[UserRow], Meta(description="Who may log in with a password")]
    tokens: Annotated[list[TokenRow], Meta(description="API tokens")]
    sessions: Annotated[SessionFacts, Meta(description="Sessions of a login provider")]
