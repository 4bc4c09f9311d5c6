"""AMQP's frames: whatever comes in whatever pieces, each body comes out whole."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flower_monitor.exceptions import BrokerError
from flower_monitor.fold.content import Foreign
from flower_monitor.receive.frames import HEARTBEAT, Frames, acknowledgement, question

JSON = "application/json"


def frame(kind: int, payload: bytes) -> bytes:
    return struct.pack(">BHI", kind, 1, len(payload)) + payload + b"\xce"


def message(body: bytes, piece: int = 1 << 17, content_type: str | None = JSON) -> bytes:
    """A delivery as RabbitMQ sends it, its body cut into pieces."""
    deliver = b"\x00\x3c\x00\x3c" + b"\x01t" + struct.pack(">Q", 1) + b"\x00" + b"\x08celeryev" + b"\x0atask.multi"
    flags, properties = 0x1000, b"\x01"  # the delivery mode
    if content_type is not None:
        flags, properties = 0x9000, bytes([len(content_type)]) + content_type.encode() + b"\x01"
    header = struct.pack(">HHQH", 60, 0, len(body), flags) + properties
    parts = [body[start : start + piece] for start in range(0, len(body), piece)]
    return frame(1, deliver) + frame(2, header) + b"".join(frame(3, part) for part in parts)


@given(
    st.lists(st.binary(max_size=60), max_size=15),
    st.integers(1, 70),
    st.lists(st.integers(1, 50), max_size=40),
)
def test_messages_cut_anywhere_come_out_whole(bodies: list[bytes], piece: int, cuts: list[int]) -> None:
    data = b"".join(message(body, piece) + HEARTBEAT for body in bodies)
    frames, found = Frames(), []
    for size in cuts:
        found += frames.feed(data[:size])
        data = data[size:]
    found += frames.feed(data)

    assert found == bodies
    assert frames.last == len(bodies)


@pytest.mark.parametrize(("kind", "foreign"), [(JSON, False), (None, False), ("application/x-yaml", True)])
def test_a_content_type_other_than_json_is_remembered(kind: str | None, foreign: bool) -> None:
    (body,) = Frames().feed(message(b"x", content_type=kind))

    assert isinstance(body, Foreign) == foreign
    assert not isinstance(body, Foreign) or body.content_type == kind


@pytest.mark.parametrize(
    ("payload", "says"),
    [
        (b"\x00\x3c\x00\x1e\x01t\x00", "the queue was deleted"),
        (b"\x00\x0a\x00\x32\x01\x40\x06FORCED\x00\x00\x00\x00", r"FORCED \(320\)"),
        (b"\x00\x14\x00\x28\x01\x94\x09NOT_FOUND\x00\x00\x00\x00", r"NOT_FOUND \(404\)"),
    ],
)
def test_what_ends_the_consuming_is_told_after_what_came_before(payload: bytes, says: str) -> None:
    frames = Frames()

    assert frames.feed(message(b"last") + frame(1, payload)) == [b"last"]
    assert isinstance(frames.failure, BrokerError)
    with pytest.raises(BrokerError, match=says):
        raise frames.failure


def test_the_answer_to_how_many_wait_is_read() -> None:
    frames = Frames()
    frames.feed(frame(1, b"\x00\x32\x00\x0b" + b"\x05queue" + struct.pack(">II", 7, 1)))

    assert frames.waiting == 7


@pytest.mark.parametrize("data", [b"HTTP/1.1 400 Bad Request", HEARTBEAT[:-1] + b"\x00"])
def test_what_is_no_frame_is_told(data: bytes) -> None:
    with pytest.raises(BrokerError, match="no frame of AMQP"):
        Frames().feed(data)


def test_what_we_send_is_as_the_protocol_has_it() -> None:
    assert acknowledgement(1, 258) == frame(1, b"\x00\x3c\x00\x50" + b"\x00\x00\x00\x00\x00\x00\x01\x02" + b"\x01")
    assert question(1, "q") == frame(1, b"\x00\x32\x00\x0a\x00\x00" + b"\x01q" + b"\x01" + b"\x00\x00\x00\x00")
