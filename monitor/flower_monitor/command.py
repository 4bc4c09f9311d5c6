"""`flower-monitor`: reads the command line, checks what can be checked, and becomes the supervisor."""

import os
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

import click
import msgspec

from flower_monitor import (
    access_commands,
    app_option,
    commandline,
    config,
    effective,
    flower_options,
    listeners,
    options,
    settings,
)
from flower_monitor.commandline import GroupedCommand
from flower_monitor.config import CeleryApp, Config
from flower_monitor.constants import PROGRAM, VERSION
from flower_monitor.exceptions import MonitorError, UsageError
from flower_monitor.receive import url
from flower_monitor.store import connect, place
from flower_monitor.web import passwords

HELP = """See and steer the Celery of one broker: a page, an API and metrics on http://localhost:5555.

Each option can be set in the environment or in flowerconfig.py too; the command line wins, then the environment, then
the file, then the app's own configuration. Options may be written with _ or -. The same program: celery -A app flower.

\b
flower-monitor config [OPTIONS]       each option's value and where it was set
flower-monitor import FILE [OPTIONS]  take over the file of Flower's --persistent --db
flower-monitor token NAME             make an API token for --token-file
flower-monitor hash-password          hash a password for --basic-auth
flower-monitor autoscale simulate     what a policy would have done
"""


def run(arguments: Sequence[str], before: Sequence[str] = (), app: Any = None) -> None:
    """The program.

    Args:
        arguments: Of the command line.
        before: Options that those of the command line win over.
        app: The Celery app that `celery -A` has loaded.
    """
    commandline.ignore_service_links("FLOWER_")
    first = arguments[0] if arguments else ""
    named = subcommand(first)
    rest = arguments[1:] if named else arguments
    own = ("token", "hash-password", "autoscale")  # these need nothing of a monitor's options
    prefix = () if first in own else before
    name = f"{PROGRAM} {first}" if named else PROGRAM
    try:
        (named or program(start)).main([*prefix, *rest], prog_name=name, standalone_mode=False, obj=app)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(1)
    except MonitorError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(error.exit_code)


def subcommand(name: str) -> click.Command | None:
    """The command of a name; None: there is none, and the monitor is to start."""
    match name:
        case "config":
            return program(show)
        case "import":
            return program(take, click.Argument(["file"], type=click.Path(path_type=Path)))
        case "token":
            return access_commands.token
        case "hash-password":
            return access_commands.hash_password
        case "autoscale":
            from flower_monitor.autoscale import commands  # reads stores, which no other command does

            return commands.autoscale
        case _:
            return None


def program(callback: Callable[[click.Context], None], *arguments: click.Argument) -> click.Command:
    """The command, to do something with all its options."""

    def call(**_: Any) -> None:
        callback(click.get_current_context())

    made = GroupedCommand(
        PROGRAM,
        params=[*arguments, *options.parameters(), *flower_options.parameters()],
        callback=call,
        help=HELP,
        context_settings={
            "auto_envvar_prefix": "FLOWER",
            "token_normalize_func": commandline.dashes,
            "help_option_names": ["-h", "--help"],
            "max_content_width": 110,
        },
    )
    return click.version_option(VERSION, prog_name=PROGRAM)(made)


def show(context: click.Context) -> None:
    """Print what the options are, and then what is wrong with them."""
    click.echo("\n".join(effective.lines(context)))
    configure(context)


def take(context: click.Context) -> None:
    """Take Flower's tasks into the store. No broker is asked, so none has to be named."""
    from flower_monitor.flowerdb import importing

    context.params["broker"] = context.params["broker"] or "redis://localhost"
    made, _ = configure(context)
    found = importing.take(context.params["file"], made, lambda taken: click.echo(f"{taken} tasks", err=True))
    click.echo(f"{found.tasks} tasks of {context.params['file']} are in {made.store}", err=True)
    if found.skipped:
        click.echo(f"{found.skipped} were left out: Flower kept no time of them", err=True)


def start(context: click.Context) -> None:
    """Start the monitor."""
    made, password = configure(context)
    place.check(made.store)
    lock = place.lock(made.store)
    connect.inspect(made.store)
    warn_flowers_file(context.params["db"], made.store)
    listener = listeners.listen(made)
    warn_unused(made)
    warn_unused_address(context, listener)
    announce(made, listener, password, quiet=context.params["quiet"])
    become_supervisor(made, listener, lock)


def configure(context: click.Context) -> tuple[Config, str | None]:
    """The config, and the password that was generated, if one was; what has no effect is told."""
    flower_options.check(context)
    flower_options.check_environment(str(parameter.name) for parameter in context.command.params)
    if not context.params["broker"]:
        raise UsageError("--broker is missing (or CELERY_BROKER_URL), such as --broker redis://localhost:6379/0")
    made, password = settings.make(context.params, context.meta.get(app_option.APP, CeleryApp()))
    return msgspec.structs.replace(made, shown=tuple(effective.options(context))), password


def warn_unused(made: Config) -> None:
    """Say which option has no effect with this broker: Flower takes it and is silent."""
    kind = url.parse(made.broker_url, made.broker_use_ssl).name
    if made.broker_api and kind != "amqp":
        commandline.warn(f"--broker-api is not used: only RabbitMQ has a management API, the broker is {kind}")


def warn_unused_address(context: click.Context, listener: socket.socket) -> None:
    """Say that it is not listened on, when a Unix socket is."""
    for parameter in context.command.params:
        given = parameter.name in ("address", "port") and commandline.origin(context, parameter)
        if given and listener.family == socket.AF_UNIX:
            commandline.warn(f"--{parameter.name} has no effect: the monitor listens on {listener.getsockname()}")


def warn_flowers_file(db: str, store: Path) -> None:
    """Say how to take over what Flower kept, where its file is there and nothing has been kept here yet."""
    places = (Path(f"{db}{suffix}") for suffix in ("", ".db", ".dir"))  # as the kinds of dbm name theirs
    if not store.exists() and any(place.is_file() for place in places):
        commandline.warn(
            f"{db} is there, as Flower's --persistent --db leaves it. Its tasks are not taken over by themselves: "
            f"stop, run {PROGRAM} import {db} --store {store}, and start again"
        )


def announce(made: Config, listener: socket.socket, password: str | None, *, quiet: bool) -> None:
    """Say where it is, and the generated password: this once, and to the terminal only."""
    if not quiet:
        click.echo(f"{PROGRAM} {VERSION}: {listeners.where(listener, made)}", err=True)
    if password is None and not all(passwords.is_hash(user.password) for user in made.users):
        commandline.warn(
            "--basic-auth holds a password in the clear; its bcrypt hash does as well: flower-monitor hash-password"
        )
    if password is not None:
        click.echo(
            f"Log in as user flower with password {password} (generated for this run; set your own with --basic-auth)",
            err=True,
        )


def become_supervisor(made: Config, listener: socket.socket, lock: int) -> NoReturn:
    """Replace this program. The config goes in a nameless file: others can read arguments and environment."""
    reading = nameless(config.dump(msgspec.structs.replace(made, life=time.time())))
    for descriptor in (reading, listener.fileno(), lock):
        os.set_inheritable(descriptor, True)
    arguments = ["-P", "-m", "flower_monitor.supervisor", str(reading), str(listener.fileno()), str(lock)]
    program = [sys.executable, *arguments, made.log_format, made.log_level]
    os.execve(program[0], program, environment())  # noqa: S606 - no shell is wanted


def nameless(data: bytes) -> int:
    """Descriptor of a file in memory that holds some data; a pipe would hold 64 KiB, and an app may have many tasks."""
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create("config")
    else:
        with tempfile.TemporaryFile() as file:
            descriptor = os.dup(file.fileno())
    with open(descriptor, "w+b", closefd=False) as file:
        file.write(data)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def environment() -> dict[str, str]:
    """The environment without what the config now holds: two processes need not carry the secrets around."""
    ours = ("FLOWER_", "CELERY_BROKER_", "CELERY_RESULT_BACKEND", "BROKER_URL", "RESULT_BACKEND", "LISTEN_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}
