"""What a parameter takes, in words."""

from typing import Annotated, Any, Literal

import pytest
from msgspec import Meta, UnsetType, inspect

from flower_monitor.web.expected import words


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        (Annotated[int, Meta(ge=1, le=1000)], "a whole number from 1 to 1000"),
        (int, "a whole number"),
        (Annotated[float, Meta(ge=0, le=0.5)] | None, "a number from 0 to 0.5"),
        (Literal["a", "b"], "one of a, b"),
        (Annotated[float, Meta(ge=0, le=2147483647)], "a number from 0 to 2147483647"),
        (list[Annotated[str, Meta(max_length=5)]], "a list, each a text of at most 5 characters"),
        (Annotated[list[str], Meta(max_length=9)], "a list of at most 9, each a text"),
        (list[Any], "a list"),
        (dict[str, Any], "an object"),
        (bool | None, "true or false"),
        (bool | UnsetType, "true or false"),
        (Annotated[float, Meta(ge=0, le=9)] | str | None, "a number from 0 to 9 or a text"),
        (Annotated[str, Meta(min_length=1, max_length=9)], "a text of 1 to 9 characters"),
        (Annotated[str | None, Meta(description="a name")], "a text"),
    ],
)
def test_a_type_in_words(kind: Any, says: str) -> None:
    assert words(inspect.type_info(kind)) == says
