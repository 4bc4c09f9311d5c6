"""RabbitMQ's messages: acknowledged when stored, and only on the connection they came by."""

from flower_monitor.receive.inbox import Inbox


def test_only_what_was_taken_before_a_commit_is_acknowledged() -> None:
    inbox = Inbox(1000, most=2)
    inbox.put(3, [b"one", b"two", b"three"])

    assert inbox.take() == [b"one", b"two"]
    assert inbox.committed() == 0
    inbox.commit()
    assert inbox.committed() == 2
    inbox.take()
    inbox.commit()
    assert inbox.committed() == 3


def test_what_came_by_a_lost_connection_is_not_taken_because_it_comes_again() -> None:
    inbox = Inbox(1000, most=10)
    inbox.put(1, [b"old"])
    inbox.restart()
    inbox.put(1, [b"new"])

    assert inbox.take() == [b"new"]


def test_a_tag_of_a_lost_connection_is_never_acknowledged_on_the_next() -> None:
    inbox = Inbox(1000, most=10)
    inbox.put(7, [b"old"])
    inbox.take()
    inbox.restart()
    inbox.commit()

    assert inbox.committed() == 0


def test_it_is_full_in_bytes_and_has_room_again_when_taken_from() -> None:
    inbox = Inbox(1000, most=10)
    inbox.put(1, [b"x" * 2000])

    assert inbox.full()
    inbox.take()
    assert not inbox.full()
    assert inbox.held == 0
