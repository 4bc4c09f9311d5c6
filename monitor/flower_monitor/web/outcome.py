"""What workers replied to a command, in a form that every route can show. Pure."""

from collections.abc import Collection
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from flower_monitor.control import Replies

Acknowledged = Annotated[bool, Meta(description="Whether there was somebody, and all who were asked have done it")]
Said = Annotated[
    dict[str, dict[str, Any]],
    Meta(description="By host name what each worker said: `ok` or `error`, with its text"),
]
Silent = Annotated[
    list[str],
    Meta(description="Workers that did not answer in time: busy, gone, or without remote control"),
]

NO_REPLY = "it did not answer in time: it is busy, gone, or its remote control is off (worker_enable_remote_control)"


class Outcome(msgspec.Struct, frozen=True):
    """What became of a command."""

    acknowledged: bool
    replies: dict[str, dict[str, Any]]
    """Host name -> what it said, as kombu has it: `{"ok": text}` or `{"error": text}`."""

    silent: list[str]

    def reason(self, hostname: str) -> str | None:
        """Why a worker has not done it, in Flower's words where nobody knows; None: it has."""
        reply = self.replies.get(hostname)
        if reply is None:
            return f"Unknown reason ({NO_REPLY})"
        return None if "ok" in reply else str(reply["error"])

    def value(self, hostname: str) -> Any:
        """What a worker that has done it said."""
        return self.replies[hostname].get("ok")


def outcome(command: str, replies: Replies, asked: Collection[str]) -> Outcome:
    """The outcome of a command.

    Args:
        command: Its name.
        replies: What came.
        asked: Workers that should have answered.
    """
    said = {host: _shown(found[command]) for host, found in sorted(replies.items()) if command in found}
    silent = sorted(set(asked) - set(said))
    done = bool(said) and not silent and all("ok" in reply for reply in said.values())
    return Outcome(done, said, silent)


def _shown(reply: Any) -> dict[str, Any]:
    """A reply with `ok` or `error`; a command that somebody added to Celery's may say anything."""
    return reply if isinstance(reply, dict) and set(reply) & {"ok", "error"} else {"ok": reply}
