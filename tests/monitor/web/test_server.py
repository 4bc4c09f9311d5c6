"""The real server: streams over a socket, slow readers, and a stop that takes no longer than it promises."""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from tests.monitor.web.apps import ADMIN, config_for
from tests.monitor.web.servers import serving, serving_process
from tests.monitor.web.stores import StoreFile, task
from tests.support.patience import PATIENCE
from tests.support.processes import STOP_SECONDS

Event = tuple[str, int, Any]


@pytest.fixture
def url(store: StoreFile) -> Iterator[str]:
    with serving(config_for(store.path)) as started:
        yield started


@contextmanager
def stream(url: str, query: str = "", **headers: str) -> Iterator[Iterator[Event]]:
    """The events of an open stream."""
    with httpx.stream("GET", f"{url}/api/v1/stream?{query}", auth=ADMIN, headers=headers, timeout=PATIENCE) as response:
        assert response.status_code == 200
        yield events(response)


def events(response: httpx.Response) -> Iterator[Event]:
    fields: dict[str, str] = {}
    for line in response.iter_lines():
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        elif "event" in fields:
            yield fields["event"], int(fields["id"]), json.loads(fields["data"])
            fields = {}


def until(events: Iterator[Event], topic: str) -> Event:
    return next(event for event in events if event[0] == topic)


def test_a_stream_starts_with_everything_as_it_is(url: str, store: StoreFile) -> None:
    store.worker("w1@host")
    store.add(task("one"))

    with stream(url) as found:
        first = [next(found) for _ in range(3)]

    assert [(topic, number) for topic, number, _ in first] == [("tasks", 1), ("workers", 1), ("summary", 1)]
    assert [item["uuid"] for item in first[0][2]["items"]] == ["one"]
    assert first[1][2]["items"][0]["hostname"] == "w1@host"
    assert first[2][2]["tasks"]["kept"] == 1


def test_a_change_arrives(url: str, store: StoreFile) -> None:
    with stream(url, "topics=tasks") as found:
        next(found)
        store.add(task("new"))
        _, _, body = next(found)

    assert [item["uuid"] for item in body["items"]] == ["new"]


def test_there_is_at_most_one_delta_a_second(url: str, store: StoreFile) -> None:
    with stream(url, "topics=tasks") as found:
        next(found)
        start = time.monotonic()
        seen: list[str] = []
        deltas = 0
        for number in range(20):
            store.add(task(f"t{number}"))
        while len(seen) < 20:
            seen += [item["uuid"] for item in next(found)[2]["items"]]
            deltas += 1
        took = time.monotonic() - start

    assert seen == [f"t{number}" for number in range(20)]
    assert deltas <= took + 1


def test_a_client_that_comes_back_misses_nothing(url: str, store: StoreFile) -> None:
    store.add(task("seen"))
    with stream(url, "topics=tasks") as found:
        _, seen, _ = next(found)
    store.add(task("missed"))

    with stream(url, "topics=tasks", **{"Last-Event-ID": str(seen)}) as found:
        _, _, body = next(found)

    assert [item["uuid"] for item in body["items"]] == ["missed"]


def test_a_client_that_cannot_set_headers_comes_back_by_parameter(url: str, store: StoreFile) -> None:
    store.add(task("seen"))
    store.add(task("missed"))

    with stream(url, "topics=tasks&last_event_id=1") as found:
        _, _, body = next(found)

    assert [item["uuid"] for item in body["items"]] == ["missed"]


@pytest.mark.parametrize(
    ("query", "headers", "field"),
    [
        ("topics=tasks,colors", {}, "topics"),
        ("topics=", {}, "topics"),
        ("topic=tasks", {}, "topic"),
        ("seen=5", {}, "seen"),
        ("", {"Last-Event-ID": "x"}, "Last-Event-ID"),
        ("last_event_id=-1", {}, "last_event_id"),
    ],
)
def test_a_bad_stream_is_a_400(url: str, query: str, headers: dict[str, str], field: str) -> None:
    response = httpx.get(f"{url}/api/v1/stream?{query}", auth=ADMIN, headers=headers, timeout=PATIENCE)

    assert response.status_code == 400
    assert response.json()["field"] == field


def test_a_reader_that_does_not_read_holds_up_nobody(url: str, store: StoreFile) -> None:
    """Its socket is full, so its deltas are merged; others get theirs, and it goes on with the newest."""
    big = "x" * 1000
    address = ("127.0.0.1", int(url.rsplit(":", 1)[1]))
    with socket.create_connection(address) as slow, stream(url, "topics=tasks") as found:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.sendall(_request("/api/v1/stream?topics=tasks"))
        next(found)
        for number in range(6):
            store.add(*(task(f"t{number}-{i}", args=big, kwargs=big, result=big) for i in range(400)))
            _, _, body = next(found)
            assert len(body["items"]) == 400
        slow.settimeout(PATIENCE)
        assert slow.recv(1 << 20).startswith(b"HTTP/1.1 200 OK")

    assert httpx.get(f"{url}/api/v1/tasks", auth=ADMIN, timeout=PATIENCE).status_code == 200


@pytest.mark.parametrize("proxies", [(), ("127.0.0.1",)])
def test_a_stop_with_open_streams_is_in_good_order(store: StoreFile, proxies: tuple[str, ...]) -> None:
    """It waits for none of them; their last chunk is sent, so no proxy reports a broken answer."""
    with (
        serving_process(config_for(store.path, trusted_proxies=proxies)) as (url, process),
        stream(url) as one,
        stream(url) as other,
    ):
        next(one), next(other)
        process.terminate()
        for found in (one, other):
            for _ in found:
                pass
        process.join(STOP_SECONDS)

        assert process.exitcode == 0


def test_a_stream_says_that_it_is_no_ordinary_answer(url: str) -> None:
    with httpx.stream("GET", f"{url}/api/v1/stream", auth=ADMIN, timeout=PATIENCE) as response:
        headers = response.headers

    assert headers["content-type"] == "text/event-stream; charset=utf-8"
    assert headers["x-accel-buffering"] == "no"
    assert headers["cache-control"] == "no-store"
    assert "content-length" not in headers


def test_the_server_does_not_name_itself(url: str) -> None:
    assert "server" not in httpx.get(f"{url}/livez", timeout=PATIENCE).headers


def _request(path: str) -> bytes:
    header = next(ADMIN.auth_flow(httpx.Request("GET", "http://x"))).headers["authorization"]
    return f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {header}\r\n\r\n".encode()
