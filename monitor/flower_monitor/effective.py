"""`flower-monitor config`: every option with its value and where that was set."""

from collections.abc import Iterator

import click

from flower_monitor import flower_options, masking
from flower_monitor.app_option import APP
from flower_monitor.commandline import GroupedOption, dashes, origin
from flower_monitor.config import CeleryApp


def lines(context: click.Context) -> Iterator[str]:
    """The options in groups, as the help has them; of those that do nothing only what is set."""
    rows = [
        (one.group, *_row(context, one))
        for one in context.command.params
        if isinstance(one, GroupedOption) and (origin(context, one) or not flower_options.does_nothing(str(one.name)))
    ]
    widths = [max(len(row[column]) for row in rows) for column in (1, 2)]
    widths[1] = min(widths[1], 40)
    before = ""
    for group, name, value, place in rows:
        if group != before:
            yield f"{chr(10) if before else ''}{group}"
            before = group
        yield f"  {name:<{widths[0]}}  {value:<{widths[1]}}  {place}"
    if APP in context.meta:
        yield from _app(context.meta[APP], widths[0])


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


def _row(context: click.Context, parameter: click.Parameter) -> tuple[str, str, str]:
    name = str(parameter.name)
    value = masking.shown(name, context.params.get(name))
    return dashes(name), value, origin(context, parameter) or "default"
