"""Calling programs: what they say when they fail, and that they never outlive us."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from e2e.cluster.errors import ClusterError, CommandError
from e2e.cluster.run import run, succeeds, tail, wait_for
from tests.support.patience import PATIENCE


def test_output_is_returned() -> None:
    assert run("sh", "-c", "echo $WORD", env={"WORD": "hello"}) == "hello\n"


def test_a_failure_shows_command_code_and_what_was_said() -> None:
    with pytest.raises(CommandError, match=r"(?s)sh -c.*exit code 7.*out of luck") as caught:
        run("sh", "-c", "echo out of luck >&2; exit 7")
    assert caught.value.code == 7


def test_a_program_that_is_not_there_is_named() -> None:
    with pytest.raises(CommandError, match="no-such-program: no such program"):
        run("no-such-program", "x")


def test_a_program_that_does_not_end_is_given_up() -> None:
    with pytest.raises(CommandError, match="no end within 0 s"):
        run("sleep", "60", timeout=0.1)


def test_standard_input_is_what_was_given() -> None:
    assert run("cat", stdin="text") == "text"


def test_succeeds_tells_the_exit_code() -> None:
    assert succeeds("true")
    assert not succeeds("false")


def test_tail_keeps_the_last_lines() -> None:
    assert tail("1\n2\n3\n", lines=2) == "2\n3"


def test_waiting_ends_with_an_error_that_says_for_what() -> None:
    with pytest.raises(ClusterError, match="for the moon"):
        wait_for(lambda: False, 0.2, "the moon")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems cannot tie a process to its parent")
def test_a_program_ends_when_we_are_killed(tmp_path: Path) -> None:
    """An orphaned `kind create` would make nodes that the next run knows nothing of."""
    pid_file = tmp_path / "pid"
    code = f"from e2e.cluster.run import run; run('sh', '-c', 'echo $$ > {pid_file}; exec sleep 600')"
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=Path(__file__).parents[2])
    try:
        _wait(lambda: pid_file.exists() and pid_file.read_text().strip() != "")
        child = int(pid_file.read_text())
    finally:
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    _wait(lambda: _ended(child))


def _wait(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _ended(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True
    return stat.rpartition(")")[2].split()[0] == "Z"
