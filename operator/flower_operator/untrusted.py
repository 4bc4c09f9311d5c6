"""What others wrote. A monitor's image may be anybody's, and its answer anything: it must stop nobody."""

from typing import TypeVar

import msgspec

T = TypeVar("T")


def decode(body: bytes | str, kind: type[T]) -> T:
    """Read JSON; raises `msgspec.MsgspecError`, and nothing else, when it is not such."""
    try:
        return msgspec.json.decode(body, type=kind)
    except RecursionError as error:
        raise msgspec.DecodeError("it is nested too deeply") from error
