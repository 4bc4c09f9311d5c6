"""Answers over HTTP of which nobody knows how long they are."""

import aiohttp


async def beginning(response: aiohttp.ClientResponse, most: int) -> bytes:
    """Read at most so many bytes of a body. It comes in pieces: one `read` gives what is there by then."""
    body = b""
    while len(body) < most and (piece := await response.content.read(most - len(body))):
        body += piece
    return body
