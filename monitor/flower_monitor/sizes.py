"""Sizes as people and Kubernetes write them."""

import re

_UNITS = {unit: 1000**power for power, unit in enumerate(("", "k", "M", "G", "T"))}
_UNITS.update({f"{unit}i": 1024**power for power, unit in enumerate(("", "K", "M", "G", "T")) if unit})
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*(|k|M|G|T|Ki|Mi|Gi|Ti)B?")
_SHARE = re.compile(r"(\d+(?:\.\d+)?)\s*%")


def size(text: str) -> int:
    """Bytes of `1073741824`, `1Gi`, `1GiB`, `500M` or `1.5G`; ValueError when it is none of these."""
    found = _SIZE.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is no size; write bytes, or a number and k, M, G, T, Ki, Mi, Gi or Ti, as 8Gi")
    return int(float(found[1]) * _UNITS[found[2]])


def share(text: str) -> float | None:
    """The part (0 to 1) that `80%` stands for; None when it is no percentage. ValueError when it is over 100."""
    found = _SHARE.fullmatch(text.strip())
    if found is None:
        return None
    part = float(found[1]) / 100
    if part > 1:
        raise ValueError(f"{text!r} is more than all there is; write 100% or less")
    return part
