"""What click does not bring: options in groups, `_` for `-`, values for switches, and where a wrong value came from."""

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import click
from click.core import ParameterSource

#: Key of `Context.meta`: parameter -> which file or app its value in `default_map` is from.
ORIGINS = "flower_monitor.origins"


#: Of two names that are likely the same one: `prot` and `port`.
ALIKE = 0.75


_BROKER = "the option is broker (--broker, FLOWER_BROKER, CELERY_BROKER_URL), or -A reads the app's own configuration"

CELERYS: Mapping[str, str] = {
    **dict.fromkeys(("broker_url", "broker_read_url", "broker_write_url"), _BROKER),
    "broker_port": _BROKER,
    "broker_user": _BROKER,
    "broker_transport": _BROKER,
    "result_backend_transport_options": "-A reads it from the app's own configuration",
    "control_queue_expires": "the queues of commands go away with their answers",
    "event_queue_expires": "the queue of events is ours: queue_expires",
}
"""Celery's settings whose names resemble options -> what there is instead."""


class GroupedOption(click.Option):
    """An option that is listed under a heading, and says where a wrong value of it was given."""

    def __init__(self, *args: Any, group: str, **attributes: Any) -> None:
        super().__init__(*args, **{"show_default": True, "show_envvar": True, **attributes})
        self.group = group

    def process_value(  # type: ignore[explicit-override]  # typing.override is 3.12's
        self, ctx: click.Context, value: Any
    ) -> Any:
        """The value as its type has it."""
        try:
            return super().process_value(ctx, value)
        except click.BadParameter as error:
            place = origin(ctx, self)
            if place in (None, "command line"):
                raise
            raise click.BadParameter(f"{error.message} (from {place})", ctx, self) from error


class GroupedCommand(click.Command):
    """A command whose help lists options by group, in the order they are declared."""

    def parse_args(  # type: ignore[explicit-override]  # typing.override is 3.12's
        self, ctx: click.Context, args: list[str]
    ) -> list[str]:
        """Parse, after Flower's way of setting a switch is understood."""
        return super().parse_args(ctx, switches(args, self.params))

    def format_options(  # type: ignore[explicit-override]  # typing.override is 3.12's
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """Write the options."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record is not None:
                groups.setdefault(getattr(parameter, "group", "Other"), []).append(record)
        for group, records in groups.items():
            with formatter.section(group):
                formatter.write_dl(records)


def origin(ctx: click.Context, parameter: click.Parameter) -> str | None:
    """Where a parameter's value was set: `command line`, a variable, a file, the app; None: nowhere."""
    name = str(parameter.name)
    match ctx.get_parameter_source(name):
        case ParameterSource.COMMANDLINE | ParameterSource.PROMPT:
            return "command line"
        case ParameterSource.ENVIRONMENT:
            return next((one for one in variables(ctx, parameter) if os.environ.get(one)), "environment")
        case ParameterSource.DEFAULT_MAP:
            return str(ctx.meta.get(ORIGINS, {}).get(name, "file"))
        case _:
            return None


def variables(ctx: click.Context, parameter: click.Parameter) -> list[str]:
    """The environment variables that set a parameter, the first wins."""
    if parameter.envvar is None:
        return [f"{ctx.auto_envvar_prefix}_{str(parameter.name).upper()}"]
    return [parameter.envvar] if isinstance(parameter.envvar, str) else list(parameter.envvar)


def switches(arguments: Sequence[str], parameters: Iterable[click.Parameter]) -> list[str]:
    """Arguments with `--debug` for `--debug=True` and `--no-debug` for `--debug=False`, as Flower has it."""
    known = {
        name: parameter
        for parameter in parameters
        if isinstance(parameter, click.Option) and parameter.secondary_opts
        for name in parameter.opts
    }
    return [_switch(argument, known) for argument in arguments]


def _switch(argument: str, known: Mapping[str, click.Option]) -> str:
    name, separator, value = argument.partition("=")
    option = known.get(dashes(name))
    if option is None or not separator:
        return argument
    on = click.BOOL.convert(value, option, None)
    return option.opts[0] if on else option.secondary_opts[0]


def dashes(token: str) -> str:
    """Flower's options have `_`, most programs' have `-`: both are understood."""
    return token.replace("_", "-")


def service_links(environment: Mapping[str, str], prefix: str) -> list[str]:
    """Variables that Kubernetes set for a Service named like us (`FLOWER_PORT=tcp://…`) and that mean no option."""
    return [name for name, value in environment.items() if name.startswith(prefix) and value.startswith("tcp://")]


def ignore_service_links(prefix: str) -> None:
    """Take them out of the environment, with a warning."""
    for name in service_links(os.environ, prefix):
        warn(
            f"{name} looks like a Kubernetes Service link, not like an option; it is ignored. "
            "enableServiceLinks: false in the pod keeps it out."
        )
        del os.environ[name]


def warn(text: str) -> None:
    """Tell whoever starts the monitor; it starts nevertheless."""
    click.echo(f"Warning: {text}", err=True)
