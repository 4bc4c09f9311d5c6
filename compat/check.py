"""A check: a question, what of the answers is compared, and what may be better in ours."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from compat import routes
from compat.views import as_it_is

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"

MAIN = "main"
"""The setting in which most checks are made: HTTP Basic, which both have."""

BROKERS = ("redis", "amqp")

PATIENCE = 20.0
"""Seconds to wait for an answer: Flower's control calls take one, on a busy machine more."""

HEADERS = ("content-type", "x-content-type-options")
"""Compared in every answer."""

View = Callable[[Any], Any]
"""From the body (JSON parsed, else text) to what of it is compared."""


class Ask(NamedTuple):
    """A request. `$name` in path and body is a name of the scene (`compat.scene`)."""

    method: str
    path: str
    body: str = ""
    type: str = ""
    """Its Content-Type; empty: none is sent."""

    login: str | None = "compat:compat"
    headers: Mapping[str, str] = {}


class Answer(NamedTuple):
    """What came back; status 0 when nothing did."""

    status: int
    headers: Mapping[str, str]
    """With names in lower case."""

    text: str


@dataclass(frozen=True)
class Expect:
    """An answer that a deviation speaks of."""

    status: int
    text: str = ""
    """A regular expression that is found in the viewed body, as JSON or as text."""

    headers: Mapping[str, str] = field(default_factory=dict)
    """Header -> regular expression for all of it; empty for a header that is not there."""


@dataclass(frozen=True, kw_only=True)
class Better:
    """A deviation on purpose. What is said here is asserted, so that one that Flower mends is noticed."""

    deviation: str
    """Its number, `D9`."""

    flower: Expect | None = None
    ours: Expect | None = None
    """Both answers; with them nothing else is compared."""

    added: tuple[str, ...] = ()
    """Keys that ours has beside Flower's, as `a.*.b`; the rest is the same."""

    longer: bool = False
    """Ours begins with Flower's text and says more."""

    plain: bool = False
    """The text is the same, as `text/plain` where Flower says `text/html`."""


@dataclass(frozen=True, kw_only=True)
class Check:
    """One question to both."""

    ask: Ask
    name: str
    view: View = as_it_is
    headers: tuple[str, ...] = HEADERS
    better: Better | None = None
    on: str = MAIN
    """The setting that both were started in (`compat.settings`)."""

    brokers: tuple[str, ...] = BROKERS
    beside: tuple[Ask, ...] = ()
    """Requests that are sent before this one and are not waited for."""

    again: bool = False
    """Asked a second time, with the `Etag` of the first answer: that is what is compared."""

    patience: float = PATIENCE
    """Seconds to wait for each answer."""

    @property
    def route(self) -> str:
        """Method and path template."""
        return routes.of(self.ask.method, self.ask.path.removeprefix("/flower") or "/")


def get(path: str, name: str = "", *, login: str | None = "compat:compat", method: str = "GET", **more: Any) -> Check:
    """A question with everything in its address."""
    sent = more.pop("send", {})
    ask = Ask(method, path, login=login, headers=sent)
    return Check(ask=ask, name=name or path.partition("?")[2] or "plain", **more)


def post(
    path: str,
    body: str = "",
    name: str = "",
    *,
    type: str | None = None,  # noqa: A002 - HTTP's own word
    login: str | None = "compat:compat",
    **more: Any,
) -> Check:
    """A command: a form unless the body looks like JSON or `type` says otherwise."""
    kind = type if type is not None else JSON if body[:1] in ("{", "[") else FORM if body else ""
    ask = Ask("POST", path, body, kind, login, more.pop("send", {}))
    return Check(ask=ask, name=name or body or path.partition("?")[2] or "plain", **more)
