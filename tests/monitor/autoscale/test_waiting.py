"""Who refused is left alone, longer each time."""

from flower_monitor.autoscale.waiting import FIRST, LONGEST, Attempt, Waiting

SHRINK, GROW = Attempt("w1", False), Attempt("w1", True)


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_it_waits_twice_as_long_each_time_and_an_hour_at_most() -> None:
    clock = Clock()
    waiting = Waiting(clock)
    waits = []
    for _ in range(12):
        waiting.wait(SHRINK)
        begun = clock.now
        while not waiting.over(SHRINK):
            clock.now += FIRST
        waits.append(clock.now - begun)

    assert waits[:3] == [FIRST, 2 * FIRST, 4 * FIRST]
    assert waits[-1] == LONGEST


def test_a_pool_that_is_too_busy_to_shrink_may_still_grow() -> None:
    waiting = Waiting(Clock())
    waiting.wait(SHRINK)

    assert (waiting.over(SHRINK), waiting.over(GROW)) == (False, True)


def test_who_did_something_is_waited_for_no_more() -> None:
    waiting = Waiting(Clock())
    waiting.wait(SHRINK)
    waiting.forget("w1")

    assert waiting.over(SHRINK)
