"""How often somebody may get a password wrong."""

from flower_monitor.web.attempts import OF_ADDRESS, OF_USER, REMEMBERED, WINDOW, Attempts


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def failing(times: int, name: str = "ann", clock: Clock | None = None) -> Attempts:
    """Somebody who got it wrong so often."""
    attempts = Attempts(clock or Clock())
    for _ in range(times):
        attempts.failed("1.2.3.4", name)
    return attempts


def test_a_few_mistakes_cost_nothing() -> None:
    assert failing(OF_USER - 1).wait("1.2.3.4", "ann") == 0


def test_too_many_cost_the_rest_of_a_minute() -> None:
    clock = Clock()
    attempts = failing(OF_USER, clock=clock)
    clock.now += 20

    assert attempts.wait("1.2.3.4", "ann") == WINDOW - 20


def test_after_it_everything_is_forgotten() -> None:
    clock = Clock()
    attempts = failing(OF_USER, clock=clock)
    clock.now += WINDOW

    assert attempts.wait("1.2.3.4", "ann") == 0


def test_nobody_is_locked_out_by_a_stranger_elsewhere() -> None:
    assert failing(OF_USER).wait("5.6.7.8", "ann") == 0


def test_one_that_tries_many_names_is_stopped_too() -> None:
    attempts = Attempts(Clock())
    for number in range(OF_ADDRESS):
        attempts.failed("1.2.3.4", f"user{number}")

    assert attempts.wait("1.2.3.4", "another") > 0


def test_the_failure_that_is_one_too_many_is_told_once() -> None:
    attempts = failing(OF_USER - 1)

    assert [attempts.failed("1.2.3.4", "ann") for _ in range(3)] == [True, False, False]


def test_memory_is_bounded() -> None:
    attempts = Attempts(Clock())
    for number in range(2 * REMEMBERED):
        attempts.failed(str(number), "ann")

    assert len(attempts._failures) == REMEMBERED
