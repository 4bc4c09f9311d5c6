"""What the bench knows of Flower and of ours."""

import re

import pytest

from bench import commandline
from bench.commands.queries import Options, filled, unfinished
from bench.settings import Settings
from bench.sut.api import Answer
from bench.sut.profiles import PROFILES, QUESTIONS


@pytest.fixture
def settings() -> Settings:
    """Those of a plain command line."""
    return commandline.parse(["queries"]).settings


@pytest.mark.parametrize("name", PROFILES)
def test_every_monitor_is_asked_every_question(name: str) -> None:
    assert tuple(PROFILES[name].queries) == QUESTIONS


@pytest.mark.parametrize("name", PROFILES)
def test_questions_get_the_values_of_the_load(name: str, settings: Settings) -> None:
    paths = [filled(request, settings, Options(), 1e9).path for request in PROFILES[name].queries.values()]

    assert re.findall(r"%(?![0-9A-F]{2})", "".join(paths)) == []
    assert "worker00%40host0" in paths[1]
    assert "o-0000995000" in paths[4]


@pytest.mark.parametrize(
    ("status", "body", "cursor"),
    [
        (200, b'{"items": [], "next_cursor": "c"}', "c"),
        (200, b'{"items": [1], "next_cursor": "c"}', None),
        (200, b'{"items": [], "next_cursor": null}', None),
        (400, b"no", None),
    ],
    ids=["not yet", "found", "none", "refused"],
)
def test_a_search_is_asked_on_until_it_finds_or_ends(status: int, body: bytes, cursor: str | None) -> None:
    assert unfinished(Answer(status, body, 0.1)) == cursor
