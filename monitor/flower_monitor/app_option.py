"""The option `-A`: the configuration of a Celery app counts where nothing else says anything."""

from typing import Any

import click

from flower_monitor import celery_app
from flower_monitor.commandline import ORIGINS, warn

APP = "flower_monitor.app"
"""Key of `Context.meta`: the app's facts (`config.CeleryApp`); not there without an app."""

SETTINGS = {
    "broker": "broker_url",
    "broker_use_ssl": "broker_use_ssl",
    "broker_transport_options": "broker_transport_options",
    "result_backend": "result_backend",
    "queues": "task_queues",
}
"""Option -> the setting of Celery's that it is read from."""

OF_APP = "the app's "
"""What the origin of such an option begins with."""


def read(context: click.Context, _: click.Parameter, name: str | None) -> str | None:
    """Callback of `-A`. The context's object is the app that `celery -A … flower` has loaded."""
    app = celery_app.load(name) if name else context.obj
    if app is None:
        return None
    context.meta[APP] = celery_app.facts(app)
    found: dict[str, Any] = celery_app.options(app)
    context.default_map = {**found, **(context.default_map or {})}
    origins = context.meta.setdefault(ORIGINS, {})
    origins.update({option: f"{OF_APP}{SETTINGS[option]}" for option in found if option not in origins})
    for problem in celery_app.problems(app):
        warn(problem)
    return name
