"""The table."""

from compat.check import Better, get
from compat.report import Row, document
from compat.verdict import Judgement, Verdict

_SAME, _DIFFERS = Verdict(Judgement.SAME), Verdict(Judgement.DIFFERS, "status 200 | 404")
_ROWS = [
    Row(get("/api/tasks"), {"redis": _SAME, "amqp": _SAME}),
    Row(get("/api/tasks?limit=x", better=Better(deviation="D9")), {"redis": Verdict(Judgement.BETTER, "D9")}),
    Row(get("/healthcheck"), {"redis": _SAME, "amqp": _DIFFERS}),
]


def test_a_route_has_a_line_with_its_sums() -> None:
    lines = document(_ROWS, ("redis", "amqp")).splitlines()

    assert "| `GET /api/tasks` | 2 | 1 | 1 (D9) | 0 |" in lines
    assert "| `GET /healthcheck` | 1 | 0 | 0 | 1 |" in lines
    assert lines[-1] == "3 checks: 1 same, 1 better, 1 differ."


def test_a_check_differs_when_it_does_on_one_broker() -> None:
    assert Row(get("/x"), {"redis": _SAME, "amqp": _DIFFERS}).judgement is Judgement.DIFFERS


def test_checks_that_are_the_same_are_listed_only_when_asked_for() -> None:
    assert "`GET /api/tasks` plain" not in document(_ROWS, ("redis", "amqp"))
    assert "| `GET /api/tasks` plain | main | same | same |" in document(_ROWS, ("redis", "amqp"), full=True)


def test_what_differs_is_told_with_the_request() -> None:
    assert "- GET /healthcheck (plain; amqp): status 200 | 404" in document(_ROWS, ("redis", "amqp"))
