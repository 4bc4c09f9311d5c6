"""People whom the fleet vouches for: it asks Kubernetes who they are and what they may, and passes their requests on.

It says so in a header that it signs for one monitor and for a minute: a JWT (RFC 7519) with Ed25519 (RFC 9864). The
monitor knows the public key only, so whoever reads its settings can sign nothing, and a header that one monitor was
sent is of no use at another.
"""

import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, Literal, NamedTuple

import msgspec
from msgspec import Meta
from starlette.requests import Request

from flower_monitor.config import Config
from flower_monitor.web.credentials import Principal
from flower_monitor.web.problems import Problem
from flower_monitor.web.roles import ROLES

HEADER = "Flower-Identity"
ALGORITHM = "Ed25519"
ISSUER = "flower-operator-fleet"

LEEWAY = 30
"""Seconds that the clocks of two nodes may differ by."""

LONGEST = 120
"""Seconds from signing to end: one that holds for longer was not made by a fleet of ours."""

BASE = "flower_monitor.base"
"""Key of the request's `state`: the path under which the fleet shows this monitor."""


class Vouched(NamedTuple):
    """Somebody, as the fleet says."""

    principal: Principal
    base: str
    """Path under which their browser sees this monitor, such as `/n/team-a/orders/`."""


class Claims(msgspec.Struct, frozen=True):
    """What the header says, besides for whom and until when."""

    sub: Annotated[str, Meta(min_length=1)]
    role: Literal["viewer", "operator", "admin"]
    # It goes into the page: nothing that could end an attribute, nor lead to another host.
    base: Annotated[str, Meta(pattern=r"^(/[A-Za-z0-9._~-]+)+/$")]
    iat: int
    exp: int


class Fleet:
    """Checks the header.

    Args:
        public_key: Of the fleet: 32 bytes, base64url.
        audience: What the fleet calls this monitor: NAMESPACE/NAME.
        clock: Epoch seconds.
    """

    def __init__(self, public_key: str, audience: str, clock: Callable[[], float] = time.time) -> None:
        from joserfc.jwk import OKPKey  # some megabytes, for monitors of a fleet only

        self._key = OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": public_key})
        self._audience = audience
        self._clock = clock

    def check(self, header: str) -> Vouched:
        """Who it is.

        Raises:
            Problem: 401, the header is not the fleet's, not for this monitor or not for now.
        """
        claims = self._claims(header)
        return Vouched(Principal(claims.sub, ROLES[claims.role]), claims.base)

    def _claims(self, header: str) -> Claims:
        from joserfc import jwt
        from joserfc.errors import JoseError

        try:
            told = jwt.decode(header, self._key, algorithms=[ALGORITHM]).claims
            jwt.JWTClaimsRegistry(
                now=int(self._clock()),
                leeway=LEEWAY,
                iss={"essential": True, "value": ISSUER},
                aud={"essential": True, "value": self._audience},
            ).validate(told)
            claims = msgspec.convert(told, Claims)
        except (JoseError, msgspec.ValidationError, ValueError) as error:
            raise refused(str(error)) from error
        if claims.exp - claims.iat > LONGEST:
            raise refused(f"it holds for more than {LONGEST} s")
        return claims


def fleet_of(config: Config) -> Fleet | None:
    """The fleet that a monitor believes; None: no fleet."""
    if config.fleet_public_key is None:
        return None
    return Fleet(config.fleet_public_key, f"{config.namespace}/{config.name}")


def refused(why: str) -> Problem:
    """401 for a header that is not believed."""
    detail = f"The header {HEADER} is not believed here: {why}. The fleet signs it with the key in its Secret"
    return Problem(HTTPStatus.UNAUTHORIZED, "not-vouched-for", detail, field=HEADER)


def base_of(request: Request) -> str | None:
    """The path under which the fleet shows this monitor to the one who asks; None: they ask the monitor itself."""
    base: str | None = getattr(request.state, BASE, None)
    return base
