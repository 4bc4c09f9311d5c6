"""Logging of a whole process: lines for people, or JSON objects for collectors. To stderr, never with a secret."""

import json
import logging
import time


class JsonFormatter(logging.Formatter):
    """One JSON object a line."""

    def __init__(self, program: str) -> None:
        super().__init__()
        self._program = program

    def format(self, record: logging.LogRecord) -> str:  # type: ignore[explicit-override]  # typing.override is 3.12's
        """The record as JSON."""
        entry = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "program": self._program,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return json.dumps(entry)


def setup(style: str, program: str, level: str = "info") -> None:
    """Log to stderr.

    Args:
        style: `text` or `json`.
        program: Which of the monitor's processes it is.
        level: The least of ours that is logged, or `none`. Of libraries at least `info`: what they tell of themselves
            while they are debugged may hold what is nobody's business.
    """
    text = logging.Formatter(f"%(asctime)s %(levelname)s {program}: %(message)s")
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter(program) if style == "json" else text)
    number = logging.CRITICAL + 1 if level == "none" else logging.getLevelNamesMapping()[level.upper()]
    logging.basicConfig(level=max(number, logging.INFO), handlers=[handler], force=True)
    logging.getLogger("flower_monitor").setLevel(number)
    # It tells the address of each request at `info`: a webhook's may hold a token or a password.
    logging.getLogger("httpx2").setLevel(max(number, logging.WARNING))
