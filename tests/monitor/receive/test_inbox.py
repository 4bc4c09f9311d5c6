"""RabbitMQ's messages: acknowledged when stored, and only on the connection they came by."""

from flower_monitor.receive.inbox import Inbox


def test_only_what_was_taken_before_a_commit_is_acknowledged() -> None:
    inbox = Inbox(1000)
    for tag in (1, 2, 3):
        inbox.put(tag, b"body")

    assert inbox.take(2) == [b"body", b"body"]
    assert inbox.committed() == 0
    inbox.commit()
    assert inbox.committed() == 2


def test_what_came_by_a_lost_connection_is_not_taken_because_it_comes_again() -> None:
    inbox = Inbox(1000)
    inbox.put(1, b"old")
    inbox.restart()
    inbox.put(1, b"new")

    assert inbox.take(10) == [b"new"]


def test_a_tag_of_a_lost_connection_is_never_acknowledged_on_the_next() -> None:
    inbox = Inbox(1000)
    inbox.put(7, b"old")
    inbox.take(1)
    inbox.restart()
    inbox.commit()

    assert inbox.committed() == 0


def test_it_is_full_in_bytes_and_has_room_again_when_taken_from() -> None:
    inbox = Inbox(1000)
    inbox.put(1, b"x" * 2000)

    assert inbox.full()
    inbox.take(1)
    assert not inbox.full()
    assert inbox.held == 0
