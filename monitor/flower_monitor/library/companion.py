"""The process between a script and the monitor that it started: it ends the monitor when the script is gone.

A script can be killed, and nothing of a monitor that it started may then be left. So it holds one end of our standard
input: the first line of it says what to do, and its end, which the kernel brings about whatever happens to the script,
means stop.

    python -m flower_monitor.library.companion program          a line: the arguments of flower-monitor, in JSON
    python -m flower_monitor.library.companion ingest LETTERS_FD LOCK_FD          a line: the config, in JSON
"""

import json
import os
import signal
import sys
import threading


def main(role: str, *descriptors: int) -> None:
    """Be what the role says, until it ends or standard input does."""
    line = sys.stdin.buffer.readline()
    if role == "program":
        sys.exit(program(json.loads(line)))
    ingest(line, *descriptors)


def program(arguments: list[str]) -> int:
    """Run `flower-monitor`; its exit code. Arguments of a process can be read by others, and these hold secrets."""
    child = os.fork()
    if not child:
        _become(arguments)
    threading.Thread(target=_stop_at_end, args=(child,), daemon=True).start()
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def ingest(config: bytes, letters: int, lock: int) -> None:
    """Watch over an ingest process, as the supervisor does over two."""
    from flower_monitor import log, supervisor

    # Before the thread, which would take the signal otherwise: the supervisor's loop waits for it.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT, signal.SIGCHLD})
    threading.Thread(target=_stop_at_end, args=(os.getpid(),), daemon=True).start()
    log.setup(json.loads(config)["log_format"], "supervisor")
    supervisor.Supervisor([supervisor.Child("ingest", config, (letters,), (lock,))]).run()


def _become(arguments: list[str]) -> None:
    """In the forked process: the program, without our end of the line."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, sys.stdin.fileno())
    sys.argv = ["flower-monitor", *arguments]
    from flower_monitor.main import main as become_program

    become_program()
    sys.exit(0)  # where it did not become the supervisor: --help


def _stop_at_end(process: int) -> None:
    """Ask a process to stop when the script closes the line, or is gone."""
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os.kill(process, signal.SIGTERM)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
