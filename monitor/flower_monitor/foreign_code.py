"""Running what somebody else wrote in the process that starts: the app of `-A`, and `flowerconfig.py`."""

import sys


def prepare() -> None:
    """Let it import what it wants: main.py hides `typing_extensions` from msgspec, and half of PyPI needs it."""
    if sys.modules.get("typing_extensions", sys) is None:
        del sys.modules["typing_extensions"]
