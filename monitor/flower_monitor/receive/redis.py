"""Redis: subscribe to kombu's fanout channels and read straight from the socket.

By hand, not with redis-py: what is needed are four commands, and importing redis-py takes 22 MiB and 0.1 s of a
process that has neither to spare. Replies are parsed (hiredis) by the thread that decodes: this one only receives.
"""

import contextlib
import socket
import threading

from flower_monitor.config import Config
from flower_monitor.constants import EVENT_EXCHANGE, PROGRAM
from flower_monitor.exceptions import BrokerError, UsageError
from flower_monitor.fold import decode
from flower_monitor.receive.feed import CHUNK, Losses
from flower_monitor.receive.link import Link
from flower_monitor.receive.stream import Parser, Stream
from flower_monitor.receive.thread import Receiver
from flower_monitor.receive.url import Broker

#: Seconds to wait for a connection and for the reply to each command of the greeting.
CONNECT_TIMEOUT = 5.0

#: Seconds of silence before we ask whether Redis is still there; as many again before we give it up.
SILENCE = 10.0

#: Bytes read at once.
READ = 1 << 18

#: The kernel's buffer: rides out the moments in which the decoding thread holds the interpreter.
KERNEL_BUFFER = 4 << 20

#: What to do about a refusal, by the word Redis begins it with.
_REFUSALS = {
    "WRONGPASS": "the broker refused the user name or password; correct them in the URL of --broker",
    "NOAUTH": "the broker wants a password; put it into the URL of --broker",
    "NOPERM": "the broker's user may not subscribe to Celery's channels; grant them (`ACL SETUSER name &*`)",
    "LOADING": "Redis is still loading its data",
}


class RedisFeed:
    """The events that Celery publishes on one Redis."""

    decode = staticmethod(decode.envelopes)

    def __init__(self, broker: Broker, config: Config) -> None:
        self.link = Link(broker)
        self._stream = Stream(config.buffer_bytes)
        self._parser = Parser(config.buffer_bytes)
        self._payloads: list[bytes] = []
        session = RedisSession(broker, pattern(broker, config), self.link, self._stream)
        self._receiver = Receiver(session, self.link)

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
            there, data = self._stream.take()
            if not there:
                break
            if data is None:
                self._parser.restart()
            else:
                payloads += self._parser.payloads(data)
        taken = payloads[:CHUNK]
        del payloads[:CHUNK]
        return taken

    def committed(self) -> None:
        """As `close`."""

    def waiting(self) -> int:
        """Bytes that wait."""
        return self._stream.held

    def losses(self) -> Losses:
        """What did not fit, and what made no sense."""
        return Losses(self._stream.dropped_messages + self._parser.broken, self._stream.dropped_bytes)


class RedisSession:
    """Reads the socket into the stream; nothing else."""

    def __init__(self, broker: Broker, pattern: bytes, link: Link, stream: Stream) -> None:
        self._link = link
        self._broker = broker
        self._pattern = pattern
        self._stream = stream
        self._socket: socket.socket | None = None

    def interrupt(self) -> None:
        """End a read."""
        if (sock := self._socket) is not None:
            # Already closed by the other side: then the read ends by itself.
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def run(self, stopping: threading.Event) -> None:
        """Connect, log in, subscribe, receive."""
        with connect(self._broker) as sock:
            self._socket = sock
            greet(sock, self._broker)
            rest = subscribe(sock, self._pattern)
            self._stream.restart()
            if rest:
                self._stream.put(rest)
            self._link.connected()
            self._receive(sock, stopping)

    def _receive(self, sock: socket.socket, stopping: threading.Event) -> None:
        sock.settimeout(SILENCE)
        recv, put = sock.recv, self._stream.put
        asked = False
        while not stopping.is_set():
            try:
                data = recv(READ)
            except TimeoutError:
                if asked:
                    raise BrokerError(f"Redis was silent for {2 * SILENCE:.0f} s") from None
                sock.sendall(command(b"PING"))
                asked = True
                continue
            if not data:
                raise BrokerError("Redis closed the connection")
            asked = False
            put(data)


def pattern(broker: Broker, config: Config) -> bytes:
    """The pattern of kombu's channels for events: `<global_keyprefix>/<db>.celeryev/*`."""
    options = config.transport_options
    fanout = options.get("fanout_prefix", True)
    prefix = fanout if isinstance(fanout, str) else "/{db}." if fanout else ""
    keys = str(options.get("global_keyprefix", ""))
    channel = keys + prefix.replace("{db}", broker.virtual_host) + EVENT_EXCHANGE
    escaped = "".join(f"\\{c}" if c in "*?[]^\\" else c for c in channel)
    # With `fanout_patterns` off kombu leaves the routing key out.
    return (escaped + ("/*" if options.get("fanout_patterns", True) else "")).encode()


def connect(broker: Broker) -> socket.socket:
    """A connected socket."""
    try:
        if broker.socket is not None:
            sock = socket.socket(socket.AF_UNIX)
            sock.settimeout(CONNECT_TIMEOUT)
            sock.connect(broker.socket)
            return sock
        sock = socket.create_connection((broker.host, broker.port), CONNECT_TIMEOUT)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, KERNEL_BUFFER)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        return _secured(sock, broker) if broker.tls else sock
    except (OSError, UsageError) as error:
        raise BrokerError(f"can't connect: {error}") from error


def _secured(sock: socket.socket, broker: Broker) -> socket.socket:
    from flower_monitor.receive import tls  # ssl takes 3 MiB that most need not

    return tls.context(broker).wrap_socket(sock, server_hostname=broker.host)


def greet(sock: socket.socket, broker: Broker) -> None:
    """Log in, and say who we are."""
    if broker.password is not None:
        user = [broker.user.encode()] if broker.user else []
        ask(sock, b"AUTH", *user, broker.password.encode())
    ask(sock, b"PING")
    # Named for `CLIENT LIST`; an ACL may forbid it, and nothing depends on it.
    with contextlib.suppress(BrokerError):
        ask(sock, b"CLIENT", b"SETNAME", PROGRAM.encode())


def subscribe(sock: socket.socket, pattern: bytes) -> bytes:
    """Subscribe; returns what already came behind the reply."""
    expected = b"*3\r\n$10\r\npsubscribe\r\n$%d\r\n%b\r\n:1\r\n" % (len(pattern), pattern)
    sock.sendall(command(b"PSUBSCRIBE", pattern))
    reply = b""
    while len(reply) < len(expected):
        reply += _read(sock)
        if reply.startswith(b"-") and reply.endswith(b"\r\n"):
            raise refusal(reply)
    if not reply.startswith(expected):
        raise BrokerError("the broker's answer to PSUBSCRIBE makes no sense: is it a Redis?")
    return reply[len(expected) :]


def ask(sock: socket.socket, *words: bytes) -> bytes:
    """A command with a one-line reply."""
    sock.sendall(command(*words))
    reply = b""
    while not reply.endswith(b"\r\n"):
        reply += _read(sock)
    if reply.startswith(b"-"):
        raise refusal(reply)
    if not reply.startswith(b"+"):
        raise BrokerError(f"the broker's answer to {words[0].decode()} makes no sense: is it a Redis?")
    return reply


def refusal(reply: bytes) -> BrokerError:
    """An error reply as an exception that says what to do."""
    text = reply[1:].split(b"\r\n")[0].decode("utf-8", "replace")
    advice = _REFUSALS.get(text.split(" ")[0])
    return BrokerError(f"{advice} ({text})" if advice else f"Redis says: {text}")


def command(*words: bytes) -> bytes:
    """A command as Redis reads it."""
    return b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%b\r\n" % (len(w), w) for w in words)


def _read(sock: socket.socket) -> bytes:
    data = sock.recv(READ)
    if not data:
        raise BrokerError("Redis closed the connection during the greeting")
    return data
