"""Options of Flower that are understood and not followed: each with the reason, and what to use instead.

Where something would be shown, kept or left out against what the option asks for, the start is refused. Where nothing
is lost, whoever starts the monitor is told that it has no effect.
"""

import difflib
import os
import re
from collections.abc import Collection, Iterable, Mapping

import click

from flower_monitor.commandline import ALIKE, CELERYS, GroupedOption, dashes, origin, warn
from flower_monitor.exceptions import UsageError

REFUSED: Mapping[str, str] = {
    "format_task": "a function of yours can't be called for each task; what hides texts is --redact",
    "log_file_prefix": "the log goes to stderr; write 2>> FILE behind the command, or let systemd or Docker keep it",
}
"""Option -> why it is refused, and what replaces it."""

IDLE: Mapping[str, str] = {
    "state_save_interval": "all that comes in is on disk within 250 ms",
    "max_workers": "memory does not grow with workers that are gone; they are forgotten after --purge-offline-workers",
    "auto_refresh": "pages are updated by a live stream, which each reader can pause",
    "natural_time": "lists show how long ago something was, with the time when pointed at",
    "tasks_columns": "the page has columns of its own so far",
    "log_to_stderr": "the log always goes there",
    "log_file_max_size": "the log goes to stderr",
    "log_file_num_backups": "the log goes to stderr",
    "log_rotate_when": "the log goes to stderr",
    "log_rotate_interval": "the log goes to stderr",
    "log_rotate_mode": "the log goes to stderr",
}
"""Option -> why it has no effect."""

PERSISTENT = "history is always kept; to begin without it, delete the file of --store"
"""Why `--persistent=False` has no effect; true is what is done anyway."""

LONGEST_INSPECT = 10_000.0
"""Milliseconds that workers are waited for at most: above that Control's own deadline would come first."""

VARIABLES: Mapping[str, str] = {
    "FLOWER_UNAUTHENTICATED_API": "the API is never open; log in with HTTP Basic (--basic-auth) or with a bearer token "
    "(--token-file)",
}
"""Variables of Flower that are no options -> why they have no effect."""

#: Set by Kubernetes for a Service, or for our other programs.
_NOT_OURS = re.compile(r"FLOWER_(.*_)?(SERVICE_(HOST|PORT.*)|PORT_\d+_.*)|FLOWER_(OPERATOR|FLEET)_.*|FLOWER_DATA_DIR")


def parameters() -> list[click.Parameter]:
    """They, so that all three ways to set them are known and the help lists them."""
    refused = (_option("Flower's that are refused", name, why) for name, why in REFUSED.items())
    idle = (_option("Flower's without effect", name, why) for name, why in IDLE.items())
    persistent = GroupedOption(
        ["--persistent/--no-persistent"], group="Flower's without effect", default=None, help=_sentence(PERSISTENT)
    )
    return [*refused, persistent, *idle]


def _option(group: str, name: str, why: str) -> GroupedOption:
    # A value need not follow, as after a switch of Flower's.
    return GroupedOption(
        [f"--{dashes(name)}"],
        group=group,
        type=click.UNPROCESSED,
        is_flag=False,
        flag_value="true",
        metavar="…",
        help=_sentence(why),
    )


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def does_nothing(name: str) -> bool:
    """Whether an option is one of these."""
    return name in REFUSED or name in IDLE or name == "persistent"


def check(context: click.Context) -> None:
    """Refuse those that are refused, and tell of those that have no effect."""
    for parameter in context.command.params:
        name, value = str(parameter.name), context.params.get(str(parameter.name))
        place = origin(context, parameter)
        if place is None or value in (None, ""):
            continue
        option = f"--{dashes(name)}" if place == "command line" else f"--{dashes(name)} (from {place})"
        if name in REFUSED:
            raise UsageError(f"{option}: {REFUSED[name]}")
        if name in IDLE:
            warn(f"{option} has no effect: {IDLE[name]}")
        if name == "persistent" and not value:
            warn(f"{option}: {PERSISTENT}")
        if name == "inspect_timeout" and value > LONGEST_INSPECT:
            warn(f"{option}: workers are waited for {LONGEST_INSPECT:.0f} ms at most, and so here")


def check_environment(known: Iterable[str]) -> None:
    """Tell of variables that look like an option's and are none; `known` are the options' names."""
    names = [f"FLOWER_{name.upper()}" for name in known]
    for variable in sorted(name for name, value in os.environ.items() if name.startswith("FLOWER_") and value):
        if variable in VARIABLES:
            _tell_variable(variable)
        elif variable not in names and not _NOT_OURS.fullmatch(variable):
            _tell_unknown(variable, names)


def _tell_variable(variable: str) -> None:
    if os.environ[variable].lower() not in ("n", "no", "f", "false", "off", "0"):
        warn(f"{variable} has no effect: {VARIABLES[variable]}")


def _tell_unknown(variable: str, names: Collection[str]) -> None:
    if (name := variable[7:].lower()) in CELERYS:
        warn(f"{variable} is no option and is ignored: {CELERYS[name]}")
        return
    # Without what is the same in all.
    close = difflib.get_close_matches(variable[7:], [name[7:] for name in names], 1, ALIKE)
    if close:
        warn(f"{variable} is no option and is ignored. Did you mean FLOWER_{close[0]}?")
