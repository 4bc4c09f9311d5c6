"""The ways in which both programs are started: the same options for both, as whoever changes over would have them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from compat.check import MAIN

_BASIC = "--basic-auth=compat:compat"
_WHERE = "--address=127.0.0.1 --port={port}"


@dataclass(frozen=True, kw_only=True)
class Setting:
    """Options and environment; `{port}`, `{folder}` and `{management}` (RabbitMQ's port for that) are filled in."""

    options: str
    environment: Mapping[str, str] = field(default_factory=dict)
    prefix: str = ""
    """Of every path."""

    alone: bool = False
    """Started as `celery --broker=… flower …` by both, without an app, as in containers."""

    broker: str = ""
    """A broker of its own instead of the scene's."""

    on: tuple[str, ...] = ("redis",)
    """Brokers on which it is started."""


SETTINGS: Mapping[str, Setting] = {
    MAIN: Setting(options=f"{_WHERE} {_BASIC}", on=("redis", "amqp")),
    "blocked": Setting(options=f"{_WHERE} {_BASIC}"),
    "down": Setting(options=f"{_WHERE} {_BASIC}", broker="redis://127.0.0.1:1/0"),
    "management": Setting(
        options=f"{_WHERE} {_BASIC} --broker_api=http://guest:guest@127.0.0.1:{{management}}/api/", on=("amqp",)
    ),
    "closed": Setting(options=_WHERE),
    "open": Setting(options=_WHERE, environment={"FLOWER_UNAUTHENTICATED_API": "true"}),
    "read-only": Setting(options=f"{_WHERE} {_BASIC} --read_only=True --url_prefix=flower", prefix="/flower"),
    "underscores": Setting(
        options=f"{_WHERE} --basic_auth=compat:compat --max_tasks=500 --purge_offline_workers=3600 "
        "--inspect_timeout=2000 --enable_events=True --max_workers=50 --state_save_interval=0 --natural_time=False "
        "--tasks_columns=name,uuid,state --auto_refresh=False --persistent=False --db=tasks --xheaders=True "
        "--task_runtime_metric_buckets=0.005,0.01,0.025,0.05,0.075,0.1,0.25,0.5,0.75,1.0,2.5,5.0,7.5,10.0,inf"
    ),
    "provider": Setting(
        options=f"{_WHERE} --auth=ann@example.com --auth_provider=flower.views.auth.GithubLoginHandler "
        "--oauth2_key=key --oauth2_secret=secret --oauth2_redirect_uri=http://localhost:5555/login"
    ),
    "variables": Setting(
        options="",
        environment={
            "FLOWER_PORT": "{port}",
            "FLOWER_ADDRESS": "127.0.0.1",
            "FLOWER_BASIC_AUTH": "compat:compat",
            "FLOWER_URL_PREFIX": "flower",
            "FLOWER_MAX_TASKS": "500",
            "FLOWER_NATURAL_TIME": "false",
            "FLOWER_COOKIE_SECRET": "secret",
            "FLOWER_PURGE_OFFLINE_WORKERS": "3600",
            "FLOWER_MAX_WORKERS": "50",
            "FLOWER_PERSISTENT": "true",
            "FLOWER_DB": "tasks",
            "FLOWER_INSPECT_TIMEOUT": "2000",
            "FLOWER_ENABLE_EVENTS": "true",
            "FLOWER_READ_ONLY": "false",
            "FLOWER_TASKS_COLUMNS": "name,uuid,state",
            "FLOWER_BROKER_API": "http://guest:guest@127.0.0.1:1/api/",
        },
        prefix="/flower",
    ),
    "file": Setting(options=f"{_WHERE} --conf={{folder}}/conf.py"),
    "compose": Setting(options="--address=127.0.0.1 --port={port} " + _BASIC, alone=True),
    "service": Setting(options=f"{_WHERE} {_BASIC}", environment={"FLOWER_PORT": "tcp://10.0.0.1:5555"}),
}
"""By name. `service` is what Kubernetes sets for a Service named flower; Flower does not start with it."""

CONFIG_FILE = 'basic_auth = ["compat:compat"]\nurl_prefix = ""\nmax_tasks = 500\n'
"""What is in `conf.py`; `flowerconfig.py` would be read in every setting."""
