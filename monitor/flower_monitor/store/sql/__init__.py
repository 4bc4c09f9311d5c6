"""Questions to the store, each in a file of its own."""

from functools import cache
from pathlib import Path


@cache
def statement(name: str) -> str:
    """The text of `NAME.sql`, read when it is first asked for."""
    return (Path(__file__).parent / f"{name}.sql").read_text(encoding="utf-8")
