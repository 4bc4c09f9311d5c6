"""`GET /login` and `/logout`: for people whom a provider vouches for."""

from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote

from msgspec import Meta, Struct
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from flower_monitor.web.routing import Call, Nothing, Route, Routes


class LoginParameters(Struct, frozen=True, rename={"following": "next"}):
    """What brings somebody here."""

    following: Annotated[str, Meta(description="Path to go on to")] = "/"
    code: Annotated[str | None, Meta(description="What the provider gives for a login")] = None
    state: Annotated[str | None, Meta(description="What it was given for this login")] = None
    error: Annotated[str | None, Meta(description="Why it refuses")] = None


def routes() -> Routes:
    """The routes of logging in and out."""
    return [Route("/login", log_in, LoginParameters), Route("/logout", log_out, Nothing)]


async def log_in(call: Call[LoginParameters]) -> Response:
    """To the provider, or back from it. Without one to where it should go on: there the browser asks for a password."""
    sessions, wanted = call.context.sessions, call.parameters
    if sessions is None:
        return RedirectResponse(f"{call.context.config.url_prefix}/", HTTPStatus.FOUND)
    if wanted.code is None and wanted.error is None:
        return await sessions.begin(wanted.following)
    who, response = await sessions.finish(call.request.query_params, call.request.cookies)
    call.context.audit.record(who, call.request.scope, "/login", response.status_code)
    return response


async def log_out(call: Call[Nothing]) -> Response:
    """Forget who somebody is. A password that a browser sends by itself ends with the browser."""
    response = PlainTextResponse("You are logged out. A password is forgotten when the browser is closed.")
    if call.context.sessions is not None:
        call.context.sessions.leave(response)
    return response


def to_login(prefix: str, path: str, query: str) -> Response:
    """Send a browser to log in, and afterwards back to where it wanted to go."""
    following = f"{path}?{query}" if query else path
    return RedirectResponse(f"{prefix}/login?next={quote(following, safe='')}", HTTPStatus.FOUND)
