"""What is logged, and what is not."""

import subprocess
import sys

import pytest

from tests.support.patience import PATIENCE

LINES = "for name in ('flower_monitor.web', 'kombu'): getattr(logging.getLogger(name), {level!r})('said by %s', name)"


def logged(chosen: str, level: str) -> list[str]:
    """Who of ours and of a library was heard, when a level is chosen and both say something of another."""
    code = f"import logging; from flower_monitor import log; log.setup('text', 'web', {chosen!r})\n"
    command = [sys.executable, "-c", code + LINES.format(level=level)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=PATIENCE)
    return [line.rpartition(" ")[2] for line in done.stderr.splitlines()]


def test_no_address_that_is_called_is_logged() -> None:
    """A webhook's may hold a token or a password, and httpx tells of each request with its address."""
    code = """
import logging
import httpx2
from flower_monitor import log
log.setup("text", "web", "debug")
with httpx2.Client(transport=httpx2.MockTransport(lambda request: httpx2.Response(200))) as client:
    client.get("https://gate/hook?token=s3cret")
logging.getLogger("flower_monitor.web").info("done")
"""
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=PATIENCE)

    assert (done.stderr.endswith("done\n"), "s3cret" in done.stderr) == (True, False)


@pytest.mark.parametrize(
    ("chosen", "level", "heard"),
    [
        ("info", "info", ["flower_monitor.web", "kombu"]),
        ("info", "debug", []),
        ("debug", "debug", ["flower_monitor.web"]),
        ("warning", "info", []),
        ("warning", "warning", ["flower_monitor.web", "kombu"]),
        ("none", "critical", []),
    ],
)
def test_no_less_is_logged_than_was_chosen_and_of_libraries_no_debugging(
    chosen: str, level: str, heard: list[str]
) -> None:
    assert logged(chosen, level) == heard
