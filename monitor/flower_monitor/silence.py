"""A kind of failure that people know about: whom it is told to and until when it is out of their way."""

from typing import Annotated

import msgspec
from msgspec import Meta


class Silence(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of failure, out of the way until a time. It is counted and kept as ever."""

    id: Annotated[str, Meta(description="Id of the group of failures, as `GET /api/v1/failures` has it")]
    name: Annotated[str | None, Meta(description="Name of the tasks; null: those without a known one")]
    exception: Annotated[str, Meta(description="Class of the exception; empty: its text does not tell")]
    file: Annotated[str | None, Meta(description="File where it is raised; null: the traceback does not tell")]
    function: Annotated[str | None, Meta(description="Function in it")]
    reason: Annotated[str, Meta(description="Why, in the words of who silenced it")]
    user: Annotated[str, Meta(description="Who silenced it")]
    at: Annotated[float, Meta(description="When, epoch seconds")]
    until: Annotated[float, Meta(description="When it ends by itself, epoch seconds")]


class Silenced(msgspec.Struct, frozen=True, tag="silenced"):
    """From web, where a person asked for it, to ingest, which stores it in the place of an earlier one."""

    silence: Silence


class Lifted(msgspec.Struct, frozen=True, tag="lifted"):
    """The same for the end of one before its time."""

    id: str
    at: float


Change = Silenced | Lifted
