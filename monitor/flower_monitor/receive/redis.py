"""Redis: subscribe to kombu's fanout channels and read straight from the socket.

Replies are parsed (hiredis) by the thread that decodes: this one only receives.
"""

import contextlib
import math
import socket
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

from flower_monitor.config import Config
from flower_monitor.constants import EVENT_EXCHANGE
from flower_monitor.exceptions import BrokerError
from flower_monitor.fold import decode
from flower_monitor.receive import resp, sockets
from flower_monitor.receive.feed import CHUNK, Losses
from flower_monitor.receive.link import Link
from flower_monitor.receive.stream import PIECE, Parser, Stream
from flower_monitor.receive.thread import Receiver
from flower_monitor.receive.url import Broker

#: Seconds of silence before we ask whether Redis is still there; as many again before we give it up. kombu's
#: `health_check_interval` says otherwise.
SILENCE = 10.0

#: Bytes read at once: at 100 MB/s a read each 10 ms, so that waiting 5 ms for the interpreter costs nothing.
READ = 1 << 20

#: Bytes below which it pays to wait a moment for more, and the seconds of it: each read costs as much as five events.
FEW = 1 << 16
MOMENT = 0.005

#: Seconds after which Python hands the interpreter to a thread that waits for it (sys.setswitchinterval): its own
#: default, and the one while we are behind. The second makes every event 5 % dearer.
PATIENT, URGENT = 0.005, 0.0005

#: Seconds for which a full read says that we were behind.
RECENT = 1.0

#: What INFO says of disconnections for a full output buffer; Redis 7.2 and later.
_CUT_OFFS = "client_output_buffer_limit_disconnections"


class RedisFeed:
    """The events that Celery publishes on one Redis."""

    decode = staticmethod(decode.envelopes)

    def __init__(self, brokers: Sequence[Broker], config: Config) -> None:
        self.link = Link(brokers[0])
        self._stream = Stream(config.buffer_bytes)
        self._parser = Parser(config.buffer_bytes)
        self._payloads: list[bytes] = []
        self._chunk = b""
        self._at = 0
        session = RedisSession(config, self.link, self._stream)
        self._receiver = Receiver(session, self.link, brokers)

    def start(self) -> None:
        """Begin to receive."""
        self._receiver.start()

    def stop(self) -> None:
        """Stop receiving."""
        self._receiver.stop()

    def close(self) -> None:
        """Nothing to say: pub/sub knows no acknowledgement."""

    def wait(self, seconds: float) -> None:
        """Until something came, or some seconds."""
        self._stream.wait(seconds)

    def take(self) -> list[bytes]:
        """Up to CHUNK payloads."""
        payloads = self._payloads
        while len(payloads) < CHUNK:
            if self._at >= len(self._chunk) and not self._next():
                break
            payloads += self._parser.payloads(self._chunk, self._at)
            self._at += PIECE
        taken = payloads[:CHUNK]
        del payloads[:CHUNK]
        return taken

    def _next(self) -> bool:
        """Go on to the next chunk; whether there was one."""
        there, data = self._stream.take()
        if there and data is None:
            self._parser.restart()
        self._chunk, self._at = data or b"", 0
        return there

    def committed(self) -> None:
        """As `close`."""

    def waiting(self) -> int:
        """Bytes that wait."""
        return self._stream.held

    def losses(self) -> Losses:
        """What did not fit, and what made no sense."""
        stream, parser = self._stream, self._parser
        reasons = {"buffer": stream.dropped_messages, "oversize": parser.oversize, "garbled": parser.garbled}
        return Losses(sum(reasons.values()), stream.dropped_bytes, reasons)


class RedisSession:
    """Reads the socket into the stream; nothing else."""

    def __init__(self, config: Config, link: Link, stream: Stream) -> None:
        self._link = link
        self._options = config.transport_options
        self._exchange = config.app.event_exchange
        self._silence = float(self._options.get("health_check_interval") or SILENCE)
        self._stream = stream
        self._socket: socket.socket | None = None
        self._server = ""
        self._cut_offs = 0

    def interrupt(self) -> None:
        """End a read."""
        if (sock := self._socket) is not None:
            # Already closed by the other side: then the read ends by itself.
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def run(self, broker: Broker, stopping: threading.Event) -> None:
        """Connect, log in, subscribe, receive."""
        with sockets.connect(broker, self._options) as sock:
            self._socket = sock
            why = self._recognised(sock)
            rest = self._subscribe(sock, broker)
            self._stream.restart()
            if rest:
                self._stream.put(rest)
            self._link.connected("pub/sub", reason=why)
            try:
                self._receive(sock, stopping)
            finally:
                sys.setswitchinterval(PATIENT)

    def _subscribe(self, sock: socket.socket, broker: Broker) -> bytes:
        patterns = [pattern(broker, self._options, self._exchange)]
        if self._options.get("sentinel_fanout_compat") and broker.sentinels:
            patterns.append(pattern(broker._replace(virtual_host="{db}"), self._options, self._exchange))
        return resp.subscribe(sock, *patterns)

    def _recognised(self, sock: socket.socket) -> str:
        """Look whether it is the Redis of before; why the last connection ended, if that says more than we knew."""
        server = resp.info(sock, b"server").get("run_id", "")
        cut_offs = int(resp.info(sock, b"stats").get(_CUT_OFFS, 0))
        before, self._server = self._server, server
        grown, self._cut_offs = cut_offs > self._cut_offs, cut_offs
        lost = self._link.lost
        if lost is None or not (before and server):
            return ""
        if before != server:
            return "restarted" if lost.reason in ("closed", "silent", "cut-off") else ""
        return "cut-off" if lost.reason == "closed" and grown else ""

    def _receive(self, sock: socket.socket, stopping: threading.Event) -> None:
        sock.settimeout(self._silence)
        buffer = bytearray(READ)
        view = memoryview(buffer)
        receive, put = sock.recv_into, self._stream.put
        asked = behind = False
        full = asleep = awake = -math.inf
        called = time.monotonic()
        while not stopping.is_set():
            try:
                size = receive(buffer)
            except TimeoutError:
                size = -1
            except ConnectionResetError:
                size = 0
            now = time.monotonic()
            if now - called > self._silence + RECENT:
                asleep, awake = called, now  # nothing but a process that stood still takes longer than its timeout
            called = now
            if size < 0:
                if asked and awake != now:
                    silent = 2 * self._silence
                    raise BrokerError(f"Redis was silent for {silent:.0f} s", "silent", silent)
                asked = True
                with contextlib.suppress(ConnectionError):  # then the next read says that it is closed
                    sock.sendall(resp.command(b"PING"))
                continue
            if not size:
                raise _closed(now - full < RECENT, now - asleep if now - awake < RECENT else 0.0)
            asked = False
            put(bytes(view[:size]))
            if size == READ:
                full = now
            if (size == READ) != behind:
                behind = not behind
                sys.setswitchinterval(URGENT if behind else PATIENT)
            if size < FEW:
                time.sleep(MOMENT)


def _closed(behind: bool, stood_still: float) -> BrokerError:
    """Why Redis closed the connection, as far as we can tell: it says nothing.

    Args:
        behind: Whether we read too slowly.
        stood_still: Seconds since we stood still, if we just did.
    """
    if behind or stood_still:
        return BrokerError(
            "Redis closed the connection while we were behind: it cuts off a subscriber that reads too slowly "
            "(client-output-buffer-limit pubsub). Give the monitor more CPU",
            "cut-off",
            stood_still,
        )
    return BrokerError("Redis closed the connection", "closed")


def pattern(broker: Broker, options: Mapping[str, Any], exchange: str = EVENT_EXCHANGE) -> bytes:
    """The pattern of kombu's channels for events: `<global_keyprefix>/<db>.celeryev/*`."""
    fanout = options.get("fanout_prefix", True)
    prefix = fanout if isinstance(fanout, str) else "/{db}." if fanout else ""
    keys = str(options.get("global_keyprefix", ""))
    channel = keys + prefix.replace("{db}", broker.virtual_host) + exchange
    escaped = "".join(f"\\{c}" if c in "*?[]^\\" else c for c in channel)
    # With `fanout_patterns` off kombu leaves the routing key out.
    return (escaped + ("/*" if options.get("fanout_patterns", True) else "")).encode()
