"""Times as people and Kubernetes write them."""

import re

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_PART = re.compile(r"(\d+(?:\.\d+)?)([smhdw])")


def seconds(text: str) -> float:
    """Seconds of `3600`, `90s`, `720h`, `30d` or `1h30m`; ValueError when it is none of these."""
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return float(text)
    parts = _PART.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise ValueError(f"{text!r} is no duration; write seconds, or a number and s, m, h, d or w, as 30d or 720h")
    return sum(float(number) * _UNITS[unit] for number, unit in parts)
