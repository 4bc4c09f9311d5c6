"""Which image a monitor runs, and whether this operator knows how to run it. Pure."""

import re

import flower_operator
from flower_operator.spec import Monitor

_TAG = re.compile(r":[^:/]*$")
"""A tag: a colon before a slash is that of a registry's port."""


def image(monitor: Monitor, default: str) -> str:
    """The image of the spec, or the default one, with `spec.version` for its tag where there is one."""
    named = monitor.spec.image or default
    version = monitor.spec.version
    return named if version is None else f"{repository(named)}:{version}"


def repository(image: str) -> str:
    """An image without tag and digest."""
    return _TAG.sub("", image.partition("@")[0])


def too_new(version: str, ours: str = flower_operator.__version__) -> bool:
    """Whether a monitor may understand its settings otherwise than this operator means them.

    Older ones are understood: settings are only added. Pre-releases count as their release.
    """
    return _release(version) > _release(ours)


def _release(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"(?:^|\.)([0-9]+)", version)[:3])
