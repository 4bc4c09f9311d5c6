"""Logging: text for people or JSON for machines, one line a record, with the key of the object spoken of."""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any

from typing_extensions import override

from .spec import Key


class Keyed(logging.LoggerAdapter[logging.Logger]):
    """A logger that says which FlowerMonitor it speaks of."""

    def __init__(self, logger: logging.Logger, key: Key) -> None:
        super().__init__(logger, {"key": str(key)})

    @override
    def process(self, msg: Any, kwargs: Any) -> tuple[Any, Any]:
        return msg, {**kwargs, "extra": self.extra}


class _Text(logging.Formatter):
    @override
    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        key = getattr(record, "key", None)
        return f"{text} [{key}]" if key else text


class _Json(logging.Formatter):
    @override
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        key = getattr(record, "key", None)
        if key:
            line["flowermonitor"] = key
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line)


def configure(log_format: str, verbose: bool = False) -> None:
    """Send every record of this process to stderr in the given format. Called once, by a command."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if log_format == "json" else _Text("%(asctime)s %(levelname)-7s %(message)s"))
    logging.basicConfig(handlers=[handler], level=logging.DEBUG if verbose else logging.INFO, force=True)
    # kopf tells each handler's start and end at INFO: thousands of lines at start that say nothing.
    logging.getLogger("kopf").setLevel(logging.WARNING)
    # Said at each start, since kopf has a thread of its own here; the signals are ours to handle.
    logging.getLogger("kopf._core.reactor.running").addFilter(lambda record: "OS signals" not in record.getMessage())
    logging.getLogger("aiohttp.access").setLevel(logging.WARNING)
