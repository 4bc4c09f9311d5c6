"""The command `flower-operator`: programs for reconciling, for the fleet view, and to try a monitor."""

from importlib import import_module
from typing import Final

import click
from typing_extensions import override

from . import __version__

_COMMANDS: Final = {
    "controller": "flower_operator.controller.cli",
    "fleet": "flower_operator.fleet.cli",
    "try-task": "flower_operator.trial",
}


class _Programs(click.Group):
    """Loads a command's module only when it runs: the controller never loads a web framework, nor the fleet kopf."""

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command = import_module(_COMMANDS[cmd_name]).command
        assert isinstance(command, click.Command)  # noqa: S101 - narrows the type; a command module has one
        return command


@click.group(cls=_Programs, context_settings={"auto_envvar_prefix": "FLOWER_OPERATOR"})
@click.version_option(__version__, package_name="flower-operator")
def main() -> None:
    """Durable, live, Flower-compatible monitors of Celery on Kubernetes."""
