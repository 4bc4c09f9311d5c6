"""Who is let in: login, prefix, read-only, methods, other sites."""

from compat.check import Ask, Better, Check, Expect, get, post
from compat.checks.tasks import LONGER
from compat.views import key_set, nothing

_GROW = "/api/worker/pool/grow/nobody"
_REVOKE = "/api/task/revoke/nobody"
_LIST = "/api/tasks"

LOGIN_NEEDED = Better(
    deviation="D10",
    flower=Expect(401, "^$", {"www-authenticate": ""}),
    ours=Expect(401, "^Login required: ", {"www-authenticate": "", "content-type": "text/plain; charset=utf-8"}),
)
"""Both let nobody in; ours says what is missing."""

_NEVER_OPEN = Better(
    deviation="D7",
    flower=Expect(401, "^FLOWER_UNAUTHENTICATED_API environment variable is required"),
    ours=Expect(401, "^Login required: "),
)
_NO_OPEN_PAGES = Better(deviation="D7", flower=Expect(200), ours=Expect(401))
_OTHER_SITE = {"Origin": "http://evil.example"}
_REFUSED_SITE = Better(
    deviation="D6",
    flower=Expect(403, "^Cross-(site|origin) request forbidden$"),
    ours=Expect(403, "^Refused: the request was sent by a page of another site"),
)
_HEAD = Better(deviation="D19", flower=Expect(405), ours=Expect(200, "^$"))
_METHOD = Better(deviation="D10", flower=Expect(405, "^$"), ours=Expect(405, "."))
_NO_REDIRECT = Better(deviation="D11", flower=Expect(302, "^$", {"location": "/login.*"}), ours=Expect(401, "^Login"))

_COMMANDS = (
    *(f"/api/worker/{name}/nobody" for name in ("shutdown", "pool/restart", "pool/grow", "pool/shrink")),
    *(f"/api/worker/{name}/nobody" for name in ("pool/autoscale", "queue/add-consumer", "queue/cancel-consumer")),
    *(f"/api/task/{name}/nobody" for name in ("apply", "async-apply", "send-task", "abort")),
    *(f"/api/task/{name}/nobody" for name in ("timeout", "rate-limit", "revoke")),
)

CHECKS: tuple[Check, ...] = (
    get(_LIST, "no login", login=None, better=LOGIN_NEEDED),
    get(_LIST, "wrong password", login="compat:wrong", better=LOGIN_NEEDED),
    get("/api/workers", "no login", login=None, better=LOGIN_NEEDED),
    post(_GROW, name="no login", login=None, better=LOGIN_NEEDED),
    get(_LIST, "bearer token", login=None, send={"Authorization": "Bearer x"}, better=LOGIN_NEEDED),
    get(_LIST, "login that is no base64", login=None, send={"Authorization": "Basic ???"}, better=LOGIN_NEEDED),
    get(
        _LIST,
        "non-ASCII password",
        login="compat:pässword",
        better=Better(deviation="D9", flower=Expect(500), ours=Expect(401, "^Login required: ")),
    ),
    get("/tasks", "no login", login=None, headers=("www-authenticate",)),
    get("/metrics", "no login", login=None, view=nothing, headers=()),
    get("/healthcheck", "no login", login=None),
    get(_LIST, "no login configured", login=None, on="closed", better=_NEVER_OPEN),
    post(_GROW, name="no login configured", login=None, on="closed", better=_NEVER_OPEN),
    get("/tasks", "no login configured", login=None, on="closed", better=_NO_OPEN_PAGES),
    get("/workers?json=1", "no login configured", login=None, on="closed", better=_NO_OPEN_PAGES),
    get(f"{_LIST}?limit=1", "API opened", login=None, on="open", view=nothing, better=_NO_OPEN_PAGES),
    post(
        _REVOKE,
        name="API opened, from another site",
        login=None,
        on="open",
        send=_OTHER_SITE,
        better=Better(deviation="D6", flower=Expect(200, "Revoked"), ours=Expect(403, "^Refused: ")),
    ),
    get(
        _LIST,
        "preflight of the open API",
        method="OPTIONS",
        login=None,
        on="open",
        view=nothing,
        better=Better(
            deviation="D6",
            flower=Expect(204, headers={"access-control-allow-origin": r"\*"}),
            ours=Expect(204, headers={"access-control-allow-origin": ""}),
        ),
    ),
    post(_REVOKE, name="from another site", send={**_OTHER_SITE, "Sec-Fetch-Site": "cross-site"}, better=_REFUSED_SITE),
    post(_REVOKE, name="from another origin", send=_OTHER_SITE, better=_REFUSED_SITE),
    get(_LIST, "OPTIONS", method="OPTIONS", login=None, view=nothing, headers=()),
    get("/metrics", "OPTIONS", method="OPTIONS", login=None, view=nothing, headers=()),
    get(_LIST, "HEAD", method="HEAD", better=_HEAD),
    get("/metrics", "HEAD", method="HEAD", login=None, better=_HEAD),
    get("/healthcheck", "HEAD", method="HEAD", login=None, better=_HEAD),
    get(_LIST, "DELETE", method="DELETE", better=_METHOD),
    get("/api/task/revoke/x", "GET of a command", better=_METHOD),
    post(_LIST, name="POST of a list", better=_METHOD),
    get(f"/flower{_LIST}?limit=2", "under the prefix", on="read-only", view=nothing),
    get("/flower/api/workers?status=1", "under the prefix", on="read-only", view=key_set),
    get("/flower/healthcheck", "under the prefix", on="read-only", login=None),
    get("/flower/metrics", "under the prefix", on="read-only", login=None, view=nothing, headers=()),
    get(_LIST, "without the prefix", on="read-only", view=nothing, headers=()),
    get("/healthcheck", "without the prefix", on="read-only", view=nothing, headers=()),
    get(
        "/flower",
        "the prefix without a slash",
        on="read-only",
        view=nothing,
        better=Better(
            deviation="D37", flower=Expect(404), ours=Expect(308, headers={"location": "(http://[^/]+)?/flower/"})
        ),
    ),
    *(post(f"/flower{path}", name="read-only", on="read-only") for path in _COMMANDS),
    get(_LIST, "no cookie", on="provider", login=None, better=_NO_REDIRECT),
    post(
        _REVOKE,
        name="no cookie",
        on="provider",
        login=None,
        better=Better(deviation="D11", flower=Expect(403), ours=Expect(401, "^Login required: ")),
    ),
    get("/", "no cookie", on="provider", login=None, view=nothing, headers=("location",)),
    get("/healthcheck", "the broker is down", on="down"),
    get("/api/tasks", "the broker is down", on="down"),
    get("/api/task/types", "the broker is down", on="down"),
    post(_REVOKE, name="the broker is down", on="down", better=LONGER),
    post(
        "/api/task/send-task/tasks.add",
        '{"args": [1, 2]}',
        "the broker is down",
        on="down",
        patience=30,
        better=LONGER,
    ),
    post(
        _REVOKE,
        name="while six calls wait for tasks that nobody takes",
        on="blocked",
        patience=5,
        beside=(Ask("POST", "/api/task/apply/tasks.say", '{"queue": "nobody"}', "application/json"),) * 6,
        better=Better(deviation="D8", flower=Expect(0, "timed out"), ours=Expect(200, "^.*Revoked 'nobody'")),
    ),
)
