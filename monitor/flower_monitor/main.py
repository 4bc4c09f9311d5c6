"""The entry of `flower-monitor`: prepares the process, then command.py does the work."""

import sys


def main() -> None:
    """The program."""
    # msgspec takes from it what typing has since 3.11, and it brings `inspect` and `ast`: a sixth of the start.
    sys.modules.setdefault("typing_extensions", None)  # type: ignore[arg-type]  # means: can't be imported
    from flower_monitor import command

    command.run(sys.argv[1:])
