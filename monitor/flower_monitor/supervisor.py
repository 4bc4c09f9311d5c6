"""The parent of ingest and web: starts both, starts again what dies, stops both cleanly.

`command.py` becomes this program (exec) once it knows what to do: a process that only waits needs no command line
parser in its memory. It knows the config as bytes only.

    python -m flower_monitor.supervisor CONFIG_FD LISTENER_FD LOCK_FD LOG_FORMAT LOG_LEVEL
"""

import contextlib
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence

from flower_monitor import log as logs
from flower_monitor import notify

#: Seconds before a child that died is started again: doubling from the first to the longest.
FIRST_DELAY = 0.5
LONGEST_DELAY = 15.0

#: A child that lived for so many seconds was well: its next death starts from the first delay.
WELL_AFTER = 30.0

#: Seconds that children have to stop before they are killed: the whole is under 5.
STOP_WITHIN = 4.0

_SIGNALS = {signal.SIGTERM, signal.SIGINT, signal.SIGCHLD}

#: glibc gives each thread memory of its own, which others can't use: 15 MiB in ingest. Where one thread runs at a time
#: there is nothing to be gained from it.
ONE_ARENA = {"MALLOC_ARENA_MAX": "1"}

log = logging.getLogger(__name__)


class Child:
    """One of the two processes, over all its lives."""

    def __init__(self, role: str, config: bytes, descriptors: Sequence[int], inherited: Sequence[int]) -> None:
        self.role = role
        self._config = config
        self._descriptors = descriptors
        self._inherited = inherited
        self._lifeline = -1
        self._delay = FIRST_DELAY
        self._started = 0.0
        self.process: subprocess.Popen[bytes] | None = None
        self.due: float | None = 0.0
        """When to start it, by the monotonic clock; None while it runs."""

    def start(self) -> None:
        """Start it, and tell it the config over a pipe that stays open for as long as we live."""
        reading, self._lifeline = os.pipe()
        arguments = [self.role, *map(str, (reading, *self._descriptors))]
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "flower_monitor.child", *arguments],
            pass_fds=(reading, *self._descriptors, *self._inherited),
            stdin=subprocess.DEVNULL,
            env=ONE_ARENA | os.environ,
        )
        os.close(reading)
        self._started, self.due = time.monotonic(), None
        # It may be dead by now: then its death is what is reported.
        with contextlib.suppress(BrokenPipeError), open(self._lifeline, "wb", closefd=False, buffering=0) as pipe:
            pipe.write(len(self._config).to_bytes(4, "little") + self._config)

    def ended(self, status: int) -> None:
        """It died: say so, and when it is started again."""
        os.close(self._lifeline)
        self.process = None
        if time.monotonic() - self._started > WELL_AFTER:
            self._delay = FIRST_DELAY
        self.due = time.monotonic() + self._delay
        log.error("%s ended unexpectedly (%s); it is started again in %.1f s", self.role, _told(status), self._delay)
        self._delay = min(self._delay * 2, LONGEST_DELAY)


class Supervisor:
    """Watches the children."""

    def __init__(self, children: Sequence[Child]) -> None:
        self._children = children

    def run(self) -> None:
        """Until SIGTERM or SIGINT."""
        signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        # The socket listens already: who connects now is answered as soon as web is there. Not before the line above:
        # who is told may send SIGTERM at once.
        notify.tell("READY=1")
        while True:
            self._start_due()
            received = signal.sigtimedwait(_SIGNALS, self._until_due())
            self._reap()
            if received is not None and received.si_signo != signal.SIGCHLD:
                break
        self._stop()

    def _start_due(self) -> None:
        for child in self._children:
            if child.due is not None and child.due <= time.monotonic():
                child.start()

    def _until_due(self) -> float:
        dues = [child.due for child in self._children if child.due is not None]
        return max(0.0, min(dues) - time.monotonic()) if dues else 3600.0

    def _reap(self) -> None:
        """Take note of every child that ended; as process 1 also of those that are not ours."""
        while found := _ended():
            pid, status = found
            for child in self._children:
                if child.process is not None and child.process.pid == pid:
                    child.process.returncode = status
                    child.ended(status)

    def _stop(self) -> None:
        """Ask both to stop; kill what does not."""
        notify.tell("STOPPING=1")
        running = {child.process.pid: child for child in self._children if child.process is not None}
        _tell(running, signal.SIGTERM)
        deadline = time.monotonic() + STOP_WITHIN
        while running and (left := deadline - time.monotonic()) > 0:
            signal.sigtimedwait({signal.SIGCHLD}, left)
            while found := _ended():
                _forget(running, *found)
        for child in running.values():
            log.error("%s did not stop within %.0f s and is killed", child.role, STOP_WITHIN)
        _tell(running, signal.SIGKILL)
        for pid in running:
            os.waitpid(pid, 0)


def _ended() -> tuple[int, int] | None:
    """A process that ended, and its exit status as subprocess has it; None when none did."""
    try:
        pid, status = os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return None
    return (pid, os.waitstatus_to_exitcode(status)) if pid else None


def _forget(running: dict[int, Child], pid: int, status: int) -> None:
    child = running.pop(pid, None)
    if child is not None and child.process is not None:
        child.process.returncode = status
        if status not in (0, -signal.SIGTERM):
            log.error("%s stopped with an error (%s)", child.role, _told(status))


def _tell(running: dict[int, Child], number: signal.Signals) -> None:
    for pid in running:
        os.kill(pid, number)


def _told(status: int) -> str:
    return f"signal {signal.Signals(-status).name}" if status < 0 else f"exit code {status}"


def main(config_fd: int, listener_fd: int, lock_fd: int, log_format: str, log_level: str) -> None:
    """Supervise."""
    logs.setup(log_format, "supervisor", log_level)
    with open(config_fd, "rb") as pipe:
        config = pipe.read()
    # The lock lasts until the last process that has it is gone: ingest may outlive us for a moment.
    # For what web has to say to ingest (letterbox.py); open here, so that it outlives either.
    reading, writing = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ingest = Child("ingest", config, (reading.fileno(),), (lock_fd,))
    web = Child("web", config, (writing.fileno(), listener_fd), ())
    # Web first, as it takes longer to load.
    Supervisor([web, ingest]).run()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), *sys.argv[4:6])
