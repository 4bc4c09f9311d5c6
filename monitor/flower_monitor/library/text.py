"""Times and labels for people, as Flower's pages have them. Pure but for the clock of `natural-time`."""

import re
import time as clock
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_UUID = re.compile(r"\w{8}(-\w{4}){3}-\w{12}\n?")

#: Of labels these are written large wherever they stand, and these are left as they are: so does Flower.
_LARGE = re.compile("ssl|uri|url|uuid|eta")
_LEFT = frozenset({"args", "kwargs"})

_DAY = 86400


def format_time(time: float, tz: tzinfo | str = UTC) -> str:
    """A time as `2026-11-21 08:51:57.500000 UTC`.

    Args:
        time: Epoch seconds.
        tz: A time zone or its name, as `Europe/Berlin`.

    Raises:
        ValueError: There is no such time zone on this machine.
    """
    return datetime.fromtimestamp(time, zone(tz)).strftime("%Y-%m-%d %H:%M:%S.%f %Z")


def format_duration(seconds: float) -> str:
    """A duration as `2.50 ms`, `2.50 s`, `2m 05s` or `1h 02m 05s`."""
    if seconds < 1:
        return f"{seconds * 1000:.2f} ms"
    if seconds < 60:
        return f"{seconds:.2f} s"
    minutes, left = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}h {minutes:02d}m {left:02d}s" if hours else f"{minutes}m {left:02d}s"


def natural_time(ago: float) -> str:
    """Seconds ago, less than a day of them, as `2 minutes ago`; `2 minutes from now` for a negative number."""
    whole = int(abs(ago))
    if not whole:
        return "now"
    minutes, hours = round(whole / 60), round(whole / 3600)
    if whole < 60:
        said = _count(whole, "a second", "seconds")
    elif minutes < 60:
        said = _count(minutes, "a minute", "minutes")
    else:
        said = _count(hours, "an hour", "hours") if hours < 24 else "a day"
    return f"{said} {'ago' if ago > 0 else 'from now'}"


def humanize(obj: object, type: str | None = None) -> object:  # noqa: A002 - Flower's name of it
    """A value as Flower shows it.

    Args:
        obj: A number or its text where `type` is given; else a label, a list or anything.
        type: `duration` (of seconds), `time` or `natural-time` (of epoch seconds), the latter two with `-` and a time
            zone after it, as `time-Europe/Berlin`. Without a zone it is UTC; Flower takes that of the current app.
            None: a label gets its words apart and a capital, a list commas, the rest stays as it is.

    Returns:
        A text; what there is no rule for as it is.

    Raises:
        ValueError: It is no number where one is needed, or there is no such time zone.
    """
    if obj is None or obj == "":
        return ""
    if type == "duration":
        return format_duration(_number(obj))
    if type is not None and type.startswith(("time", "natural-time")):
        return _moment(_number(obj), type)
    if isinstance(obj, str):
        return obj if _UUID.fullmatch(obj) else _label(obj)
    if isinstance(obj, list) and all(isinstance(item, int | float | str) for item in obj):
        return ", ".join(map(str, obj))
    return obj


def zone(tz: tzinfo | str) -> tzinfo:
    """A time zone, by its name where it is one.

    Raises:
        ValueError: There is none of this name.
    """
    if isinstance(tz, tzinfo):
        return tz
    if tz in ("", "UTC"):
        return UTC
    try:
        return ZoneInfo(tz)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"tz: there is no time zone {tz!r}; give one as Europe/Berlin, or install tzdata") from error


def _moment(time: float, kind: str) -> str:
    natural = kind.startswith("natural-time")
    tz = kind.removeprefix("natural-time" if natural else "time").lstrip("-")
    ago = clock.time() - time
    if natural and abs(ago) < _DAY:
        return natural_time(ago)
    return format_time(time, tz) if time else ""


def _number(obj: object) -> float:
    if isinstance(obj, int | float | str):
        return float(obj)
    raise ValueError(f"obj: {obj!r} is no number")


def _label(text: str) -> str:
    words = _LARGE.sub(lambda found: found[0].upper(), text.replace("-", " ").replace("_", " "))
    return words if words in _LEFT else words[:1].upper() + words[1:]


def _count(number: int, one: str, several: str) -> str:
    return one if number == 1 else f"{number} {several}"
