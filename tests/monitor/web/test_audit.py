"""Who did what is written down: in the log, in the store, and told to administrators."""

import logging
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from flower_monitor.audit import AuditEntry
from flower_monitor.config import User
from flower_monitor.letterbox import Letters, Post
from flower_monitor.web.audit import Audit
from flower_monitor.web.credentials import Principal
from flower_monitor.web.permissions import Role
from tests.monitor.program import LOGIN, monitor
from tests.monitor.web.apps import client_of, config_for, running
from tests.monitor.web.stores import StoreFile
from tests.support.processes import until
from tests.support.redis import RedisServer

SCOPE = {"method": "POST", "client": ("10.0.0.7", 5), "state": {"flower_monitor.detail": "n=2"}}


@pytest.fixture
def box() -> Iterator[tuple[int, Letters]]:
    """A descriptor to write to, and what is read at the other end."""
    reading, writing = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    letters = Letters(reading.detach())
    yield writing.detach(), letters
    letters.close()


def test_an_entry_says_who_what_from_where_and_how_it_ended(box: tuple[int, Letters]) -> None:
    post = Post(box[0])
    Audit(post, lambda: 5.0).record(Principal("ann", Role.OPERATOR), SCOPE, "/api/worker/pool/grow/w1", 200)
    post.close()

    assert box[1].read() == [
        AuditEntry(
            at=5.0, user="ann", role="operator", address="10.0.0.7", method="POST", path="/api/worker/pool/grow/w1",
            detail="n=2", status=200,
        )
    ]  # fmt: skip


def test_the_log_has_it_too(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        Audit(Post(None)).record(Principal("ann", Role.OPERATOR), SCOPE, "/x\ny", 403)

    assert r"ann (operator) from 10.0.0.7: POST '/x\ny' 'n=2' -> 403" in caplog.text


@pytest.mark.anyio
async def test_a_write_is_noted_with_the_one_who_was_refused(store: StoreFile, box: tuple[int, Letters]) -> None:
    config = config_for(store.path, users=(User("bob", "pw"),), roles={"viewer": ("bob",)})

    async with running(config, letters_fd=box[0]) as app, client_of(app, None) as client:
        await client.post("/api/v1/tasks", auth=("bob", "pw"))
        await client.get("/api/v1/summary", auth=("bob", "pw"))
        await client.post("/api/v1/tasks", auth=("bob", "wrong"))

    noted = [(one.user, one.method, one.status) for one in box[1].read() if isinstance(one, AuditEntry)]
    assert noted == [("bob", "POST", 403)]


@pytest.mark.anyio
async def test_what_was_asked_is_noted_and_what_was_made_up_is_not(store: StoreFile, box: tuple[int, Letters]) -> None:
    store.worker("w1@host")

    async with running(config_for(store.path), letters_fd=box[0]) as app, client_of(app) as client:
        await client.post("/api/worker/pool/grow/w1@host?n=2", data={"comment": "x" * 5000})

    noted = [(one.path, one.detail) for one in box[1].read() if isinstance(one, AuditEntry)]
    assert noted == [("/api/worker/pool/grow/w1@host", "n=2")]


@pytest.mark.anyio
async def test_what_a_task_is_given_is_not_noted(store: StoreFile, box: tuple[int, Letters]) -> None:
    async with running(config_for(store.path), letters_fd=box[0]) as app, client_of(app) as client:
        await client.post(
            "/api/v1/tasks", json={"name": "shop.pay", "args": ["4111-1111"], "queue": "q", "eta": "never"}
        )

    noted = [one.detail for one in box[1].read() if isinstance(one, AuditEntry)]
    assert noted == ["name=shop.pay, queue=q, eta=never"]


def test_an_entry_is_stored_and_told_to_an_administrator(redis: RedisServer, tmp_path: Path) -> None:
    with monitor(redis.url, tmp_path) as started:
        started.connected()
        assert started.post("/api/v1/nothing", {})["status"] == 404
        entries = until(lambda: (started.get("/api/v1/audit") or {}).get("items"), "the entry is stored")

    assert [(one["user"], one["role"], one["path"], one["status"]) for one in entries] == [
        (LOGIN[0], "admin", "/api/v1/nothing", 404)
    ]
