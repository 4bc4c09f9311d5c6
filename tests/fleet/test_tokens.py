"""Kubernetes bearer tokens: who decides, for how long, and what happens when nobody can."""

import asyncio

import pytest

from flower_operator.exceptions import Unreachable
from flower_operator.fleet.identity import Identity, Refusal, User
from flower_operator.fleet.memo import TTL
from flower_operator.fleet.reviews import access_question
from flower_operator.fleet.rights import Question
from flower_operator.fleet.tokens import MAX_KEPT, TokenChecker

pytestmark = pytest.mark.anyio


class Kubernetes:
    """Answers reviews; a stand-in because the tests count questions and cut the line."""

    def __init__(self) -> None:
        self.users: dict[str, User] = {"a-token": {"username": "alice", "groups": ["team-a"]}}
        self.reachable = True
        self.questions = 0
        self.now = 0.0

    async def review(self, token: str) -> User | None:
        self.questions += 1
        await asyncio.sleep(0)
        if not self.reachable:
            raise Unreachable("no route")
        return self.users.get(token)

    def checker(self) -> TokenChecker:
        return TokenChecker(self.review, clock=lambda: self.now)


async def test_whose_token_it_is() -> None:
    verdict = await Kubernetes().checker().check("a-token")
    assert verdict == Identity("alice")
    assert isinstance(verdict, Identity)
    assert verdict.user == {"username": "alice", "groups": ["team-a"]}


async def test_an_unknown_token_is_refused() -> None:
    verdict = await Kubernetes().checker().check("made-up")
    assert isinstance(verdict, Refusal)
    assert verdict.status == 401


async def test_an_api_server_that_does_not_answer_means_no() -> None:
    kubernetes = Kubernetes()
    kubernetes.reachable = False
    verdict = await kubernetes.checker().check("a-token")
    assert isinstance(verdict, Refusal)
    assert verdict.status == 503


async def test_that_no_is_not_remembered() -> None:
    kubernetes = Kubernetes()
    checker = kubernetes.checker()
    kubernetes.reachable = False
    await checker.check("a-token")
    kubernetes.reachable = True
    assert await checker.check("a-token") == Identity("alice")


async def test_a_verdict_holds_for_seconds() -> None:
    kubernetes = Kubernetes()
    checker = kubernetes.checker()
    await checker.check("a-token")
    kubernetes.now = TTL - 0.1
    await checker.check("a-token")
    assert kubernetes.questions == 1


async def test_a_token_that_is_withdrawn_is_refused_after_seconds() -> None:
    kubernetes = Kubernetes()
    checker = kubernetes.checker()
    await checker.check("a-token")
    kubernetes.users.clear()
    kubernetes.now = TTL
    assert isinstance(await checker.check("a-token"), Refusal)


async def test_an_expired_verdict_is_not_used_when_the_api_server_is_away() -> None:
    kubernetes = Kubernetes()
    checker = kubernetes.checker()
    await checker.check("a-token")
    kubernetes.reachable = False
    kubernetes.now = TTL
    assert isinstance(await checker.check("a-token"), Refusal)


async def test_requests_at_the_same_time_share_one_question() -> None:
    kubernetes = Kubernetes()
    checker = kubernetes.checker()
    verdicts = await asyncio.gather(*(checker.check("a-token") for _ in range(20)))
    assert set(verdicts) == {Identity("alice")}
    assert kubernetes.questions == 1


async def test_a_request_that_is_given_up_does_not_spoil_the_answer_for_others() -> None:
    kubernetes = Kubernetes()
    checker = kubernetes.checker()
    given_up = asyncio.create_task(checker.check("a-token"))
    waiting = asyncio.create_task(checker.check("a-token"))
    await asyncio.sleep(0)
    given_up.cancel()
    assert await waiting == Identity("alice")


async def test_a_flood_of_tokens_is_not_remembered_without_end() -> None:
    checker = Kubernetes().checker()
    for number in range(MAX_KEPT + 10):
        await checker.check(str(number))
    assert len(checker) == MAX_KEPT


async def test_the_question_is_about_the_person_with_all_that_kubernetes_knows_of_them() -> None:
    user = {"username": "alice", "uid": "1", "groups": ["team-a"], "extra": {"scopes": ["x"]}}
    assert access_question(user, Question("get", None)) == {
        "user": "alice",
        "uid": "1",
        "groups": ["team-a"],
        "extra": {"scopes": ["x"]},
        "resourceAttributes": {"group": "flower-operator.io", "resource": "flowermonitors", "verb": "get"},
    }


async def test_the_question_names_namespace_and_monitor() -> None:
    attributes = access_question({"username": "alice"}, Question("update", "team-a", "orders"))["resourceAttributes"]
    assert (attributes["verb"], attributes["namespace"], attributes["name"]) == ("update", "team-a", "orders")
