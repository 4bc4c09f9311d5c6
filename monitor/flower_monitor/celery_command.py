"""`celery [options] flower …`: Celery's group `celery.commands` finds this. It is the program `flower-monitor`.

Celery loads it at every one of its commands, in every worker, so it imports next to nothing.
"""

from collections.abc import Iterator
from typing import Any

import click
from click.core import ParameterSource

#: Celery's own options that are ours too.
_HANDED_ON = ("broker", "result_backend")


@click.command(
    add_help_option=False,
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def flower(context: click.Context, /, arguments: tuple[str, ...], **_: Any) -> None:
    """See and steer Celery: a page, an API and metrics (flower-monitor, compatible with Flower)."""
    # `_`: options that the app adds to each of Celery's commands.
    from flower_monitor import command

    command.run(arguments, list(_handed_on(context)), context.obj.app)


def _handed_on(context: click.Context) -> Iterator[str]:
    """What stands before `flower` on the command line; ours behind it win."""
    celery = context.parent
    if celery is None:
        return
    for name in _HANDED_ON:
        if celery.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            yield f"--{name.replace('_', '-')}={celery.params[name]}"
    if celery.params.get("quiet"):
        yield "--quiet"
