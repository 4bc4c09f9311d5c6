"""What click does not bring: options in groups, `_` for `-`, defaults and environment variables in the help."""

import os
from collections.abc import Mapping
from typing import Any

import click


class GroupedOption(click.Option):
    """An option that is listed under a heading."""

    def __init__(self, *args: Any, group: str, **attributes: Any) -> None:
        super().__init__(*args, **{"show_default": True, "show_envvar": True, **attributes})
        self.group = group


class GroupedCommand(click.Command):
    """A command whose help lists options by group, in the order they are declared."""

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


def dashes(token: str) -> str:
    """Flower's options have `_`, most programs' have `-`: both are understood."""
    return token.replace("_", "-")


def service_links(environment: Mapping[str, str], prefix: str) -> list[str]:
    """Variables that Kubernetes set for a Service named like us (`FLOWER_PORT=tcp://…`) and that mean no option."""
    return [name for name, value in environment.items() if name.startswith(prefix) and value.startswith("tcp://")]


def ignore_service_links(prefix: str) -> None:
    """Take them out of the environment, with a warning."""
    for name in service_links(os.environ, prefix):
        click.echo(
            f"Warning: {name} looks like a Kubernetes Service link, not like an option; it is ignored. "
            "enableServiceLinks: false in the pod keeps it out.",
            err=True,
        )
        del os.environ[name]
