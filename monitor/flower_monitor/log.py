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


def setup(style: str, program: str) -> None:
    """Log to stderr, as `text` or `json`; `program` says which of the monitor's processes it is."""
    text = logging.Formatter(f"%(asctime)s %(levelname)s {program}: %(message)s")
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter(program) if style == "json" else text)
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
