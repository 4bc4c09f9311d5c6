"""`celery [options] flower …`: Celery's group `celery.commands` finds this. It is the program `flower-monitor`.

Celery loads it at every one of its commands, in every worker, so it imports next to nothing.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import click
from click.core import ParameterSource

#: Celery's own options that are ours too.
_HANDED_ON = ("broker", "result_backend")

#: Those that are not, and whether a value follows.
_CELERYS = {
    "--workdir": True,
    "--config": True,
    "--loader": True,
    "--no-color": False,
    "-C": False,
    "--skip-checks": False,
}


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

    command.run(list(_ours(arguments)), list(_handed_on(context)), context.obj.app)


def _ours(arguments: Iterable[str]) -> Iterator[str]:
    """What stands behind `flower`, without what Celery would want before it: told and left out, as Flower does."""
    rest = iter(arguments)
    for argument in rest:
        name, equals, _ = argument.partition("=")
        if name not in _CELERYS:
            yield argument
            continue
        if _CELERYS[name] and not equals:
            next(rest, None)
        click.echo(f"Warning: {name} has no effect here: it is Celery's own, write celery {name} … flower", err=True)


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
