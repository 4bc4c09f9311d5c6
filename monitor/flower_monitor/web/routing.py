"""A route, declared in one place: what it takes, what answers it, and what the OpenAPI document says of it.

Parameters are the fields of a msgspec struct: a request is converted to one before its handler sees it, and the
document is made of the same struct. What a POST carries is among them (`Body`). Starlette alone, since with FastAPI
and pydantic web took three times the CPU time to load, and 15 MiB more.
"""

import re
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import inspect
from starlette import routing
from starlette.requests import Request
from starlette.responses import Response

from flower_monitor.web import audit, bodies, expected
from flower_monitor.web.context import Context, context_of
from flower_monitor.web.origin import SAFE_METHODS
from flower_monitor.web.problems import Problem, bad_parameter

Parameters = TypeVar("Parameters", bound=msgspec.Struct)

Routes = list["Route[Any]"]

Answers = Mapping[int, Mapping[str, Any]]
"""What a route may answer: status -> OpenAPI's response object."""

HEADER = "header"
"""Key of `Meta.extra` that holds a header's name, for a parameter that is one: see `header`."""

_AT_FIELD = re.compile(r" - at `\$\.(?P<field>\w+)[^`]*`$")
_MISSING = re.compile(r"^Object missing required field `(?P<field>\w+)`")
_UNKNOWN = re.compile(r"^Object contains unknown field `(?P<field>.*)`$", re.DOTALL)


class Body(Enum):
    """What the body of a request is to a route."""

    NONE = "none"
    """Nothing: it is not read."""

    FIELDS = "fields"
    """A form or a JSON object: its fields are parameters, and win over the query's, as in Flower."""

    JSON = "json"
    """A JSON object: its fields are parameters; those of the query are not."""


class Nothing(msgspec.Struct, frozen=True):
    """The parameters of a route that takes none; what is sent is ignored."""


@dataclass(frozen=True)
class Call(Generic[Parameters]):
    """A request on its way to a route's handler."""

    context: Context
    request: Request
    parameters: Parameters
    sent: Mapping[str, Any]
    """What came in the query and the body, as it came."""


class Route(routing.Route, Generic[Parameters]):
    """A route that takes one method (and with GET also HEAD, which the gate turns into GET).

    Args:
        path: Path template, without the URL prefix.
        handler: Answers a call.
        parameters: Struct of what it takes: from the path, from a header (see `header`), the rest from the query and
            the body. With `forbid_unknown_fields` another one is refused, without it is ignored.
        method: The method.
        body: What its body is.
        quiet: Parameters that the audit leaves out: what a task is given is not for everybody who reads that.
        tag: Group in the OpenAPI document; None: not in it.
        answers: What it may answer, for the document.
    """

    def __init__(
        self,
        path: str,
        handler: Callable[[Call[Parameters]], Awaitable[Response]],
        parameters: type[Parameters],
        *,
        method: str = "GET",
        body: Body = Body.NONE,
        quiet: Collection[str] = (),
        tag: str | None = None,
        answers: Answers | None = None,
    ) -> None:
        async def endpoint(request: Request) -> Response:
            sent = self._sent(request) | await _carried(request, body)
            if method not in SAFE_METHODS:
                audit.note(request, self._told(sent))
            return await handler(Call(context_of(request), request, self._parse(request, sent), sent))

        super().__init__(path, endpoint, name=handler.__name__)
        self.method = method
        self.body = body
        self.methods = {method}
        self.quiet = quiet
        self.handler = handler
        self.parameters = parameters
        self.tag = tag
        self.answers = answers or {}

    @cached_property
    def fields(self) -> tuple[inspect.Field, ...]:
        """The parameters."""
        described = inspect.type_info(self.parameters)
        assert isinstance(described, inspect.StructType)  # noqa: S101 - the type of `parameters` says so
        return described.fields

    @cached_property
    def headers(self) -> dict[str, str]:
        """Those that come in a header: parameter -> header."""
        extras = {field.encode_name: _extra(field.type) for field in self.fields}
        return {name: extra[HEADER] for name, extra in extras.items() if HEADER in extra}

    @cached_property
    def _lists(self) -> frozenset[str]:
        return frozenset(field.encode_name for field in self.fields if isinstance(_bare(field.type), inspect.ListType))

    def _told(self, sent: Mapping[str, Any]) -> str:
        """What the audit says of the parameters; those of the path it has anyway."""
        names = (field.encode_name for field in self.fields if field.encode_name not in self.quiet)
        return ", ".join(f"{name}={sent[name]}" for name in names if sent.get(name) is not None)

    def _sent(self, request: Request) -> dict[str, Any]:
        """What is in the query; a list where several may be."""
        query = request.query_params
        if self.body is Body.JSON:
            return {}
        return {name: query.getlist(name) if name in self._lists else query[name] for name in query}

    def _parse(self, request: Request, given: Mapping[str, Any]) -> Parameters:
        """The parameters of a request, of what its query and body hold.

        Raises:
            Problem: 400, naming the first that is wrong.
        """
        if not self.fields:
            return self.parameters()
        sent = {**given}
        for name, header in self.headers.items():
            if name in sent:
                raise _unknown(name)
            if header in request.headers:
                sent[name] = request.headers[header]
        try:
            return msgspec.convert({**sent, **request.path_params}, self.parameters, strict=False)
        except msgspec.ValidationError as error:
            raise self._problem(str(error)) from error

    def _problem(self, text: str) -> Problem:
        """What msgspec said, in words for people: of the types that it names, they sent none but text."""
        if unknown := _UNKNOWN.match(text):
            return _unknown(unknown["field"])
        if missing := _MISSING.match(text):
            return bad_parameter(missing["field"], f"Missing argument {missing['field']}")
        at = _AT_FIELD.search(text)
        if at is None:
            return bad_parameter("request", text)
        (kind,) = (field.type for field in self.fields if field.encode_name == at["field"])
        name = self.headers.get(at["field"], at["field"])
        return bad_parameter(name, f"{name}: expected {expected.words(kind)}")


async def _carried(request: Request, body: Body) -> dict[str, Any]:
    """The parameters in the body of a request."""
    match body:
        case Body.NONE:
            return {}
        case Body.FIELDS:
            return await bodies.fields(request)
        case Body.JSON:
            return await bodies.json_body(request)


def _unknown(name: str) -> Problem:
    return bad_parameter(name, f"Unknown parameter {name!r}: see /api/v1/openapi.json for those there are")


def header(name: str, description: str) -> msgspec.Meta:
    """Marks a parameter that comes in a header."""
    return msgspec.Meta(description=description, extra={HEADER: name})


def _bare(kind: inspect.Type) -> inspect.Type:
    return kind.type if isinstance(kind, inspect.Metadata) else kind


def _extra(kind: inspect.Type) -> dict[str, Any]:
    return (kind.extra or {}) if isinstance(kind, inspect.Metadata) else {}
