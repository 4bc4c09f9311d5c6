"""Webhooks: signed, in time, and able to say no."""

import hashlib
import hmac
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from flower_monitor.autoscale.hooks import LONGEST_ANSWER, Hooks, Notification, signed
from flower_monitor.autoscale.policy import Webhooks
from tests.monitor.autoscale.receiver import Receiver, receiver
from tests.support import ports
from tests.support.patience import PATIENCE

pytestmark = pytest.mark.anyio

SECRET = b"s3cret"
AT = 1_795_251_117.5
TOLD = Notification(
    phase="before",
    id="1",
    at=AT,
    monitor="orders",
    namespace="team-a",
    policy="p",
    why="work 8",
    workers={"w1@a": {"before": 2, "wanted": 4}},
)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def there() -> Iterator[Receiver]:
    with receiver() as made:
        yield made


@pytest.fixture
def hooks(tmp_path: Path) -> Hooks:
    (tmp_path / "secret").write_bytes(SECRET + b"\n")
    return Hooks(tmp_path / "secret", lambda: AT)


def webhooks(url: str, **fields: Any) -> Webhooks:
    """Patient ones, by more than people may say, unless the test says otherwise."""
    made = msgspec.convert({"before": f"{url}/before", "after": f"{url}/after", **fields}, Webhooks)
    return made if "timeout" in fields else msgspec.structs.replace(made, timeout=PATIENCE)


async def test_a_request_is_signed_over_its_time_and_body(hooks: Hooks, there: Receiver) -> None:
    await hooks.objection(webhooks(there.url), TOLD)

    ((headers, body),) = there.requests
    timestamp = headers["x-flower-timestamp"]
    digest = hmac.new(SECRET, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    assert (timestamp, headers["x-flower-signature"]) == ("1795251117", f"sha256={digest}")


async def test_a_request_says_what_is_about_to_be_done(hooks: Hooks, there: Receiver) -> None:
    await hooks.objection(webhooks(there.url), TOLD)

    assert there.bodies == [
        {
            "apiVersion": "autoscale/v1",
            "phase": "before",
            "id": "1",
            "at": AT,
            "monitor": "orders",
            "namespace": "team-a",
            "policy": "p",
            "why": "work 8",
            "workers": {"w1@a": {"before": 2, "wanted": 4}},
        }
    ]


@pytest.mark.parametrize(
    ("status", "answer", "why"),
    [
        (200, b"", None),
        (204, b"", None),
        (200, b'{"allow": true}', None),
        (200, b'{"allow": false, "reason": "a sale is on"}', "a sale is on"),
        (200, b'{"allow": false}', "without a reason"),
        (403, b"not today", "not today"),
        (500, b"", "it answered 500"),
        (302, b"", "it answered 302"),
        (200, b"yes", "not understood"),
    ],
)
async def test_what_is_answered_decides(
    hooks: Hooks, there: Receiver, status: int, answer: bytes, why: str | None
) -> None:
    there.status, there.answer = status, answer

    objection = await hooks.objection(webhooks(there.url), TOLD)

    assert (objection is None) == (why is None)
    assert (why or "") in (objection or "")
    assert len(there.requests) == 1


async def test_who_does_not_answer_in_time_says_no(hooks: Hooks, there: Receiver) -> None:
    there.silent.clear()

    objection = await hooks.objection(webhooks(there.url, timeout=0.1), TOLD)

    assert "can't be asked" in str(objection)


async def test_an_answer_in_drops_comes_to_an_end(hooks: Hooks, there: Receiver) -> None:
    there.endless = True

    objection = await hooks.objection(webhooks(there.url, timeout=0.5), TOLD)

    assert "did not answer within 0.5 s" in str(objection)


async def test_an_answer_that_is_too_long_says_no(hooks: Hooks, there: Receiver) -> None:
    there.answer = b" " * (LONGEST_ANSWER + 1)

    assert "longer than" in str(await hooks.objection(webhooks(there.url), TOLD))


@pytest.mark.parametrize(("policy", "goes_on"), [("Fail", False), ("Ignore", True)])
async def test_who_is_not_there_says_what_the_failure_policy_says(hooks: Hooks, policy: str, goes_on: bool) -> None:
    gone = webhooks(f"http://127.0.0.1:{ports.free()}", failurePolicy=policy)

    assert (await hooks.objection(gone, TOLD) is None) is goes_on


async def test_an_address_that_nobody_can_call_is_a_veto(hooks: Hooks) -> None:
    """And nothing worse: all policies would stand still."""
    assert "Invalid IPv4 address" in str(await hooks.objection(webhooks("http://999.1.1.1"), TOLD))


async def test_without_a_secret_nobody_is_called(there: Receiver, tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    objections = [
        await Hooks(secret).objection(webhooks(there.url), TOLD)
        for secret in (None, tmp_path / "none", tmp_path / "empty")
    ]

    assert there.requests == []
    assert all("secret" in str(objection) for objection in objections)


async def test_who_is_told_afterwards_and_fails_holds_up_nobody(hooks: Hooks, there: Receiver) -> None:
    there.status = 500

    await hooks.tell(webhooks(there.url), TOLD)

    assert len(there.requests) == 1


async def test_without_webhooks_nobody_objects(hooks: Hooks) -> None:
    assert await hooks.objection(None, TOLD) is None
    assert await hooks.objection(Webhooks(), TOLD) is None


def test_another_body_or_time_has_another_signature() -> None:
    found = {signed(SECRET, body, at)["X-Flower-Signature"] for body, at in ((b"a", 1.0), (b"b", 1.0), (b"a", 2.0))}

    assert len(found) == 3
