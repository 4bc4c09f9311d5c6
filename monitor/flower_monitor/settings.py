"""From what the command line and the environment say to a Config, or UsageError that names the option and the fix."""

import secrets
from pathlib import Path
from typing import Any

import msgspec

from flower_monitor import durations
from flower_monitor.config import Config, User
from flower_monitor.exceptions import UsageError
from flower_monitor.receive import tls, url

#: Transport options that would make our connections harmful: see `check_transport_options`.
_REFUSED = {"visibility_timeout"}


def make(options: dict[str, Any]) -> tuple[Config, str | None]:
    """The config, and the password that was generated, if one was."""
    broker = url.parse(options["broker"])
    if broker.tls:
        tls.for_amqp(broker)
    users = parse_users(options["basic_auth"])
    password = None
    if not users and options["credentials_dir"] is None:
        password = secrets.token_urlsafe(16)
        users = (User("flower", password),)
    config = Config(
        broker_url=options["broker"],
        store=Path(options["store"]).absolute(),
        name=options["name"],
        namespace=options["namespace"],
        transport_options=parse_transport_options(options["broker_transport_options"]),
        result_backend=options["result_backend"],
        address=options["address"],
        port=options["port"],
        url_prefix=parse_prefix(options["url_prefix"]),
        users=users,
        credentials_dir=options["credentials_dir"],
        fleet_token_sha256=parse_digest(options["fleet_token_sha256"]),
        enable_events=options["enable_events"],
        max_tasks=options["max_tasks"],
        retention_age=parse_age(options["retention_age"]),
        log_format=options["log_format"],
    )
    return config, password


def parse_users(text: str | None) -> tuple[User, ...]:
    """Users of `user:password,user:password`."""
    if not text:
        return ()
    users = []
    for part in text.split(","):
        name, separator, password = part.partition(":")
        if not (separator and name and password):
            raise UsageError("--basic-auth: give user:password, several separated by commas; neither may be empty")
        users.append(User(name, password))
    return tuple(users)


def parse_age(text: str) -> float | None:
    """Seconds; None for 0, which is for ever."""
    try:
        return durations.seconds(text) or None
    except ValueError as error:
        raise UsageError(f"--retention-age: {error}") from error


def parse_prefix(text: str) -> str:
    """`/prefix` of `prefix`, `/prefix/` and the like; empty for none."""
    stripped = text.strip("/")
    if any(c.isspace() or c in "?#%\"'<>" for c in stripped):
        raise UsageError(f"--url-prefix: {text!r} is no path; write it like /flower")
    return f"/{stripped}" if stripped else ""


def parse_digest(text: str | None) -> str | None:
    """A SHA-256 in hex."""
    if not text:
        return None
    try:
        valid = len(bytes.fromhex(text)) == 32
    except ValueError:
        valid = False
    if not valid:
        raise UsageError("--fleet-token-sha256: give the SHA-256 of the token as 64 hexadecimal digits")
    return text.lower()


def parse_transport_options(text: str | None) -> dict[str, Any]:
    """kombu's options, of a JSON object."""
    if not text:
        return {}
    try:
        options = msgspec.json.decode(text, type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise UsageError(f"--broker-transport-options: not a JSON object: {error}") from error
    if refused := _REFUSED & options.keys():
        raise UsageError(
            f"--broker-transport-options: {', '.join(refused)} is refused: with it a connection of the monitor could "
            "give a task that still runs to another worker. Set it in the workers' configuration"
        )
    return options
