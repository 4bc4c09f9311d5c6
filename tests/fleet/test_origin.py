"""Writes of other sites' pages."""

import pytest
from starlette.datastructures import Headers

from flower_operator.fleet.origin import is_cross_site_write


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://fleet.evil.example"},
    ],
)
def test_a_write_of_another_sites_page_is_known(headers: dict[str, str]) -> None:
    assert is_cross_site_write("POST", Headers({"host": "fleet", **headers}))


@pytest.mark.parametrize("headers", [{}, {"sec-fetch-site": "same-origin"}, {"origin": "http://fleet"}])
def test_one_of_our_own_or_of_a_program_is_none(headers: dict[str, str]) -> None:
    assert not is_cross_site_write("POST", Headers({"host": "fleet", **headers}))


def test_reading_is_no_write() -> None:
    assert not is_cross_site_write("GET", Headers({"host": "fleet", "sec-fetch-site": "cross-site"}))
