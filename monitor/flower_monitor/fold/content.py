"""What kombu's serializers other than JSON leave in a message. Never reached by the fast path.

Pickle is never loaded: whoever can publish could run code here.
"""

from typing import Any

import msgspec

from flower_monitor.fold.events import Broken, broken

_JSON = frozenset({"application/json", ""})
_MSGPACK = frozenset({"application/x-msgpack"})

_FIX = "set event_serializer = 'json' (Celery's default) in the configuration of workers and clients"


class Foreign(bytes):
    """The body of a message whose content type is not JSON."""

    content_type: str

    @classmethod
    def of(cls, body: bytes, content_type: str) -> "Foreign":
        """A body and its type."""
        made = cls(body)
        made.content_type = content_type
        return made


def opened(body: bytes) -> Any | Broken:
    """What a foreign body holds, or why that can't be said."""
    kind = body.content_type if isinstance(body, Foreign) else ""
    if kind in _MSGPACK:
        try:
            return msgspec.msgpack.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return broken("body", "not MessagePack", body)
    return broken("serializer", f"its content type {kind[:60]!r} is not understood: {_FIX}", bytes(body))


def is_foreign(content_type: Any) -> bool:
    """Whether a content type says that a body is not JSON."""
    return isinstance(content_type, str) and content_type not in _JSON
