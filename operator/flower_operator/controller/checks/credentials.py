"""Can anybody log in?"""

from collections.abc import Mapping
from datetime import datetime

from flower_operator import constants
from flower_operator.controller.findings import Aspect, Finding, State
from flower_operator.resources import metadata
from flower_operator.spec import Monitor

REQUIRED = ("username", "password")

ROTATED = "Rotated"
"""Reason while credentials of before a rotation are accepted too."""


def check_credentials(
    monitor: Monitor, secret: Mapping[str, str] | None, overlap_ends: datetime | None = None
) -> Finding:
    """Say whether the Secret with the credentials is complete, and until when those before it are accepted too.

    `secret` is its `data`.
    """
    name = metadata.credentials_name(monitor)
    given = monitor.spec.access.admin_secret_ref is not None
    if secret is None:
        return _missing(monitor, name)
    lacking = [key for key in REQUIRED if not secret.get(key)]
    if lacking:
        fix = "Add them" if given else "Add them, or delete the Secret: it is then made anew"
        field = " (spec.access.adminSecretRef)" if given else ""
        message = f"Secret {name}{field} lacks or has empty: {', '.join(lacking)}. {fix}."
        return Finding(Aspect.CREDENTIALS, State.REFUSED, "SecretKeyNotFound", message)
    if overlap_ends is not None:
        until = overlap_ends.strftime(constants.TIME_FORMAT)
        message = f"They were rotated and are in Secret {name}; those before them are accepted until {until}."
        return Finding(Aspect.CREDENTIALS, State.HOLDS, ROTATED, message)
    ignored = (
        f" The annotation {constants.ANNOTATION_ROTATE} has no effect on them: spec.access.adminSecretRef names it."
        if given and monitor.rotate
        else ""
    )
    return Finding(Aspect.CREDENTIALS, State.HOLDS, "Found", f"They are in Secret {name}.{ignored}")


def _missing(monitor: Monitor, name: str) -> Finding:
    return Finding(
        Aspect.CREDENTIALS,
        State.REFUSED,
        "SecretNotFound",
        f"There is no Secret {name} in namespace {monitor.namespace}. Create it with the keys username and password, "
        "or correct spec.access.adminSecretRef.name; the monitor then starts by itself.",
    )
