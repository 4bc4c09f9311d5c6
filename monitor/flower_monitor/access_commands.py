"""`flower-monitor token` and `hash-password`: what is kept of a secret, so that the secret need not be."""

import sys

import click
import msgspec

from flower_monitor import durations
from flower_monitor.exceptions import UsageError
from flower_monitor.web import passwords, tokens
from flower_monitor.web.permissions import Permission
from flower_monitor.web.roles import ROLES

_PERMISSIONS = [one.value for one in Permission if one is not Permission.PUBLIC]


@click.command("token")
@click.argument("name")
@click.option("--role", type=click.Choice(list(ROLES)), default="viewer", show_default=True, help="What it may.")
@click.option(
    "--permission",
    "permissions",
    type=click.Choice(_PERMISSIONS),
    multiple=True,
    help="All that it may of what its role may; may be repeated. Without it everything.",
)
@click.option("--expires", metavar="DURATION", help="When it ends, such as 90d. Without it never.")
def token(name: str, role: str, permissions: tuple[str, ...], expires: str | None) -> None:
    """Make an API token called NAME.

    The token is shown once, on the terminal. On stdout is the line that goes into the file of --token-file:

        flower-monitor token ci --role operator --expires 90d >> tokens
    """
    try:
        days = None if expires is None else durations.seconds(expires) / 86400
    except ValueError as error:
        raise UsageError(f"--expires: {error}") from error
    text, stored = tokens.make(name, role, [Permission(one) for one in permissions], days)
    click.echo(f"Authorization: Bearer {text}\n(shown this once; the line on stdout holds its hash only)", err=True)
    click.echo(msgspec.json.encode(stored).decode())


@click.command("hash-password")
def hash_password() -> None:
    """Hash a password with bcrypt, for --basic-auth user:HASH. It is asked for, or read from stdin."""
    if sys.stdin.isatty():
        text = str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    else:
        text = sys.stdin.readline().rstrip("\r\n")
    if not text:
        raise UsageError("the password is empty; type it, or send it to stdin")
    try:
        click.echo(passwords.hashed(text))
    except ValueError as error:
        raise UsageError(str(error)) from error
