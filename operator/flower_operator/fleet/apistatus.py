"""What an API server says of a request that it did not pass on to a monitor. Pure."""

import msgspec

from flower_operator.untrusted import decode

FIXES = {
    401: "its token is not valid there, or no longer; put a new one into the Secret",
    403: "its account needs the rights of docs/fleet.md (Other clusters)",
    404: "the controller there has not made the Service yet",
    503: "look at the monitor's pod there",
}


class _Status(msgspec.Struct):
    """Kubernetes' `Status`, which no monitor answers with."""

    kind: str
    apiVersion: str
    message: str = ""


def said(status: int, body: bytes) -> str | None:
    """The API server's own words and what to do; None: the answer is the monitor's."""
    try:
        found = decode(body, _Status)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    if (found.kind, found.apiVersion) != ("Status", "v1"):
        return None
    fix = FIXES.get(status)
    return f"{found.message or f'HTTP {status}'}{f' ({fix})' if fix else ''}"
