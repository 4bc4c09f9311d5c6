"""Progress for a person, on stderr: stdout carries only what a script asked for."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

TICK = 30.0
"""Seconds between two signs of life of a long step: short enough that nobody thinks it hangs."""


def say(message: str) -> None:
    """Print one line of progress."""
    print(f"cluster: {message}", file=sys.stderr, flush=True)


@contextmanager
def step(what: str, about: str) -> Iterator[None]:
    """Say what is being done and about how long it takes, show signs of life, and say how long it took."""
    say(f"{what} (about {about})")
    started = time.monotonic()
    done = threading.Event()
    ticker = threading.Thread(target=_tick, args=(what, started, done), name="progress", daemon=True)
    ticker.start()
    try:
        yield
    finally:
        done.set()
        ticker.join()
    say(f"{what}: {time.monotonic() - started:.0f} s")


def _tick(what: str, started: float, done: threading.Event) -> None:
    while not done.wait(TICK):
        say(f"{what}: {time.monotonic() - started:.0f} s so far")
