"""From web to ingest: whole letters, in order, and never a wait."""

import socket
from collections.abc import Iterator

import pytest

from flower_monitor.letterbox import TOGETHER, Letters, Post
from flower_monitor.truth.verdict import Verdict

Ends = tuple[Post, Letters]


@pytest.fixture
def ends() -> Iterator[Ends]:
    reading, writing = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    post, letters = Post(writing.detach()), Letters(reading.detach())
    yield post, letters
    post.close()
    letters.close()


def verdicts(count: int) -> list[Verdict]:
    return [Verdict(number, 1.5, "lost", "why", ("e" * 200,), 2.5) for number in range(count)]


def test_what_is_sent_is_read(ends: Ends) -> None:
    post, letters = ends
    sent = verdicts(2 * TOGETHER + 1)

    assert letters.read() == []
    assert post.send(sent) == len(sent)
    assert letters.read() == sent


def test_what_does_not_fit_is_not_sent_and_nobody_waits(ends: Ends) -> None:
    post, letters = ends
    sent = verdicts(100_000)
    fitted = post.send(sent)
    read = letters.read()
    while more := letters.read():
        read += more

    assert 0 < fitted < len(sent)
    assert read == sent[:fitted]


def test_without_the_other_end_nothing_is_sent() -> None:
    assert Post(None).send(verdicts(1)) == 0
    assert Letters(None).read() == []


def test_a_letter_of_a_supervisor_that_is_gone_is_none(ends: Ends) -> None:
    post, letters = ends
    post.close()

    assert letters.read() == []
