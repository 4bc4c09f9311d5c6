"""Calling other programs: one function, whose failure shows what the program said."""

import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from e2e.cluster.errors import ClusterError, CommandError

LAST_LINES = 25
"""Lines of a failed program's output that its error shows: builds print hundreds, the last ones tell why."""

SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""PATH in containers and for programs that call Debian's."""


def run(
    *command: str | Path,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    stdin: str | None = None,
    timeout: float | None = None,
) -> str:
    """Return what `command` printed on stdout. `env` adds to this environment; `timeout` is in seconds."""
    words = [str(word) for word in command]
    if shutil.which(words[0]) is None:
        raise CommandError(shlex.join(words), 127, f"{words[0]}: no such program")
    try:
        done = subprocess.run(
            [*_bound_to_us(), *words],
            cwd=cwd,
            env={**os.environ, **(env or {})},
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise CommandError(shlex.join(words), 124, f"no end within {timeout:.0f} s") from error
    if done.returncode:
        raise CommandError(shlex.join(words), done.returncode, tail(done.stdout + done.stderr))
    return done.stdout


def _bound_to_us() -> tuple[str, ...]:
    """Return the start of a command that ends when this process is killed: an orphaned kind would go on."""
    setpriv = shutil.which("setpriv") if sys.platform == "linux" else None
    return (setpriv, "--pdeathsig", "KILL", "--") if setpriv else ()


def succeeds(*command: str | Path, env: Mapping[str, str] | None = None, timeout: float = 30) -> bool:
    """Return whether `command` ends with exit code 0 within `timeout` seconds."""
    try:
        run(*command, env=env, timeout=timeout)
    except CommandError:
        return False
    return True


def tail(text: str, lines: int = LAST_LINES) -> str:
    """Return the last lines of `text`."""
    return "\n".join(text.rstrip().splitlines()[-lines:])


def wait_for(condition: Callable[[], bool], seconds: float, what: str) -> None:
    """Return once `condition` holds; fail after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise ClusterError(f"waited {seconds:.0f} s in vain for {what}")
        time.sleep(0.1)
