"""Questions about people to an API server that can't be made to fail so while others use it."""

import asyncio

import pytest
from kubernetes.aio.client import Configuration

from flower_operator.exceptions import Unreachable
from flower_operator.fleet import reviews
from flower_operator.fleet.reviews import Reviews
from flower_operator.kube import connect

pytestmark = pytest.mark.anyio


async def _silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Takes a request, and says nothing until whoever asks hangs up."""
    await reader.read()
    writer.close()


async def test_a_server_that_does_not_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reviews, "PATIENCE", 0.05)
    async with await asyncio.start_server(_silent, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()
        async with connect(Configuration(host=f"http://{host}:{port}")) as api:
            with pytest.raises(Unreachable, match="no answer within"):
                await Reviews(api).review("a token")
