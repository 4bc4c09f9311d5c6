"""What the doctor says of one thing. Pure."""

import math
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Status = Literal["ok", "warning", "failed", "skipped"]

WORST_FIRST: tuple[Status, ...] = ("failed", "warning", "ok", "skipped")


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was looked at."""

    id: Annotated[str, Meta(description="Stable name of the check, for programs")]
    name: Annotated[str, Meta(description="What was looked at, for people")]
    status: Annotated[
        Status,
        Meta(description="`failed`: nothing or not all can be seen; `warning`: not for long, or less than could be"),
    ]
    finding: Annotated[str, Meta(description="What was found, in a sentence with its numbers")]
    fix: Annotated[str | None, Meta(description="What to do, with the option or command; null: nothing")] = None
    since: Annotated[float | None, Meta(description="Since when it is so, epoch seconds; null: not known")] = None


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What the doctor found."""

    at: Annotated[float, Meta(description="When it looked, epoch seconds")]
    status: Annotated[Status, Meta(description="The worst of all")]
    checks: Annotated[list[Check], Meta(description="All checks, the worst first")]


class Subject(msgspec.Struct, frozen=True):
    """What is looked at: makes what is said of it."""

    id: str
    name: str

    def ok(self, finding: str, since: float | None = None) -> Check:
        """It is as it should be."""
        return self._check("ok", finding, None, since)

    def warning(self, finding: str, fix: str, since: float | None = None) -> Check:
        """It works, but not as it could, or not for long."""
        return self._check("warning", finding, fix, since)

    def failed(self, finding: str, fix: str, since: float | None = None) -> Check:
        """It does not work."""
        return self._check("failed", finding, fix, since)

    def skipped(self, finding: str, fix: str | None = None) -> Check:
        """There is nothing to look at, or it can't be told."""
        return self._check("skipped", finding, fix, None)

    def _check(self, status: Status, finding: str, fix: str | None, since: float | None) -> Check:
        return Check(id=self.id, name=self.name, status=status, finding=finding, fix=fix, since=since)


def report(checks: Sequence[Check], at: float) -> Report:
    """All of them, the worst first; those that are as bad stay in their order."""
    ordered = sorted(checks, key=lambda check: WORST_FIRST.index(check.status))
    return Report(at=at, status=ordered[0].status, checks=ordered)


def dated(checks: Sequence[Check], before: Mapping[str, Check], now: float) -> list[Check]:
    """Checks with when they were first found so, where they don't know it themselves and something is wrong."""
    return [_dated(check, before.get(check.id), now) for check in checks]


def _dated(check: Check, before: Check | None, now: float) -> Check:
    if check.since is not None or check.status in ("ok", "skipped"):
        return check
    same = before is not None and before.status == check.status
    return msgspec.structs.replace(check, since=before.since if same and before else now)


def sentence(text: str) -> str:
    """Words of another program as a sentence."""
    stripped = text.strip().rstrip(".")
    return f"{stripped[:1].upper()}{stripped[1:]}."


def count(n: float, one: str, many: str | None = None) -> str:
    """`1 worker`, `2 workers`, `1,200 tasks`."""
    return f"{n:,.0f} {one if n == 1 else many or one + 's'}"


def ago(seconds: float) -> str:
    """A length of time as people say it: `12 s`, `3 min`, `5 h`, `2 d`."""
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s" if seconds >= 10 else f"{max(seconds, 0):.2g} s"


def size(n: float) -> str:
    """Bytes as people say them: `12 MiB`, `1.5 GiB`."""
    power = min(4, int(math.log(n, 1024))) if n >= 1 else 0
    value = n / 1024**power
    return f"{value:.0f} {_UNITS[power]}" if value >= 10 or power == 0 else f"{value:.1f} {_UNITS[power]}"


def percent(part: float) -> str:
    """`99.98 %`: never 100 while something is missing."""
    return f"{math.floor(part * 10_000) / 100:g} %"


_UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB")
