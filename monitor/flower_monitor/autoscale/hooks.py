"""Webhooks: somebody else is asked before pools are sized, and told afterwards.

A request is signed with a secret that both know: `X-Flower-Signature: sha256=HEX` is the HMAC of `TIMESTAMP.BODY`, and
`X-Flower-Timestamp` is in it, so that an old request can't be sent again later.
"""

import asyncio
import hashlib
import hmac
import logging
import time
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec

from flower_monitor.autoscale.policy import Webhooks

logger = logging.getLogger(__name__)

LONGEST_ANSWER = 4096
"""Bytes of an answer."""

LONGEST_REASON = 200
"""Characters of its reason that are shown."""

_HEADERS = {"Content-Type": "application/json", "Accept-Encoding": "identity"}

Phase = Literal["before", "after"]


class Notification(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The body of a request."""

    api_version: Literal["autoscale/v1"] = "autoscale/v1"
    phase: Phase
    id: str
    """The same before and after."""

    at: float
    """Epoch seconds."""

    monitor: str
    namespace: str | None
    policy: str
    why: str
    workers: Mapping[str, Mapping[str, Any]]
    """Host name -> `before` and `wanted`, processes of its pool; in the second request `outcome` too."""


class Answer(msgspec.Struct, frozen=True):
    """What is understood of an answer's body; an empty one allows."""

    allow: bool = True
    reason: str = ""


class Hooks:
    """Sends the requests.

    Args:
        secret: File with the secret that they are signed with; None: there is none, and no webhook is called.
        clock: Epoch seconds.
    """

    def __init__(self, secret: Path | None, clock: Callable[[], float] = time.time) -> None:
        self._secret = secret
        self._clock = clock

    async def objection(self, hooks: Webhooks | None, told: Notification) -> str | None:
        """Why what is about to be done must not be; None: go on."""
        if hooks is None or hooks.before is None:
            return None
        try:
            answer = await self._send(hooks.before, hooks.timeout, told)
        except HookError as error:
            logger.warning("the webhook before %s can't be asked: %s", told.policy, error)
            return None if hooks.failure_policy == "Ignore" else f"the webhook can't be asked: {error}"
        return None if answer.allow else f"the webhook said no: {answer.reason[:LONGEST_REASON] or 'without a reason'}"

    async def tell(self, hooks: Webhooks | None, told: Notification) -> None:
        """Say what came of it. It is said once: who needs more reads the audit."""
        if hooks is None or hooks.after is None:
            return
        try:
            await self._send(hooks.after, hooks.timeout, told)
        except HookError as error:
            logger.warning("the webhook after %s was not told: %s", told.policy, error)

    async def _send(self, address: str, patience: float, told: Notification) -> Answer:
        import httpx2  # when the first webhook is called: most monitors have none

        body = msgspec.json.encode(told)
        headers = {**_HEADERS, **signed(self._read_secret(), body, self._clock())}
        try:
            # A limit of httpx's is for each read: an answer that comes in drops would hold up all policies.
            async with asyncio.timeout(patience), httpx2.AsyncClient(timeout=None) as client:
                return understood(*await _exchange(client, address, body, headers))
        except TimeoutError as error:
            raise HookError(f"it did not answer within {patience:g} s") from error
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:  # neither is the other's kind
            raise HookError(str(error) or type(error).__name__) from error

    def _read_secret(self) -> bytes:
        if self._secret is None:
            raise HookError("there is no secret to sign with: see --autoscale-webhook-secret-file")
        try:
            secret = self._secret.read_bytes().strip()
        except OSError as error:
            raise HookError(f"the secret to sign with can't be read: {error.strerror}") from error
        if not secret:
            raise HookError("the file of the secret to sign with is empty")
        return secret


class HookError(Exception):
    """Nobody answered as they should."""


async def _exchange(client: Any, address: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
    """Status and body of the answer."""
    async with client.stream("POST", address, content=body, headers=headers, follow_redirects=False) as answer:
        found = b""
        async for piece in answer.aiter_raw():
            found += piece
            if len(found) > LONGEST_ANSWER:
                raise HookError(f"its answer is longer than {LONGEST_ANSWER} bytes")
        return answer.status_code, found


def new_id() -> str:
    """Ties the request after to the one before."""
    return str(uuid.uuid4())


def signed(secret: bytes, body: bytes, at: float) -> dict[str, str]:
    """The headers that say when a request was made, and that we made it."""
    timestamp = str(int(at))
    digest = hmac.new(secret, f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Flower-Timestamp": timestamp, "X-Flower-Signature": f"sha256={digest}"}


def understood(status: int, body: bytes) -> Answer:
    """What an answer means: 403 is a no, as `{"allow": false}` is.

    Raises:
        HookError: It is none of ours.
    """
    if status == 403:
        return Answer(allow=False, reason=_reason(body))
    if not 200 <= status < 300:
        raise HookError(f"it answered {status}")
    if not body.strip():
        return Answer()
    try:
        return msgspec.json.decode(body, type=Answer)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise HookError(f"its answer is not understood: {error}") from error


def _reason(body: bytes) -> str:
    try:
        return msgspec.json.decode(body, type=Answer).reason
    except (msgspec.DecodeError, UnicodeDecodeError):
        return body.decode(errors="replace").strip()
