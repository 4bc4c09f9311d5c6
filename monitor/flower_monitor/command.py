"""`flower-monitor`: reads the command line, checks what can be checked, and becomes the supervisor."""

import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import click

from flower_monitor import commandline, config, settings
from flower_monitor.commandline import GroupedCommand, GroupedOption
from flower_monitor.config import Config
from flower_monitor.constants import METRIC_SETS, METRIC_SETS_DEFAULT, PROGRAM, VERSION
from flower_monitor.exceptions import MonitorError, UsageError
from flower_monitor.receive import url
from flower_monitor.store import connect, place
from flower_monitor.web import passwords

#: What an option is put on.
Decorated = Callable[..., None]

#: Connections that wait until web takes them: at the start those of half a second.
BACKLOG = 128


def option(*names: str, group: str, **attributes: Any) -> Callable[[Decorated], Decorated]:
    """An option under a heading."""
    return click.option(*names, cls=GroupedOption, group=group, **attributes)


@click.command(
    cls=GroupedCommand,
    context_settings={
        "auto_envvar_prefix": "FLOWER",
        "token_normalize_func": commandline.dashes,
        "help_option_names": ["-h", "--help"],
        "max_content_width": 110,
    },
)
@option(
    "--broker",
    envvar=["FLOWER_BROKER", "CELERY_BROKER_URL"],
    metavar="URL",
    group="Broker",
    help="Celery's broker: redis, rediss, redis+socket, sentinel, amqp, amqps; several separated by ; for failover.",
)
@option(
    "--broker-transport-options",
    metavar="JSON",
    group="Broker",
    help="Celery's broker_transport_options, as the workers have them.",
)
@option(
    "--broker-use-ssl",
    metavar="JSON",
    group="Broker",
    help='Celery\'s broker_use_ssl: true, or {"ssl_ca_certs": "/ca.pem", …}.',
)
@option(
    "--broker-api",
    metavar="URL",
    group="Broker",
    help="RabbitMQ: its management API, as http://user:password@host:15672/api, which tells more of queues than AMQP.",
)
@option(
    "--queues",
    metavar="NAME[,…]",
    group="Broker",
    help="Queues that are always shown, beside those that were seen.",
)
@option(
    "--queue-type",
    type=click.Choice(["classic", "quorum"]),
    default="classic",
    group="Broker",
    help="RabbitMQ: type of our queue; quorum also survives a restart of RabbitMQ with all that waits in it.",
)
@option(
    "--queue-expires",
    default="24h",
    metavar="DURATION",
    group="Broker",
    help="RabbitMQ: how long our queue and what is in it stay when the monitor is away.",
)
@option(
    "--queue-bytes",
    type=click.IntRange(min=1),
    default=256,
    metavar="MIB",
    group="Broker",
    help="RabbitMQ: MiB that our queue holds at most; then the oldest go.",
)
@option(
    "--result-backend",
    envvar=["FLOWER_RESULT_BACKEND", "CELERY_RESULT_BACKEND"],
    metavar="URL",
    group="Broker",
    help="Celery's result backend.",
)
@option(
    "--enable-events/--no-enable-events",
    default=True,
    group="Broker",
    help="Ask workers that send no task events to send them.",
)
@option("--name", default="flower", group="Monitor", help="Its name; one of its own for each monitor of a broker.")
@option("--namespace", metavar="TEXT", group="Monitor", help="The Kubernetes namespace it runs in.")
@option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    group="Monitor",
    help="Lines for people, or JSON objects.",
)
@option(
    "--store",
    default="flower.sqlite3",
    metavar="PATH",
    group="Store",
    help="The SQLite file; made when it is not there.",
)
@option(
    "--max-tasks",
    type=click.IntRange(min=1),
    default=1_000_000,
    group="Store",
    help="Tasks to keep, about 1 kB of disk each; the oldest finished go first.",
)
@option(
    "--retention-age",
    default="30d",
    metavar="DURATION",
    group="Store",
    help="How long to keep tasks, as 30d, 720h or seconds; 0: for ever.",
)
@option(
    "--retention-bytes",
    default="80%",
    metavar="SIZE",
    group="Store",
    help="How much of the disk tasks may take, as 8Gi or a percentage of its volume; 0: no limit.",
)
@option(
    "--rollup-age",
    default="90d",
    metavar="DURATION",
    group="Store",
    help="How long to keep sums by minute, hour and day, with their latencies.",
)
@option(
    "--redact",
    metavar="JSON",
    group="Privacy and size",
    help="What is never stored: a list of rules such as "
    '{"argument": "password"}, {"pattern": "[0-9]{16}"}, {"task": "pay.*"}.',
)
@option(
    "--redact-file",
    type=click.Path(dir_okay=False, path_type=Path),
    group="Privacy and size",
    help="More such rules, in a file.",
)
@option(
    "--max-args",
    type=click.IntRange(min=0),
    default=4096,
    group="Privacy and size",
    help="Characters kept of a task's args; the rest is cut, and said to be.",
)
@option(
    "--max-kwargs",
    type=click.IntRange(min=0),
    default=4096,
    group="Privacy and size",
    help="Characters kept of a task's kwargs; the rest is cut, and said to be.",
)
@option(
    "--max-result",
    type=click.IntRange(min=0),
    default=4096,
    group="Privacy and size",
    help="Characters kept of a task's result; the rest is cut, and said to be.",
)
@option(
    "--max-exception",
    type=click.IntRange(min=0),
    default=4096,
    group="Privacy and size",
    help="Characters kept of a task's exception; the rest is cut, and said to be.",
)
@option(
    "--max-traceback",
    type=click.IntRange(min=0),
    default=16384,
    group="Privacy and size",
    help="Characters kept of a task's traceback; the rest is cut, and said to be.",
)
@option("--address", default="", show_default="all", group="Web", help="Address to listen on.")
@option("--port", type=click.IntRange(0, 65535), default=5555, group="Web", help="Port to listen on; 0: any free one.")
@option("--url-prefix", default="", metavar="PATH", group="Web", help="Serve everything under this path.")
@option(
    "--metrics",
    default=",".join(METRIC_SETS_DEFAULT),
    metavar="SET[,…]",
    group="Metrics",
    help=f"What /metrics shows: some of {', '.join(METRIC_SETS)}, or all.",
)
@option(
    "--metrics-max-series",
    type=click.IntRange(min=1),
    default=100_000,
    group="Metrics",
    help="Series that each set may have; what is too much is left out, workers that are gone first, and counted.",
)
@option(
    "--basic-auth",
    metavar="USER:PASSWORD[,…]",
    group="Access",
    help="Who may log in; a password may be its bcrypt hash. Without it and --credentials-dir a password is generated "
    "and printed.",
)
@option(
    "--roles",
    metavar="JSON",
    group="Access",
    help='Who may what: {"admin": ["ann"], "operator": ["*@ops.example.com"], "viewer": ["*"]}. Without it everybody '
    "who may log in may everything.",
)
@option(
    "--token-file",
    type=click.Path(dir_okay=False, path_type=Path),
    group="Access",
    help="API tokens as hashes, with role and end. It is read again when it changes.",
)
@option(
    "--credentials-dir",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    group="Access",
    help="Folder with files username, password and token, such as a mounted Secret.",
)
@option(
    "--auth-provider",
    metavar="NAME",
    group="Login by a provider",
    help="Who tells who people are: google, github, gitlab, okta, oidc, or Flower's name of one.",
)
@option(
    "--auth",
    metavar="PATTERN",
    group="Login by a provider",
    help="Who may come in: addresses with | between them; * stands for a name, as in *@example.com.",
)
@option("--oauth2-key", metavar="TEXT", group="Login by a provider", help="Our client id at the provider.")
@option("--oauth2-secret", metavar="TEXT", group="Login by a provider", help="Our client secret there.")
@option(
    "--oauth2-redirect-uri",
    metavar="URL",
    group="Login by a provider",
    help="The address of our /login as browsers see it; the provider has to know it.",
)
@option(
    "--oauth2-base-url",
    envvar=[
        "FLOWER_OAUTH2_BASE_URL",
        "FLOWER_OAUTH2_OKTA_BASE_URL",
        "FLOWER_GITLAB_OAUTH_DOMAIN",
        "FLOWER_GITHUB_OAUTH_DOMAIN",
    ],
    metavar="URL",
    group="Login by a provider",
    help="Issuer of OpenID Connect; the address of your own GitHub or GitLab.",
)
@option(
    "--oauth2-groups",
    envvar=["FLOWER_OAUTH2_GROUPS", "FLOWER_GITLAB_AUTH_ALLOWED_GROUPS"],
    metavar="GROUP[,…]",
    group="Login by a provider",
    help="Groups whose members may come in too: GitLab's, or those of the claim `groups`.",
)
@option(
    "--oauth2-min-access-level",
    envvar=["FLOWER_OAUTH2_MIN_ACCESS_LEVEL", "FLOWER_GITLAB_MIN_ACCESS_LEVEL"],
    type=int,
    group="Login by a provider",
    help="GitLab: least level of access in the group, such as 30 for developers.",
)
@option(
    "--oauth2-name-claim",
    default="email",
    group="Login by a provider",
    help="OpenID Connect: the claim that names people; email counts only when it is verified.",
)
@option(
    "--cookie-secret",
    metavar="TEXT",
    group="Login by a provider",
    help="Key that sessions are signed with; without it one is made and kept beside the store.",
)
@option(
    "--fleet-token-sha256",
    metavar="HEX",
    group="Access",
    help="SHA-256 of the bearer token that may read (the operator sets it).",
)
@click.version_option(VERSION, prog_name=PROGRAM)
def command(**options: Any) -> None:
    """See and steer the Celery of one broker: a page, an API and metrics on http://localhost:5555.

    Each option can be set in the environment too; the command line wins. Its names may be written with _ or -.
    """
    if not options["broker"]:
        raise UsageError("--broker is missing (or CELERY_BROKER_URL), such as --broker redis://localhost:6379/0")
    made, password = settings.make(options)
    place.check(made.store)
    lock = place.lock(made.store)
    connect.inspect(made.store)
    listener = listen(made)
    warn_unused(made)
    announce(made, listener, password)
    become_supervisor(made, listener, lock)


def run() -> None:
    """The program."""
    commandline.ignore_service_links("FLOWER_")
    try:
        command.main(prog_name=PROGRAM, standalone_mode=False)
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


def listen(made: Config) -> socket.socket:
    """The socket, bound here so that a port in use is told at once."""
    try:
        if made.address or not socket.has_dualstack_ipv6():
            family = socket.AF_INET6 if ":" in made.address else socket.AF_INET
            return socket.create_server((made.address, made.port), family=family, backlog=BACKLOG)
        return socket.create_server(("", made.port), family=socket.AF_INET6, dualstack_ipv6=True, backlog=BACKLOG)
    except OSError as error:
        where = f"{made.address or 'all addresses'}, port {made.port}"
        raise MonitorError(
            f"can't listen on {where}: {os.strerror(error.errno or 0)}; choose another with --port or --address"
        ) from error


def warn_unused(made: Config) -> None:
    """Say which option has no effect with this broker: Flower takes it and is silent."""
    kind = url.parse(made.broker_url, made.broker_use_ssl).name
    if made.broker_api and kind != "amqp":
        click.echo(
            f"Warning: --broker-api is not used: only RabbitMQ has a management API, the broker is {kind}", err=True
        )


def announce(made: Config, listener: socket.socket, password: str | None) -> None:
    """Say where it is, and the generated password: this once, and to the terminal only."""
    host = made.address if made.address not in ("", "0.0.0.0", "::") else "localhost"  # noqa: S104 - compared, not bound
    port = listener.getsockname()[1]
    click.echo(f"{PROGRAM} {VERSION}: http://{host}:{port}{made.url_prefix}/", err=True)
    if password is None and not all(passwords.is_hash(user.password) for user in made.users):
        click.echo(
            "Warning: --basic-auth holds a password in the clear; its bcrypt hash does as well: htpasswd -nB user",
            err=True,
        )
    if password is not None:
        click.echo(
            f"Log in as user flower with password {password} (generated for this run; set your own with --basic-auth)",
            err=True,
        )


def become_supervisor(made: Config, listener: socket.socket, lock: int) -> NoReturn:
    """Replace this program. The config goes over a pipe: arguments and environment can be read by others."""
    reading, writing = os.pipe()
    with open(writing, "wb") as pipe:
        pipe.write(config.dump(made))
    for descriptor in (reading, listener.fileno(), lock):
        os.set_inheritable(descriptor, True)
    arguments = ["-P", "-m", "flower_monitor.supervisor", str(reading), str(listener.fileno()), str(lock)]
    program = [sys.executable, *arguments, made.log_format]
    os.execve(program[0], program, environment())  # noqa: S606 - no shell is wanted


def environment() -> dict[str, str]:
    """The environment without what the config now holds: two processes need not carry the secrets around."""
    ours = ("FLOWER_", "CELERY_BROKER_URL", "CELERY_RESULT_BACKEND")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}
