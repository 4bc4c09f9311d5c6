"""What a test does when a program it needs is not there: skipped at home, failed in CI, never silent there."""

import os
import shutil
from typing import NoReturn

import pytest


def program(name: str, package: str, *places: str) -> str:
    """The path of a program, in PATH or in one of some places."""
    found = shutil.which(name) or next((place for place in places if os.access(place, os.X_OK)), None)
    if found is None:
        missing(f"{name} is not installed; on Debian: apt-get install {package}")
    return found


def missing(reason: str) -> NoReturn:
    """End the test for want of something."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
