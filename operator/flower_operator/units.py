"""Durations and quantities as the FlowerMonitor writes them. Pure."""

import re
from decimal import Decimal

_SECONDS = {"d": 86400, "h": 3600, "m": 60, "s": 1}
_DURATION = re.compile(r"([0-9]+)([dhms])")

_MULTIPLIERS = {
    "": Decimal(1),
    "n": Decimal("1e-9"),
    "u": Decimal("1e-6"),
    "m": Decimal("1e-3"),
    "k": Decimal(10**3),
    "M": Decimal(10**6),
    "G": Decimal(10**9),
    "T": Decimal(10**12),
    "P": Decimal(10**15),
    "E": Decimal(10**18),
    "Ki": Decimal(2**10),
    "Mi": Decimal(2**20),
    "Gi": Decimal(2**30),
    "Ti": Decimal(2**40),
    "Pi": Decimal(2**50),
    "Ei": Decimal(2**60),
}
_QUANTITY = re.compile(r"([+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?)(Ki|[MGTPE]i?|[numk]?)")


def seconds(duration: str) -> int:
    """Length of a duration such as `36h30m`; the CRD's pattern has refused everything else."""
    return sum(int(number) * _SECONDS[unit] for number, unit in _DURATION.findall(duration))


def amount(quantity: str | int) -> Decimal:
    """Value of a Kubernetes quantity such as `10Gi`, to compare two of them."""
    match = _QUANTITY.fullmatch(str(quantity))
    if match is None:
        raise ValueError(f"{quantity!r} is not a quantity")
    return Decimal(match[1]) * _MULTIPLIERS[match[2]]
