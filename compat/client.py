"""HTTP to a program, each request by a connection of its own."""

import http.client
import threading
import time
from base64 import b64encode
from collections.abc import Mapping
from string import Template
from urllib.parse import urlparse

from compat.check import PATIENCE, Answer, Ask, Check

LONG = 120.0
"""Seconds after which a request beside others is given up, if the program has not ended by then."""


def put(url: str, check: Check, names: Mapping[str, str]) -> Answer:
    """The answer to a check's question, asked as the check says."""
    for ask in check.beside:
        threading.Thread(target=send, args=(url, filled(ask, names), LONG), daemon=True).start()
    time.sleep(1 if check.beside else 0)  # there is no telling from outside when they have come
    ask = filled(check.ask, names)
    answer = send(url, ask, check.patience)
    if not check.again:
        return answer
    tag = answer.headers.get("etag", "none")
    return send(url, ask._replace(headers={"If-None-Match": tag}), check.patience)


def filled(ask: Ask, names: Mapping[str, str]) -> Ask:
    """A request with its names filled in. Pure."""
    return ask._replace(path=Template(ask.path).substitute(names), body=Template(ask.body).substitute(names))


def send(url: str, ask: Ask, patience: float = PATIENCE) -> Answer:
    """The answer, or one with status 0 and the reason when there was none."""
    where = urlparse(url)
    connection = http.client.HTTPConnection(where.hostname or "127.0.0.1", where.port, timeout=patience)
    try:
        connection.request(ask.method, ask.path, ask.body.encode() or None, _headers(ask))
        response = connection.getresponse()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, headers, response.read().decode(errors="replace"))
    except (OSError, http.client.HTTPException) as error:
        return Answer(0, {}, f"no answer: {error!r}")
    finally:
        connection.close()


def _headers(ask: Ask) -> dict[str, str]:
    found = dict(ask.headers)
    if ask.type:
        found["Content-Type"] = ask.type
    if ask.login is not None:
        found["Authorization"] = f"Basic {b64encode(ask.login.encode()).decode()}"
    return found
