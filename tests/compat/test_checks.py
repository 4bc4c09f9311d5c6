"""The checks as a whole: what they cover, and that each says a thing that the documentation says too."""

import re
from pathlib import Path

import pytest

from compat import routes, tasks
from compat.checks import GROUPS
from compat.client import filled
from compat.settings import SETTINGS

_CHECKS = [check for group in GROUPS.values() for check in group]
_DOCUMENT = Path(__file__).parents[2] / "docs" / "flower-compatibility.md"
_NAMES = {**dict.fromkeys(tasks.STATES, "uuid"), "worker": "w", "auto": "a", "victim": "v"}


@pytest.mark.parametrize("route", routes.API)
def test_every_route_of_flowers_api_is_asked(route: str) -> None:
    assert [check for check in _CHECKS if check.route == route]


def test_every_check_can_be_made() -> None:
    for check in _CHECKS:
        filled(check.ask, _NAMES)
        assert set(check.brokers) & set(SETTINGS[check.on].on), check.name


def test_every_deviation_of_a_check_is_in_the_documentation() -> None:
    told = set(re.findall(r"^\| (D\d+) \|", _DOCUMENT.read_text(), re.MULTILINE))

    assert {check.better.deviation for check in _CHECKS if check.better} <= told


def test_a_deviation_says_what_is_different() -> None:
    empty = [
        check.name for check in _CHECKS if (b := check.better) and not (b.flower or b.added or b.longer or b.plain)
    ]

    assert empty == []


def test_no_check_is_there_twice() -> None:
    asked = [
        (check.ask.method, check.ask.path, check.ask.body, check.name, check.on, check.brokers) for check in _CHECKS
    ]

    assert sorted(map(repr, asked)) == sorted({repr(one) for one in asked})


@pytest.mark.parametrize(
    ("method", "path", "route"),
    [
        ("GET", "/api/tasks?limit=1", "GET /api/tasks"),
        ("POST", "/api/worker/pool/grow/a@b", "POST /api/worker/pool/grow/{worker}"),
        ("GET", "/api/task/info/a/b", "GET /api/task/info/{id}"),
        ("DELETE", "/api/tasks", "DELETE /api/tasks"),
        ("GET", "/worker/a", "GET /worker/{worker}"),
    ],
)
def test_a_request_belongs_to_its_route(method: str, path: str, route: str) -> None:
    assert routes.of(method, path) == route
