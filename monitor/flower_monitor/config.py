"""Everything that can be chosen about a monitor, in one frozen object.

`settings.py` makes it from the command line and the environment; both processes get the same one.
"""

from pathlib import Path
from typing import Any

import msgspec

from flower_monitor.beat import BeatEntry
from flower_monitor.constants import METRIC_SETS_DEFAULT
from flower_monitor.oauth import OAuth
from flower_monitor.redact import Rule


class User(msgspec.Struct, frozen=True):
    """A person who may log in with HTTP Basic."""

    name: str
    password: str
    """In the clear, or its bcrypt hash."""


class CeleryApp(msgspec.Struct, frozen=True, kw_only=True):
    """What is used of a Celery app's configuration; Celery's defaults where there is no app."""

    name: str | None = None
    """The app's own name; None: there is no app, or it has none."""

    event_exchange: str = "celeryev"
    """Exchange (RabbitMQ) or first part of the channel (Redis) on which its workers publish events."""

    control_exchange: str = "celery"
    """First part of the names under which its workers hear commands: `<control_exchange>.pidbox`."""

    default_queue: str = "celery"
    """Where its tasks go when nothing else is said."""

    queues: tuple[str, ...] = ()
    """Names of all queues that it is configured with."""

    task_names: tuple[str, ...] = ()
    """Tasks registered in it, Celery's own among them."""

    task_serializer: str = "json"

    schedule: tuple[BeatEntry, ...] = ()
    """Entries of its beat_schedule."""

    scheduler: str | None = None
    """Its `beat_scheduler` where it is not Celery's own: entries of its database are not in `schedule`."""

    timezone: str = "UTC"
    """The time zone that its crontabs are in."""

    settings: dict[str, Any] = {}
    """All settings that it has changed and that are plain data, but for those of the broker: with
    `Celery(changes=settings)` another process has an app that publishes as this one does. They may hold secrets."""


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """An option as it may be shown to an administrator (masking.py), and where it was set."""

    group: str
    """Heading of the help that it is under."""

    name: str
    """As on the command line, without `--`."""

    value: str
    """Without passwords and secrets, of which it tells only that they are set; `-`: nothing is set."""

    place: str
    """`default`, `command line`, `environment`, `file` or `app`."""

    source: str
    """The same more exactly: the variable, the file, the app's setting."""

    variable: str
    """Environment variable that sets it."""


class Config(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The settings of one monitor. It holds secrets: never print or log it whole."""

    broker_url: str
    """Where Celery's messages are, credentials and all. Show `receive.url.public(url)`, never this."""

    store: Path
    """The SQLite file. Its `-wal`, `-shm` and `.lock` lie beside it."""

    name: str = "flower"
    """Name of this monitor. On RabbitMQ its queue is `flower-monitor.<name>`: one monitor a name and broker."""

    namespace: str | None = None
    """Kubernetes namespace it runs in, shown in its summary; None when it runs alone."""

    transport_options: dict[str, Any] = {}
    """kombu's `broker_transport_options`. Used here: `global_keyprefix`, `fanout_prefix`; web passes all on."""

    broker_use_ssl: bool | dict[str, Any] = False
    """Celery's: TLS for a broker whose URL does not say so, or the options for it, as `{"ssl_ca_certs": "/ca.pem"}`."""

    broker_api: str | None = None
    """RabbitMQ's management API, such as `http://user:password@host:15672/api`; None: AMQP has to do. Never show it."""

    queues: tuple[str, ...] = ()
    """Queues that are shown whether or not anything was seen of them; `celery` when nothing else is known either."""

    queue_type: str = "classic"
    """Of our queue on RabbitMQ. `classic` loses what waits in it when RabbitMQ itself is restarted, because Celery
    publishes events as transient; `quorum` keeps it, for about twice the work of RabbitMQ's disk."""

    queue_expires: float = 86400.0
    """Seconds that RabbitMQ keeps our queue, and what is in it, when nobody comes for it."""

    queue_bytes: int = 256 << 20
    """Most bytes that our queue on RabbitMQ holds; then the oldest go. At 10,000 events/s it fills in a minute."""

    result_backend: str | None = None
    """Celery's result backend, for control and results; None when there is none."""

    app: CeleryApp = CeleryApp()
    """What the app of `-A` says; without one Celery's defaults."""

    address: str = ""
    """Address to listen on; empty: all interfaces, as Flower does."""

    port: int = 5555
    """Port to listen on, Flower's own; 0: any free one."""

    unix_socket: Path | None = None
    """Socket to listen on instead."""

    certfile: Path | None = None
    """Certificate of HTTPS, with its chain; None: HTTP."""

    keyfile: Path | None = None
    """Its key; None: it is in `certfile`."""

    ca_certs: Path | None = None
    """Authorities of which every client must show a certificate; None: none is asked for."""

    trusted_proxies: tuple[str, ...] = ()
    """Addresses and networks whose X-Forwarded-For and X-Forwarded-Proto are believed; `*`: everybody's."""

    url_prefix: str = ""
    """Path under which everything is served, such as `/flower`; empty or starts with `/`, no `/` at the end."""

    users: tuple[User, ...] = ()
    """Who may log in, as flag or environment say. Empty only with a `credentials_dir`: else one is generated."""

    roles: dict[str, tuple[str, ...]] = {}
    """Role -> patterns of names (web/roles.py); the strongest that fits is theirs, none: they may nothing. Empty:
    everybody who may log in is an administrator, as in Flower."""

    oauth: OAuth | None = None
    """The provider that tells who people are; None: there is none."""

    cookie_secret: str | None = None
    """Key that sessions are signed with; None: one that is made once and kept beside the store."""

    token_file: Path | None = None
    """File with API tokens (web/tokens.py). Web reads it, and again when it changes."""

    credentials_dir: Path | None = None
    """Folder with files `username`, `password` and `token` (a mounted Secret). Web reads them, and again when they
    change: a replaced Secret locks the old password out, but for what it keeps of it in `previousPassword` and
    `previousToken`."""

    fleet_token_sha256: str | None = None
    """SHA-256 (hex) of the bearer token with which the fleet reads; None: none."""

    fleet_public_key: str | None = None
    """Public key (Ed25519: 32 bytes, base64url) of the fleet that passes on what people ask; None: no fleet."""

    read_only: bool = False
    """Refuse every request that would change something, whoever sends it."""

    autoscale_file: Path | None = None
    """File with policies for the sizes of pools (autoscale/policy.py). Web reads it, and again when it changes."""

    autoscale_webhook_secret_file: Path | None = None
    """File with the secret that webhooks are signed with; None: none is called."""

    autoscale_token_sha256: str | None = None
    """SHA-256 (hex) of the bearer token with which KEDA reads the numbers of autoscaling; None: none."""

    pods_file: Path | None = None
    """File that says what became of workers' pods (truth/pods.py); the operator writes it. None: nobody tells."""

    inspect_timeout: float = 1.0
    """Seconds to wait for workers to answer when they are asked for their details."""

    purge_offline_workers: float = 86400.0
    """Seconds after which a worker that is offline or lost is forgotten."""

    enable_events: bool = True
    """Ask workers that send no task events to start sending them."""

    max_tasks: int = 1_000_000
    """Tasks to keep, about 1 kB of disk each. Past it the oldest finished go first."""

    retention_age: float | None = 30 * 86400.0
    """Seconds to keep a task, counted from its first event by our clock; None: for ever."""

    retention_bytes: int | None = None
    """Bytes of the store that may be in use; past it the oldest finished tasks go. None: see `retention_share`."""

    retention_share: float | None = 0.8
    """The same as a part of the volume that the store is on, when `retention_bytes` is None; None: no limit."""

    rollup_age: float = 90 * 86400.0
    """Seconds to keep sums by minute, hour and day."""

    redact: tuple[Rule, ...] = ()
    """What of tasks' texts is never written."""

    max_args: int = 4096
    """Characters kept of a task's args; of the other texts the same. What is cut is told (`protect.CUT`)."""

    max_kwargs: int = 4096
    max_result: int = 4096
    max_exception: int = 4096
    max_traceback: int = 16384

    metrics: tuple[str, ...] = METRIC_SETS_DEFAULT
    """Sets of metrics that `/metrics` shows, of constants.METRIC_SETS."""

    metrics_max_series: int = 100_000
    """Series that each of them may have; what is too much is left out, and counted."""

    log_format: str = "text"
    """`text` for people, `json` for collectors: one object a line."""

    log_level: str = "info"
    """The least that is logged: a level of `logging`, or `none`."""

    buffer_bytes: int = 32 << 20
    """Most bytes received and not yet decoded. At 50,000 events/s a second takes about 25 MiB."""

    shown: tuple[Shown, ...] = ()
    """The options as they were given, for the page Settings; none where no command line was read."""

    life: float = 0.0
    """When the supervisor was started, epoch seconds: what the store says of ingest from before is of another life.
    0: not known."""

    commit_interval: float = 0.25
    """Seconds between commits: what kill -9 can cost on Redis. Half of it makes a third more work."""


def dump(config: Config) -> bytes:
    """The config as JSON, for a child process. It holds secrets: only over a pipe."""
    return msgspec.json.encode(config, enc_hook=str)


def load(data: bytes) -> Config:
    """What `dump` wrote."""
    return msgspec.json.decode(data, type=Config, dec_hook=lambda kind, value: kind(value))
