"""The one door: every request passes here before any route sees it.

In this order: URL prefix, OPTIONS, cross-site write, login, permission, read-only mode. Routes behind it need no
check of their own, and what no rule names is not there for all but administrators. What would change something is
written down, done or refused.
"""

from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from flower_monitor.web import errors
from flower_monitor.web.audit import Audit, address_of
from flower_monitor.web.credentials import Principal
from flower_monitor.web.login import Login
from flower_monitor.web.login_routes import to_login
from flower_monitor.web.oauth.session_login import SessionLogin
from flower_monitor.web.origin import SAFE_METHODS, is_cross_site_write
from flower_monitor.web.permissions import Permission, Role, methods_at, permission_for, weakest
from flower_monitor.web.problems import Problem, render
from flower_monitor.web.vouched import BASE, HEADER, Fleet, refused

UNPREFIXED = frozenset({"/livez", "/readyz"})
"""Answered without the URL prefix too, so that a pod's probes don't depend on an option."""

HEAD_REQUEST = "flower_monitor.head"
"""Scope key that is true for a HEAD request, which the routes see as GET."""

PRINCIPAL = "flower_monitor.principal"
"""Key of the request's `state`: who asks; of a public route nobody is known."""


class Gate:
    """ASGI middleware that lets through what may pass and answers the rest itself.

    Args:
        app: What comes after it.
        login: Tells who sends a password or a token.
        sessions: Tells who has logged in by a provider; None: there is none.
        audit: Where writes are written down.
        fleet: Checks what the fleet says of those whose requests it passes on; None: no fleet is believed.
        prefix: The URL prefix.
        read_only: Whether everything that changes something is refused, whoever asks.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        login: Login,
        sessions: SessionLogin | None,
        audit: Audit,
        prefix: str,
        fleet: Fleet | None = None,
        read_only: bool = False,
    ) -> None:
        self._app = app
        self._login = login
        self._sessions = sessions
        self._audit = audit
        self._prefix = prefix
        self._fleet = fleet
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
        scope = {**scope, "root_path": root, "state": {**scope.get("state", {})}}
        answer = self._before_login(scope["method"], path, Headers(scope=scope))
        if answer is not None:
            await answer(scope, receive, send)
            return
        await self._let_in(scope, path, receive, send)

    async def _let_in(self, scope: Scope, path: str, receive: Receive, send: Send) -> None:
        """Find out who asks, and give the request to the routes if they may."""
        permission = permission_for(scope["method"], path)
        if permission is Permission.PUBLIC:
            await self._pass_on(scope, receive, send)
            return
        try:
            who = await self._who(path, scope)
        except Problem as problem:
            await self._stranger(problem, path, scope)(scope, receive, send)
            return
        scope["state"][PRINCIPAL] = who
        changes = scope["method"] not in SAFE_METHODS and permission is not Permission.VIEW
        if changes:
            send = self._recorded(who, scope, path, send)
        if not who.may(permission):
            await _refused(who, permission, path, scope)(scope, receive, send)
            return
        if changes and self._read_only:
            await render(_read_only(), path)(scope, receive, send)
            return
        await self._pass_on(scope, receive, send)

    def _root_of(self, path: str) -> str | None:
        """The prefix that this path has, or None when it has to have it and has not."""
        if path.startswith(f"{self._prefix}/"):
            return self._prefix
        return "" if path in UNPREFIXED else None

    def _before_login(self, method: str, path: str, headers: Headers) -> Response | None:
        """The answer to a request whose sender does not matter; None for others."""
        allowed = methods_at(path)
        if method == "OPTIONS" and allowed:
            return Response(status_code=HTTPStatus.NO_CONTENT, headers={"Allow": ", ".join(allowed)})
        if is_cross_site_write(method, headers):
            return render(_cross_site(), path)
        return None

    async def _who(self, path: str, scope: Scope) -> Principal:
        """Who asks.

        Raises:
            Problem: 401, nobody known; 429, too many failures.
        """
        connection = HTTPConnection(scope)
        told = connection.headers.get(HEADER)
        if told is not None:
            return self._vouched(told, scope)
        who = await self._login.identify(connection.headers.get("authorization"), address_of(scope))
        if who is None and self._sessions is not None:
            who = self._sessions.principal(connection.cookies)
        if who is None:
            raise _login_needed(path, told=connection.headers.get("authorization") is not None)
        return who

    def _vouched(self, told: str, scope: Scope) -> Principal:
        """The one for whom the fleet asks; never somebody whom another header of the request names.

        Raises:
            Problem: 401, it is not believed.
        """
        if self._fleet is None:
            raise refused("this monitor knows no fleet")
        person = self._fleet.check(told)
        scope["state"][BASE] = person.base
        return person.principal

    def _stranger(self, problem: Problem, path: str, scope: Scope) -> Response:
        """The answer to somebody unknown: a person goes to the login provider, where there is one."""
        person = scope["method"] == "GET" and not path.startswith(("/api/", "/assets/"))
        if self._sessions is None or not person or problem.status != HTTPStatus.UNAUTHORIZED:
            return render(problem, path)
        return to_login(self._prefix, path, scope["query_string"].decode("latin-1"))

    def _recorded(self, who: Principal, scope: Scope, path: str, send: Send) -> Send:
        """Write the request down when its answer begins."""

        async def send_and_record(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._audit.record(who, scope, path, message["status"])
            await send(message)

        return send_and_record

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


def _login_needed(path: str, *, told: bool) -> Problem:
    """401; only pages get the header that makes a browser ask, so that scripts of a page never pop it up.

    Args:
        path: Where to.
        told: Whether somebody said who they are, and is not believed. Why, nobody finds out by trying.
    """
    if path.startswith("/api/"):
        detail = "Login required: send HTTP Basic credentials or a bearer token in the Authorization header"
        if told:
            detail = (
                "Login required: what the Authorization header holds lets nobody in. "
                "The password or the token is wrong, was replaced, or has expired"
            )
        return Problem(HTTPStatus.UNAUTHORIZED, "login-required", detail, field="Authorization")
    headers = {"WWW-Authenticate": 'Basic realm="flower"'}
    return Problem(HTTPStatus.UNAUTHORIZED, "login-required", "Access denied", headers=headers)


def _refused(who: Principal, permission: Permission, path: str, scope: Scope) -> Response:
    """The answer to somebody who may not; what no rule names is not there for them, so that nobody asks for a role
    that would not help."""
    allowed = methods_at(path)
    if scope["method"] not in allowed:
        status = HTTPStatus.METHOD_NOT_ALLOWED if allowed else HTTPStatus.NOT_FOUND
        return errors.not_there(Request(scope), status)
    return render(_forbidden(who, permission), path)


def _forbidden(who: Principal, permission: Permission) -> Problem:
    if who.role is Role.NONE:
        detail = f"{who.name} has no role here: ask who runs this monitor to add the name to --roles"
    elif who.role.may(permission):
        detail = f"The token {who.name} may not do this: its permissions leave out {permission.value}"
    else:
        able = weakest(permission)
        detail = f"The role {who.role.name.lower()} may not do this: it takes the role {able.name.lower()}"
    return Problem(HTTPStatus.FORBIDDEN, "forbidden", detail)


def _read_only() -> Problem:
    return Problem(HTTPStatus.FORBIDDEN, "read-only", "Read only mode is enabled")


def _cross_site() -> Problem:
    detail = (
        "Refused: the request was sent by a page of another site (Origin, Sec-Fetch-Site). If it was not, a proxy "
        "changes the Host: have it send the browser's with its port (nginx: proxy_set_header Host $http_host)"
    )
    return Problem(HTTPStatus.FORBIDDEN, "cross-site", detail, field="Origin")
