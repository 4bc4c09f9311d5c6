"""Every option that does something, by group. Those of Flower that do nothing here are in flower_options.py."""

from pathlib import Path
from typing import Any

import click

from flower_monitor import app_option, conf_file
from flower_monitor.commandline import GroupedOption
from flower_monitor.constants import METRIC_SETS, METRIC_SETS_DEFAULT

LEVELS = ("debug", "info", "warning", "error", "critical", "none")
"""Of logging, Tornado's names and Celery's."""


def parameters() -> list[click.Parameter]:
    """All, in the order of the help."""
    groups = (sources, broker, monitor, store, privacy, web, proxy, metrics, autoscale, access, provider)
    return [option for group in groups for option in group()]


def _option(group: str, *names: str, **attributes: Any) -> GroupedOption:
    return GroupedOption(names, group=group, **attributes)


def sources() -> list[GroupedOption]:
    """What other options are read from. They are read before all others."""
    return [
        _option(
            "Sources",
            "--app",
            "-A",
            metavar="MODULE[:APP]",
            is_eager=True,
            callback=app_option.read,
            help="Celery app whose broker, result backend, names and serializers are used, as celery -A.",
        ),
        _option(
            "Sources",
            "--conf",
            metavar="PATH",
            is_eager=True,
            callback=conf_file.read_option,
            show_default=conf_file.DEFAULT,
            help="Python file with options as name = value. Environment and command line win.",
        ),
    ]


def broker() -> list[GroupedOption]:
    """How to reach Celery."""
    group = "Broker"
    return [
        _option(
            group,
            "--broker",
            "-b",
            envvar=["FLOWER_BROKER", "CELERY_BROKER_URL"],
            metavar="URL",
            help="Celery's broker: redis, rediss, redis+socket, sentinel, amqp, amqps; several separated by ; for "
            "failover.",
        ),
        _option(
            group,
            "--broker-transport-options",
            metavar="JSON",
            help="Celery's broker_transport_options, as the workers have them.",
        ),
        _option(
            group,
            "--broker-use-ssl",
            metavar="JSON",
            help='Celery\'s broker_use_ssl: true, or {"ssl_ca_certs": "/ca.pem", …}.',
        ),
        _option(
            group,
            "--broker-api",
            metavar="URL",
            help="RabbitMQ: its management API, as http://user:password@host:15672/api, which tells more of "
            "queues than AMQP.",
        ),
        _option(
            group,
            "--queues",
            metavar="NAME[,…]",
            help="Queues that are always shown, beside those that were seen.",
        ),
        _option(
            group,
            "--queue-type",
            type=click.Choice(["classic", "quorum"]),
            default="classic",
            help="RabbitMQ: type of our queue; quorum also survives a restart of RabbitMQ with all that waits in it.",
        ),
        _option(
            group,
            "--queue-expires",
            default="24h",
            metavar="DURATION",
            help="RabbitMQ: how long our queue and what is in it stay when the monitor is away.",
        ),
        _option(
            group,
            "--queue-bytes",
            type=click.IntRange(min=1),
            default=256,
            metavar="MIB",
            help="RabbitMQ: MiB that our queue holds at most; then the oldest go.",
        ),
        _option(
            group,
            "--result-backend",
            envvar=["FLOWER_RESULT_BACKEND", "CELERY_RESULT_BACKEND"],
            metavar="URL",
            help="Celery's result backend.",
        ),
        _option(
            group,
            "--enable-events/--no-enable-events",
            default=True,
            help="Ask workers that send no task events to send them.",
        ),
        _option(
            group,
            "--inspect-timeout",
            type=click.FloatRange(min=1),
            default=1000.0,
            metavar="MS",
            help="Milliseconds to wait for workers to tell of themselves, and at least to answer commands.",
        ),
        _option(
            group,
            "--purge-offline-workers",
            type=click.FloatRange(min=0),
            default=86400.0,
            metavar="SECONDS",
            help="Forget a worker, and its metrics, when it was offline or lost for so long.",
        ),
    ]


def monitor() -> list[GroupedOption]:
    """What it is called, and what it writes."""
    group = "Monitor"
    return [
        _option(group, "--name", default="flower", help="Its name; one of its own for each monitor of a broker."),
        _option(group, "--namespace", metavar="TEXT", help="The Kubernetes namespace it runs in."),
        _option(
            group,
            "--log-format",
            type=click.Choice(["text", "json"]),
            default="text",
            help="Lines for people, or JSON objects.",
        ),
        _option(
            group,
            "--logging",
            "--loglevel",
            "-l",
            type=click.Choice(LEVELS, case_sensitive=False),
            default="info",
            help="The least that is logged.",
        ),
        _option(group, "--debug/--no-debug", default=False, help="The same as --logging debug."),
        _option(group, "--quiet", "-q", is_flag=True, help="Don't say at the start where it is."),
    ]


def store() -> list[GroupedOption]:
    """What is kept."""
    group = "Store"
    return [
        _option(
            group,
            "--store",
            metavar="PATH",
            show_default="flower.sqlite3",
            help="The SQLite file; made when it is not there.",
        ),
        _option(
            group,
            "--db",
            default="flower",
            metavar="PATH",
            help="Flower's name for it: without --store the file is PATH.sqlite3.",
        ),
        _option(
            group,
            "--max-tasks",
            type=click.IntRange(min=1),
            default=1_000_000,
            help="Tasks to keep, about 1 kB of disk each; the oldest finished go first.",
        ),
        _option(
            group,
            "--retention-age",
            default="30d",
            metavar="DURATION",
            help="How long to keep tasks, as 30d, 720h or seconds; 0: for ever.",
        ),
        _option(
            group,
            "--retention-bytes",
            default="80%",
            metavar="SIZE",
            help="How much of the disk tasks may take, as 8Gi or a percentage of its volume; 0: no limit.",
        ),
        _option(
            group,
            "--rollup-age",
            default="90d",
            metavar="DURATION",
            help="How long to keep sums by minute, hour and day, with their latencies.",
        ),
    ]


def privacy() -> list[GroupedOption]:
    """What is not kept."""
    group = "Privacy and size"
    lengths = {"args": 4096, "kwargs": 4096, "result": 4096, "exception": 4096, "traceback": 16384}
    return [
        _option(
            group,
            "--redact",
            metavar="JSON",
            help="What is never stored: a list of rules such as "
            '{"argument": "password"}, {"pattern": "[0-9]{16}"}, {"task": "pay.*"}.',
        ),
        _option(
            group,
            "--redact-file",
            type=click.Path(dir_okay=False, path_type=Path),
            help="More such rules, in a file.",
        ),
        *(
            _option(
                group,
                f"--max-{text}",
                type=click.IntRange(min=0),
                default=most,
                help=f"Characters kept of a task's {text}; the rest is cut, and said to be.",
            )
            for text, most in lengths.items()
        ),
    ]


def web() -> list[GroupedOption]:
    """Where it is served."""
    group = "Web"
    return [
        _option(group, "--address", default="", show_default="all", help="Address to listen on."),
        _option(
            group, "--port", type=click.IntRange(0, 65535), default=5555, help="Port to listen on; 0: any free one."
        ),
        _option(group, "--unix-socket", metavar="PATH", help="Unix socket to listen on, instead of address and port."),
        _option(group, "--url-prefix", default="", metavar="PATH", help="Serve everything under this path."),
        _option(
            group,
            "--task-runtime-metric-buckets",
            metavar="SECONDS[,…]",
            type=click.UNPROCESSED,
            help="Refused but for the bounds that flower_task_runtime_seconds has anyway; see /api/v1/latencies.",
        ),
    ]


def proxy() -> list[GroupedOption]:
    """TLS, and what stands before it."""
    group = "TLS and proxies"
    return [
        _option(group, "--certfile", metavar="PATH", help="Serve HTTPS with it; read again when renewed."),
        _option(group, "--keyfile", metavar="PATH", help="Its key, if the file of the certificate does not hold it."),
        _option(group, "--ca-certs", metavar="PATH", help="Let in only who has a certificate of these authorities."),
        _option(
            group,
            "--xheaders/--no-xheaders",
            default=False,
            help="Believe X-Forwarded-For and X-Forwarded-Proto of a proxy on this host.",
        ),
        _option(
            group,
            "--trusted-proxies",
            metavar="ADDRESS[,…]",
            type=click.UNPROCESSED,
            help="Believe those of these addresses and networks, as 10.0.0.0/8; * is everybody.",
        ),
    ]


def metrics() -> list[GroupedOption]:
    """What Prometheus gets."""
    group = "Metrics"
    return [
        _option(
            group,
            "--metrics",
            default=",".join(METRIC_SETS_DEFAULT),
            metavar="SET[,…]",
            help=f"What /metrics shows: some of {', '.join(METRIC_SETS)}, or all.",
        ),
        _option(
            group,
            "--metrics-max-series",
            type=click.IntRange(min=1),
            default=100_000,
            help="Series that each set may have; more are left out, workers that are gone first, and counted.",
        ),
    ]


def autoscale() -> list[GroupedOption]:
    """How large workers' pools should be."""
    group = "Autoscaling"
    return [
        _option(
            group,
            "--autoscale-file",
            type=click.Path(dir_okay=False, path_type=Path),
            help="Policies for the sizes of workers' pools, and webhooks, in JSON. It is read again when it changes.",
        ),
        _option(
            group,
            "--autoscale-webhook-secret-file",
            type=click.Path(dir_okay=False, path_type=Path),
            help="File with the secret that the webhooks' requests are signed with.",
        ),
        _option(
            group,
            "--autoscale-token-sha256",
            metavar="HEX",
            help="SHA-256 of the bearer token that may read these numbers (the operator sets it).",
        ),
    ]


def access() -> list[GroupedOption]:
    """Who may do what."""
    group = "Access"
    return [
        _option(
            group,
            "--basic-auth",
            metavar="USER:PASSWORD[,…]",
            type=click.UNPROCESSED,
            help="Who may log in; a password may be its bcrypt hash. Without it, --credentials-dir and a provider "
            "a password is generated and printed.",
        ),
        _option(
            group,
            "--roles",
            metavar="JSON",
            help='Who may what: {"admin": ["ann"], "operator": ["*@ops.example.com"], "viewer": ["*"]}. Without it '
            "everybody who may log in may everything.",
        ),
        _option(
            group,
            "--token-file",
            type=click.Path(dir_okay=False, path_type=Path),
            help="API tokens as hashes, with role and end. It is read again when it changes.",
        ),
        _option(
            group,
            "--credentials-dir",
            type=click.Path(exists=True, file_okay=False, path_type=Path),
            help="Folder with files username, password and token, such as a mounted Secret.",
        ),
        _option(
            group,
            "--fleet-token-sha256",
            metavar="HEX",
            help="SHA-256 of the bearer token that may read (the operator sets it).",
        ),
        _option(
            group,
            "--fleet-public-key",
            metavar="BASE64URL",
            help="Ed25519 key of the fleet that says who people are (the operator sets it).",
        ),
        _option(
            group,
            "--pods-file",
            type=click.Path(dir_okay=False, path_type=Path),
            help="File that says what became of workers' pods (the operator sets it).",
        ),
        _option(group, "--read-only/--no-read-only", default=False, help="Refuse all that changes something."),
    ]


def provider() -> list[GroupedOption]:
    """Who tells who people are."""
    group = "Login by a provider"
    return [
        _option(
            group,
            "--auth-provider",
            metavar="NAME",
            help="Who tells who people are: google, github, gitlab, okta, oidc, or Flower's name of one.",
        ),
        _option(
            group,
            "--auth",
            metavar="PATTERN",
            help="Who may come in: addresses with | between them; * stands for a name, as in *@example.com.",
        ),
        _option(group, "--oauth2-key", metavar="TEXT", help="Our client id at the provider."),
        _option(group, "--oauth2-secret", metavar="TEXT", help="Our client secret there."),
        _option(
            group,
            "--oauth2-redirect-uri",
            metavar="URL",
            help="The address of our /login as browsers see it; the provider has to know it.",
        ),
        _option(
            group,
            "--oauth2-base-url",
            envvar=[
                "FLOWER_OAUTH2_BASE_URL",
                "FLOWER_OAUTH2_OKTA_BASE_URL",
                "FLOWER_GITLAB_OAUTH_DOMAIN",
                "FLOWER_GITHUB_OAUTH_DOMAIN",
            ],
            metavar="URL",
            help="Issuer of OpenID Connect; the address of your own GitHub or GitLab.",
        ),
        _option(
            group,
            "--oauth2-groups",
            envvar=["FLOWER_OAUTH2_GROUPS", "FLOWER_GITLAB_AUTH_ALLOWED_GROUPS"],
            metavar="GROUP[,…]",
            help="Groups whose members may come in too: GitLab's, or those of the claim `groups`.",
        ),
        _option(
            group,
            "--oauth2-min-access-level",
            envvar=["FLOWER_OAUTH2_MIN_ACCESS_LEVEL", "FLOWER_GITLAB_MIN_ACCESS_LEVEL"],
            type=int,
            help="GitLab: least level of access in the group, such as 30 for developers.",
        ),
        _option(
            group,
            "--oauth2-name-claim",
            default="email",
            help="OpenID Connect: the claim that names people; email counts only when it is verified.",
        ),
        _option(
            group,
            "--cookie-secret",
            metavar="TEXT",
            help="Key that sessions are signed with; without it one is made and kept beside the store.",
        ),
    ]
