"""A connection that bounds how long its client may take until there is a request to answer: nobody has logged in yet.

uvicorn waits for ever for one who has opened a connection and says nothing, or whose request comes a byte at a time.
"""

import asyncio
from http import HTTPStatus

from typing_extensions import override
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_WITHIN = 30.0
"""Seconds in which a request has to have come, up to its body, from the opening of the connection or its first byte."""

_TOO_SLOW = f"The request did not come within {HEAD_WITHIN:.0f} s"


class Connection(H11Protocol):
    """uvicorn's connection, with a bound. A request that is there bounds its body itself (`proxy.py`)."""

    overdue: asyncio.TimerHandle | None = None
    """Hangs up; None: nothing is waited for."""

    @override
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self._wait()

    @override
    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._answering:
            self._wait_no_more()
        elif self.overdue is None:
            self._wait()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._wait_no_more()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self.overdue = self.loop.call_later(HEAD_WITHIN, self._hang_up)

    def _wait_no_more(self) -> None:
        if self.overdue is not None:
            self.overdue.cancel()
            self.overdue = None

    @property
    def _answering(self) -> bool:
        # uvicorn's type denies it, but there is none before the first request.
        return self.cycle is not None and not self.cycle.response_complete  # type: ignore[redundant-expr]

    def _hang_up(self) -> None:
        """Close. Who has been answered before, as one whose body comes on after its refusal, is told nothing more."""
        if self.cycle is None and not self.transport.is_closing():
            status = HTTPStatus.REQUEST_TIMEOUT
            head = (
                f"HTTP/1.1 {status} {status.phrase}\r\ncontent-type: text/plain; charset=utf-8\r\n"
                f"content-length: {len(_TOO_SLOW)}\r\nconnection: close\r\n\r\n"
            )
            self.transport.write(f"{head}{_TOO_SLOW}".encode())
        self.transport.close()
