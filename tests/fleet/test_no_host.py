"""A monitor whose name leads nowhere, as where its Service was deleted."""

import socket
from typing import Any

import pytest
from aiohttp.resolver import ThreadedResolver
from fastapi import HTTPException, Request

from flower_operator.fleet.identity import Identity
from flower_operator.fleet.passage import Passage
from flower_operator.fleet.proxy import Proxy, session
from flower_operator.fleet.rights import Rights
from flower_operator.fleet.roster import Roster
from flower_operator.fleet.sight import Sight
from flower_operator.fleet.vouch import Voucher
from tests.fleet.made import ORDERS, monitor

pytestmark = pytest.mark.anyio


async def key_of_fleet() -> bytes:
    return b"k"


async def nobody_asks(*_: Any) -> bool:
    raise AssertionError("the password's owner is not asked about")


async def receive() -> dict[str, Any]:
    return {"type": "http.request", "body": b"", "more_body": False}


async def no_such_name(*_: Any, **__: Any) -> None:
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


async def test_a_host_that_is_not_there_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    # No name server is asked: how long one takes to say no is not ours.
    monkeypatch.setattr(ThreadedResolver, "resolve", no_such_name)
    roster = Roster()
    roster.put(monitor())
    raw_path = f"/n/{ORDERS.namespace}/{ORDERS.name}/".encode()
    scope = {"type": "http", "method": "GET", "path": raw_path.decode(), "query_string": b"", "headers": []}
    request = Request({**scope, "identity": Identity("admin")}, receive)
    async with session() as opened:
        passage = Passage(lambda _: "http://orders-monitor.team-a.svc:5555")
        proxy = Proxy(Sight(roster, Rights(nobody_asks)), Voucher(key_of_fleet), passage, opened)
        with pytest.raises(HTTPException) as refusal:
            await proxy.answer(request, raw_path)
    assert (refusal.value.status_code, refusal.value.detail) == (
        502,
        "The monitor can't be reached: no such host. Is its Service there?",
    )
