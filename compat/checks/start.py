"""Options, variables and files that Flower's users have: both start with them and answer."""

from compat.check import Better, Check, Expect, get
from compat.checks.gate import LOGIN_NEEDED
from compat.views import nothing

_SETTINGS = {
    "underscores": "",
    "provider": "",
    "variables": "/flower",
    "file": "",
    "compose": "",
    "read-only": "/flower",
}
"""Setting -> prefix."""

CHECKS: tuple[Check, ...] = (
    *(get(f"{prefix}/healthcheck", "starts", on=on, login=None) for on, prefix in _SETTINGS.items()),
    *(
        get(f"{_SETTINGS[on]}/api/tasks?limit=1", "lets in whom it says", on=on, view=nothing)
        for on in ("underscores", "variables", "file", "compose")
    ),
    *(
        get(f"{_SETTINGS[on]}/api/tasks?limit=1", "refuses others", on=on, login="compat:wrong", better=LOGIN_NEEDED)
        for on in ("underscores", "variables", "file", "compose")
    ),
    get(
        "/healthcheck",
        "FLOWER_PORT of a Service",
        on="service",
        login=None,
        better=Better(deviation="D22", flower=Expect(0, "did not start"), ours=Expect(200, "^OK$")),
    ),
)
