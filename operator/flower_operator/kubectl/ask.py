"""Questions to a monitor's API."""

from collections.abc import Mapping
from typing import Any

import aiohttp
import msgspec

from flower_operator.kubectl.errors import Failed
from flower_operator.kubectl.login import Login

TIMEOUT = 15.0
"""Seconds for one answer."""


async def ask(url: str, path: str, login: Login | None, query: Mapping[str, str] | None = None) -> tuple[int, Any]:
    """Status and JSON (None when it is none) of a route; `Failed` when nothing answers."""
    auth = aiohttp.BasicAuth(login.username, login.password, "utf-8") if login else None
    timeout = aiohttp.ClientTimeout(total=TIMEOUT)
    try:
        async with (
            aiohttp.ClientSession(auth=auth, timeout=timeout, trust_env=False) as session,
            session.get(f"{url}{path}", params=query, allow_redirects=False) as response,
        ):
            return response.status, _json(await response.read())
    except (aiohttp.ClientError, TimeoutError) as error:
        raise Failed(f"The monitor does not answer: {str(error) or type(error).__name__}.") from error


def _json(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body)
    except msgspec.DecodeError:
        return None
