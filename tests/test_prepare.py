"""What `make` says when a machine lacks something."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def prepare(*names: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the script on a machine that has nothing on PATH."""
    clean = {name: value for name, value in os.environ.items() if name != "CI"}
    command = [sys.executable, "scripts/prepare.py", *names]
    env = {**clean, "PATH": "/nonexistent", **environment}
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


def test_a_missing_server_at_home_names_the_package_and_goes_on() -> None:
    done = prepare("redis")

    assert (done.returncode, "apt-get install redis-server" in done.stderr) == (0, True)


def test_a_missing_server_in_ci_is_an_error() -> None:
    done = prepare("chromium", CI="true")

    assert (done.returncode, "cannot go on" in done.stderr) == (1, True)


def test_an_unknown_need_lists_the_known_ones() -> None:
    done = prepare("postgres")

    assert (done.returncode, "uv, node, redis" in done.stderr) == (2, True)
