"""Exceptions that a worker tells of in their wrapping: which one it was stands in the traceback. Pure.

Where Celery's main process itself ends a task (its process was killed, or it took longer than its time limit), billiard
wraps the exception for its way between processes, and `celery.worker.request` tells the wrapping's repr
(`billiard.einfo.ExceptionWithTraceback`, seen with Celery 5.7.0): each such failure would look like every other.
"""

import re

#: What is told instead of the exception.
WRAPPED = "ExceptionWithTraceback()"

#: The line that a traceback ends with, as `traceback.format_exception` writes it: module, class, message.
_RAISED = re.compile(r"^(?:[\w.]+\.)?(?P<cls>\w+)(?:: (?P<message>.+))?$", re.DOTALL)

_FRAMES_END = re.compile(r"^(?! )(?!Traceback \()", re.MULTILINE)


def unwrapped(traceback: str | None) -> str:
    """The repr of the exception that a traceback ends with; the wrapping's where the traceback does not tell.

    >>> unwrapped('Traceback (most recent call last):\\n  File "p.py", line 1, in f\\na.WorkerLostError: signal 9\\n')
    "WorkerLostError('signal 9')"
    """
    _, frame, rest = (traceback or "").rpartition('\n  File "')
    end = _FRAMES_END.search(rest, rest.find("\n") + 1) if frame else None
    found = _RAISED.match(rest[end.start() :].rstrip()) if end else None
    if found is None:
        return WRAPPED
    cls, message = found["cls"], found["message"] or ""
    # TimeLimitExceeded and its like say their own repr.
    return message if message.startswith(f"{cls}(") else f"{cls}({message!r})" if message else f"{cls}()"
