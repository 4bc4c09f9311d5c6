"""The one door: every request passes here before any route sees it.

In this order: URL prefix, OPTIONS, cross-site write, login, permission, read-only mode. Routes behind it need no
check of their own, and a path that no rule names is refused to all but administrators.
"""

from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from flower_monitor.web.login import Login
from flower_monitor.web.origin import SAFE_METHODS, is_cross_site_write
from flower_monitor.web.permissions import Permission, methods_at, permission_for
from flower_monitor.web.problems import Problem, render

UNPREFIXED = frozenset({"/livez", "/readyz"})
"""Answered without the URL prefix too, so that a pod's probes don't depend on an option."""

HEAD_REQUEST = "flower_monitor.head"
"""Scope key that is true for a HEAD request, which the routes see as GET."""


class Gate:
    """ASGI middleware that lets through what may pass and answers the rest itself.

    Args:
        app: What comes after it.
        login: Tells who is behind a request.
        prefix: The URL prefix.
        read_only: Whether everything that changes something is refused, whoever asks.
    """

    def __init__(self, app: ASGIApp, *, login: Login, prefix: str, read_only: bool = False) -> None:
        self._app = app
        self._login = login
        self._prefix = prefix
        self._read_only = read_only

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        root = self._root_of(scope["path"])
        if root is None:
            await _outside(scope["path"], self._prefix)(scope, receive, send)
            return
        path = scope["path"][len(root) :]
        answer = self._answer(scope["method"], path, Headers(scope=scope))
        if answer is not None:
            await answer(scope, receive, send)
            return
        await self._pass_on({**scope, "root_path": root}, receive, send)

    def _root_of(self, path: str) -> str | None:
        """The prefix that this path has, or None when it has to have it and has not."""
        if path.startswith(f"{self._prefix}/"):
            return self._prefix
        return "" if path in UNPREFIXED else None

    def _answer(self, method: str, path: str, headers: Headers) -> Response | None:
        """The answer to a request that may not go further; None for one that may."""
        allowed = methods_at(path)
        if method == "OPTIONS" and allowed:
            return Response(status_code=HTTPStatus.NO_CONTENT, headers={"Allow": ", ".join(allowed)})
        if is_cross_site_write(method, headers):
            return render(_cross_site(), path)
        permission = permission_for(method, path)
        problem = self._refusal(permission, path, headers) or self._read_only_refusal(permission, method)
        return None if problem is None else render(problem, path)

    def _refusal(self, permission: Permission, path: str, headers: Headers) -> Problem | None:
        if permission is Permission.PUBLIC:
            return None
        principal = self._login.identify(headers.get("authorization"))
        if principal is None:
            return _login_needed(path)
        if not principal.role.may(permission):
            return _forbidden(principal.role.name.lower())
        return None

    def _read_only_refusal(self, permission: Permission, method: str) -> Problem | None:
        """After the login, as in Flower. A POST that asks for no more than a look is one."""
        changes = method not in SAFE_METHODS and permission not in (Permission.PUBLIC, Permission.VIEW)
        return _read_only() if self._read_only and changes else None

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Give the request to the routes; they see HEAD as GET, and its body is left out here."""
        if scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def send_without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self._app({**scope, "method": "GET", HEAD_REQUEST: True}, receive, send_without_body)


def _outside(path: str, prefix: str) -> Response:
    if path == prefix:
        return RedirectResponse(f"{prefix}/", HTTPStatus.PERMANENT_REDIRECT)
    detail = f"Nothing is served here: this monitor's URL prefix is {prefix}/"
    return render(Problem(HTTPStatus.NOT_FOUND, "outside-prefix", detail), path)


def _login_needed(path: str) -> Problem:
    """401; only pages get the header that makes a browser ask, so that scripts of a page never pop it up."""
    if path.startswith("/api/"):
        detail = "Login required: send HTTP Basic credentials or a bearer token in the Authorization header"
        return Problem(HTTPStatus.UNAUTHORIZED, "login-required", detail, field="Authorization")
    headers = {"WWW-Authenticate": 'Basic realm="flower"'}
    return Problem(HTTPStatus.UNAUTHORIZED, "login-required", "Access denied", headers=headers)


def _forbidden(role: str) -> Problem:
    detail = f"The role {role} may not do this: log in as an administrator"
    return Problem(HTTPStatus.FORBIDDEN, "forbidden", detail)


def _read_only() -> Problem:
    return Problem(HTTPStatus.FORBIDDEN, "read-only", "Read only mode is enabled")


def _cross_site() -> Problem:
    detail = "Refused: the request was sent by a page of another site (Origin, Sec-Fetch-Site)"
    return Problem(HTTPStatus.FORBIDDEN, "cross-site", detail, field="Origin")
