"""Signals by name, as Celery's `terminate` takes them. Pure."""

import signal

from flower_monitor.web.problems import bad_parameter

DEFAULT = "SIGTERM"
"""Celery's own, and Flower's."""


def signal_name(text: str | None) -> str:
    """The name of a signal, with or without SIG and in any case; the default for none.

    A worker that is sent an unknown one fails the command, and Flower reports success all the same (deviation D13).

    Raises:
        Problem: 400, naming those that there are.
    """
    stripped = (text or "").strip().upper()
    if not stripped:
        return DEFAULT
    name = stripped if stripped.startswith("SIG") else f"SIG{stripped}"
    if name not in signal.Signals.__members__:
        known = ", ".join(sorted(signal.Signals.__members__))
        raise bad_parameter("signal", f"Unknown signal '{text}': one of {known}")
    return name
