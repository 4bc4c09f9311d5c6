"""A connection that bounds what its client may send, and how long it may take, before there is a request to answer.

httptools knows no bound: one line of a header without an end grew web by two bytes for each that came, and stopped it
for a second a MiB, as each piece copies all that came before. A login is not needed for that, and neither is one for
opening connections and saying nothing, which uvicorn keeps for ever.
"""

import asyncio
from http import HTTPStatus

from typing_extensions import override
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LONGEST_HEAD = 64 << 10
"""Bytes of an address with its headers (and of what may come after a body); the parser takes no longer address."""

HEAD_WITHIN = 30.0
"""Seconds in which a request has to have come, up to its body, from the opening of the connection or its first byte."""

_TOO_LONG = f"The address and the headers of a request may have {LONGEST_HEAD >> 10} KiB"
_TOO_SLOW = f"The request did not come within {HEAD_WITHIN:.0f} s"


class Connection(HttpToolsProtocol):
    """uvicorn's connection, with bounds."""

    _unread = 0
    """Bytes that came since a piece of a body did, or the end of a request: the parser holds all of them."""

    _awaited: float | None = None
    """Since when the head of a request is waited for; None: it came, or the connection may idle."""

    @override
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self._awaited = self.loop.time()

    @override
    def data_received(self, data: bytes) -> None:
        if self._awaited is None and not self._answering:
            self._awaited = self.loop.time()
        self._unread += len(data)
        super().data_received(data)
        if self._unread > LONGEST_HEAD and not self.transport.is_closing():
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, _TOO_LONG)

    @override
    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        self._awaited = None

    @override
    def on_body(self, body: bytes) -> None:
        super().on_body(body)
        self._unread = 0

    @override
    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._unread = 0

    def end_if_overdue(self) -> None:
        """Hang up when the head of a request is waited for too long."""
        if self._awaited is not None and self.loop.time() - self._awaited > HEAD_WITHIN:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT, _TOO_SLOW)

    @property
    def _answering(self) -> bool:
        # uvicorn's type denies it, but there is none before the first request.
        return self.cycle is not None and not self.cycle.response_complete  # type: ignore[redundant-expr]

    def _refuse(self, status: HTTPStatus, text: str) -> None:
        """Say why, unless another answer is under way, and hang up."""
        if not self._answering:
            head = (
                f"HTTP/1.1 {status} {status.phrase}\r\ncontent-type: text/plain; charset=utf-8\r\n"
                f"content-length: {len(text)}\r\nconnection: close\r\n\r\n"
            )
            self.transport.write(f"{head}{text}".encode())
        self.transport.close()
