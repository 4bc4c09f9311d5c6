"""AMQP 0-9-1's frames, as far as a consumer needs them once it consumes.

py-amqp opens the connection; from then on we read by hand: it takes 40 us a message, this about 2.
"""

from struct import Struct

from flower_monitor.exceptions import BrokerError
from flower_monitor.fold.content import Foreign

#: Type, channel, size of what follows; one byte ends each frame.
_HEAD = Struct(">BHI")
_END = 0xCE
_METHOD, _HEADER, _BODY = 1, 2, 3
_KINDS = (_METHOD, _HEADER, _BODY, 8)

_SIZE = Struct(">Q")
_COUNT = Struct(">I")
_CODE = Struct(">H")

_DELIVER = b"\x00\x3c\x00\x3c"
_CANCEL = b"\x00\x3c\x00\x1e"
_DECLARED = b"\x00\x32\x00\x0b"
_CHANNEL_CLOSE = b"\x00\x14\x00\x28"
_CLOSE = b"\x00\x0a\x00\x32"
_CLOSED = b"\x00\x0a\x00\x33"

_JSON = b"\x10application/json"

#: Bit of the property flags that says that a content type comes first.
_HAS_TYPE = 0x80

#: Code of a close that somebody ordered: an administrator, or RabbitMQ's own stop, whose text says shutdown.
_FORCED = 320

HEARTBEAT = _HEAD.pack(8, 0, 0) + bytes([_END])


class Frames:
    """Bytes of a connection on which one channel consumes, to the bodies of its messages."""

    def __init__(self) -> None:
        self._rest = b""
        self._parts: list[bytes] = []
        self._missing = 0
        self._type: str | None = None
        self.last = 0
        """Delivery tag of the last whole message. They have no gaps: it counts the messages of the channel."""

        self.waiting: int | None = None
        """Messages in the queue, by the broker's last answer."""

        self.failure: BrokerError | None = None
        """Why the broker ended the consuming, once it has."""

        self.closed = False
        """The broker agreed that the connection ends."""

    def feed(self, data: bytes) -> list[bytes]:
        """The bodies that some more bytes complete."""
        buffer = self._rest + data if self._rest else data
        found: list[bytes] = []
        at, end, head = 0, len(buffer), _HEAD.unpack_from
        while end - at >= 8:
            kind, _, size = head(buffer, at)
            if kind not in _KINDS:
                raise BrokerError("RabbitMQ sent something that is no frame of AMQP", "garbled")
            stop = at + size + 8
            if stop > end:
                break
            if buffer[stop - 1] != _END:
                raise BrokerError("RabbitMQ sent something that is no frame of AMQP", "garbled")
            if kind == _BODY:
                self._body(buffer[at + 7 : stop - 1], found)
            elif kind == _HEADER:
                self._header(buffer, at + 7, found)
            elif kind == _METHOD and not buffer.startswith(_DELIVER, at + 7):
                self._method(buffer[at + 7 : stop - 1])
            at = stop
        self._rest = buffer[at:]
        return found

    def _header(self, buffer: bytes, at: int, found: list[bytes]) -> None:
        """A message begins: class, weight, size of the body, flags, properties."""
        (self._missing,) = _SIZE.unpack_from(buffer, at + 4)
        self._type = None
        if buffer[at + 12] & _HAS_TYPE and not buffer.startswith(_JSON, at + 14):
            self._type = buffer[at + 15 : at + 15 + buffer[at + 14]].decode("ascii", "replace")
        if not self._missing:
            self._body(b"", found)

    def _body(self, part: bytes, found: list[bytes]) -> None:
        self._missing -= len(part)
        if self._missing:
            self._parts.append(part)
            return
        if self._parts:
            part = b"".join((*self._parts, part))
            self._parts = []
        self.last += 1
        found.append(part if self._type is None else Foreign.of(part, self._type))

    def _method(self, payload: bytes) -> None:
        what, rest = payload[:4], payload[4:]
        if what == _DECLARED:
            (self.waiting,) = _COUNT.unpack_from(rest, 1 + rest[0])
        elif what == _CLOSED:
            self.closed = True
        elif what == _CANCEL:
            self.failure = BrokerError("the queue was deleted, or its node went down", "closed")
        elif what in (_CLOSE, _CHANNEL_CLOSE):
            (code,) = _CODE.unpack_from(rest)
            text = rest[3 : 3 + rest[2]].decode("utf-8", "replace")
            reason = "restarted" if code == _FORCED and "shutdown" in text else "closed"
            self.failure = BrokerError(f"RabbitMQ closed the connection: {text} ({code})", reason)


def acknowledgement(channel: int, tag: int) -> bytes:
    """All messages of a channel up to a tag are stored."""
    return _method(channel, b"\x00\x3c\x00\x50" + _SIZE.pack(tag) + b"\x01")


def question(channel: int, queue: str) -> bytes:
    """How many messages wait in a queue: declaring it passively needs no right and changes nothing."""
    name = queue.encode()
    return _method(channel, b"\x00\x32\x00\x0a\x00\x00" + bytes([len(name)]) + name + b"\x01\x00\x00\x00\x00")


def farewell() -> bytes:
    """We end the connection."""
    return _method(0, _CLOSE + _CODE.pack(200) + b"\x00\x00\x00\x00\x00")


def _method(channel: int, payload: bytes) -> bytes:
    return _HEAD.pack(_METHOD, channel, len(payload)) + payload + bytes([_END])
