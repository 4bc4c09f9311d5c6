"""Which image a monitor runs."""

from typing import Any

import pytest

from flower_operator.resources.image import image, too_new

from .made import monitor

DIGEST = "sha256:" + "0" * 64


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({}, "example.com:5000/operator:0.1.0"),
        ({"image": "mine@" + DIGEST}, "mine@" + DIGEST),
        ({"version": "0.0.9"}, "example.com:5000/operator:0.0.9"),
        ({"version": "0.0.9", "image": "mirror:5000/mine"}, "mirror:5000/mine:0.0.9"),
    ],
)
def test_the_version_is_the_tag_of_the_image_that_holds(fields: dict[str, Any], found: str) -> None:
    assert image(monitor(**fields), "example.com:5000/operator:0.1.0") == found


def test_the_version_takes_the_place_of_the_digest_that_the_operator_was_installed_with() -> None:
    assert image(monitor(version="0.0.9"), f"example.com/operator:0.1.0@{DIGEST}") == "example.com/operator:0.0.9"


@pytest.mark.parametrize("version", ["0.1.1", "0.2.0", "1.0.0", "0.10.0rc1"])
def test_a_later_release_is_too_new(version: str) -> None:
    assert too_new(version, ours="0.1.0")


@pytest.mark.parametrize("version", ["0.1.0", "0.0.9", "0.1.0rc2", "0.1.0.post1"])
def test_the_operators_own_and_older_ones_are_not(version: str) -> None:
    assert not too_new(version, ours="0.1.0")
