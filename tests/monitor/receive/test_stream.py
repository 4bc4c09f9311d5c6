"""The buffer between Redis's socket and the decoder: whole messages only, bounded, and what is lost is counted."""

from hypothesis import given
from hypothesis import strategies as st

from flower_monitor.receive.stream import MARK, PIECE, Parser, Stream


def message(payload: bytes) -> bytes:
    """A message as Redis sends it to a subscriber."""
    words = [b"pmessage", b"/0.celeryev/*", b"/0.celeryev/task.multi", payload]
    return b"*4\r\n" + b"".join(b"$%d\r\n%b\r\n" % (len(word), word) for word in words)


def drain(stream: Stream, parser: Parser) -> list[bytes]:
    """All payloads that wait."""
    found: list[bytes] = []
    while True:
        there, data = stream.take()
        if not there:
            return found
        if data is None:
            parser.restart()
        else:
            for start in range(0, len(data), PIECE):
                found += parser.payloads(data, start)


def test_every_message_begins_with_the_mark() -> None:
    assert message(b"x").startswith(MARK)


@given(st.lists(st.binary(max_size=50), max_size=20), st.lists(st.integers(1, 40), max_size=30))
def test_messages_cut_anywhere_come_out_whole(payloads: list[bytes], cuts: list[int]) -> None:
    data = b"".join(map(message, payloads))
    stream, parser = Stream(1 << 20), Parser(1 << 20)
    for size in cuts:
        stream.put(data[:size])
        data = data[size:]
    stream.put(data)

    assert drain(stream, parser) == payloads


@given(
    st.lists(st.integers(0, 400), min_size=1, max_size=60),
    st.lists(st.tuples(st.integers(1, 4000), st.booleans()), min_size=5, max_size=200),
)
def test_what_does_not_fit_is_left_out_whole_and_counted(sizes: list[int], steps: list[tuple[int, bool]]) -> None:
    """Whatever is cut where and taken when: each message comes out as it was, in order, or is counted as dropped."""
    payloads = [b"%d:" % number + b"x" * size for number, size in enumerate(sizes)]
    data = b"".join(map(message, payloads))
    stream, parser = Stream(2000), Parser(1 << 20)
    taken: list[bytes] = []
    for size, take in steps:
        stream.put(data[:size])
        data = data[size:]
        assert stream.held <= 2000
        if take:
            taken += drain(stream, parser)
    while data:
        stream.put(data[:500])
        data = data[500:]
        taken += drain(stream, parser)
    taken += drain(stream, parser)

    lost = [payload for payload in payloads if payload not in taken]
    assert taken == [payload for payload in payloads if payload in taken]
    # A chunk may end in the middle of a message that is then dropped: counted once more at most for each time.
    assert len(lost) <= stream.dropped_messages
    assert (stream.dropped_bytes > 0) == bool(lost)


def test_of_a_chunk_that_does_not_fit_after_a_loss_the_end_is_kept() -> None:
    payloads = [b"%03d" % number + b"x" * 97 for number in range(30)]
    stream = Stream(2000)
    stream.put(message(b"x" * 3000))

    stream.put(b"".join(map(message, payloads)))

    kept = drain(stream, Parser(1 << 20))
    assert kept == payloads[-len(kept) :]
    assert len(kept) + stream.dropped_messages == len(payloads) + 2
    assert 1000 < sum(map(len, map(message, kept))) <= 2000


def test_the_reader_goes_on_after_bytes_that_make_no_sense() -> None:
    parser = Parser(1 << 20)

    assert parser.payloads(b"hello\r\n") == []
    assert parser.payloads(b"more" + message(b"good")) == [b"good"]
    assert parser.garbled == 1


def test_a_message_larger_than_the_buffer_is_given_up() -> None:
    parser = Parser(1000)
    parser.payloads(MARK + b"$1\r\na\r\n$1\r\nb\r\n$5000\r\n")
    for _ in range(5):
        parser.payloads(b"x" * 1000)

    assert parser.oversize == 1
    assert parser.payloads(message(b"next")) == [b"next"]


def test_a_new_connection_starts_a_new_message() -> None:
    stream, parser = Stream(1000), Parser(1000)
    stream.put(message(b"cut")[:20])
    stream.restart()
    stream.put(message(b"whole"))

    assert drain(stream, parser) == [b"whole"]


def test_a_chunk_of_many_pieces_comes_out_whole() -> None:
    payloads = [b"%d:" % number + b"x" * 3000 for number in range(100)]
    stream, parser = Stream(1 << 20), Parser(1 << 20)
    stream.put(b"".join(map(message, payloads)))

    assert drain(stream, parser) == payloads


def test_after_bytes_that_make_no_sense_the_next_message_of_the_same_chunk_is_found() -> None:
    stream, parser = Stream(1 << 20), Parser(1 << 20)
    stream.put(b"?" * 3 * PIECE + message(b"good"))

    assert drain(stream, parser) == [b"good"]
