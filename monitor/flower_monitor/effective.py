"""Every option with its value and where that was set: for `flower-monitor config` and the page Settings."""

from collections.abc import Iterator

import click
from click.core import ParameterSource

from flower_monitor import flower_options, masking
from flower_monitor.app_option import APP, OF_APP
from flower_monitor.commandline import GroupedOption, dashes, origin, variables
from flower_monitor.config import CeleryApp, Shown


def options(context: click.Context) -> Iterator[Shown]:
    """The options, in the order of the help; of those that do nothing only what is set."""
    for one in context.command.params:
        if isinstance(one, GroupedOption) and (origin(context, one) or not flower_options.does_nothing(str(one.name))):
            yield _shown(context, one)


def _shown(context: click.Context, option: GroupedOption) -> Shown:
    name = str(option.name)
    source = origin(context, option) or "default"
    return Shown(
        group=option.group,
        name=dashes(name),
        value=masking.shown(name, context.params.get(name)),
        place=_place(context, name, source),
        source=source,
        variable=variables(context, option)[0],
    )


def _place(context: click.Context, name: str, source: str) -> str:
    match context.get_parameter_source(name):
        case ParameterSource.ENVIRONMENT:
            return "environment"
        case ParameterSource.DEFAULT_MAP:
            return "app" if source.startswith(OF_APP) else "file"
        case _:
            return source


def lines(context: click.Context) -> Iterator[str]:
    """The options in groups, as the help has them."""
    rows = list(options(context))
    names = max(len(row.name) for row in rows)
    values = min(max(len(row.value) for row in rows), 40)
    before = ""
    for row in rows:
        if row.group != before:
            yield f"{chr(10) if before else ''}{row.group}"
            before = row.group
        yield f"  {row.name:<{names}}  {row.value:<{values}}  {row.source}"
    if APP in context.meta:
        yield from _app(context.meta[APP], names)


def _app(app: CeleryApp, width: int) -> Iterator[str]:
    """What else was learned from the app, and no option sets."""
    yield "\nThe app's"
    facts = {
        "event-exchange": app.event_exchange,
        "control-exchange": app.control_exchange,
        "queues": ", ".join(app.queues),
        "tasks": f"{len(app.task_names)} registered",
    }
    for name, value in facts.items():
        yield f"  {name:<{width}}  {value}"
