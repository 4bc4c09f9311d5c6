"""Somebody before another cluster's API server: who they are there, and that no answer is no."""

import pytest

from flower_operator.exceptions import Forbidden, Unreachable
from flower_operator.fleet.carried import PAUSE, TOLD, Carried, carried
from flower_operator.fleet.identity import User
from flower_operator.fleet.rights import Question

pytestmark = pytest.mark.anyio

ANN = {"username": "ann@example.com", "uid": "1", "groups": ["shop", "system:authenticated"], "extra": {"a": ["b"]}}
QUESTION = Question("get", "team-a")


class Server:
    """Answers reviews; a stand-in because the tests count questions and set the clock."""

    def __init__(self) -> None:
        self.asked: list[User] = []
        self.error: Exception | None = None
        self.now = 0.0

    async def may(self, user: User, _question: Question) -> bool:
        self.asked.append(user)
        if self.error is not None:
            raise self.error
        return True

    def carried(self) -> Carried:
        return Carried(self.may, lambda: self.now)


def test_name_and_groups_are_the_same_but_what_this_cluster_made() -> None:
    assert carried(ANN) == {"username": "ann@example.com", "groups": ["shop"]}


@pytest.mark.parametrize(
    "name", ["system:serviceaccount:team-a:ci", "system:node:n1", "system:anonymous", "system:admin", ""]
)
async def test_what_each_cluster_names_for_itself_is_nobody_in_another(name: str) -> None:
    server = Server()
    assert not await server.carried().may({"username": name, "groups": ["shop"]}, QUESTION)
    assert server.asked == []


async def test_the_cluster_is_asked_about_the_one_who_is_carried_over() -> None:
    server = Server()
    assert await server.carried().may(ANN, QUESTION)
    assert server.asked == [{"username": "ann@example.com", "groups": ["shop"]}]


@pytest.mark.parametrize("error", [Unreachable("no route"), Forbidden(403, "Forbidden", "may not create")])
async def test_one_that_can_not_answer_means_no_and_is_left_alone_for_a_while(error: Exception) -> None:
    server = Server()
    server.error = error
    asked = server.carried()
    for _ in range(3):
        with pytest.raises(Unreachable):
            await asked.may(ANN, QUESTION)
    assert len(server.asked) == 1
    assert str(error) in str(asked.trouble)
    server.now, server.error = PAUSE, None
    assert await asked.may(ANN, QUESTION)
    assert asked.trouble is None


async def test_trouble_is_not_told_for_ever_when_nobody_asks_again() -> None:
    server = Server()
    server.error = Unreachable("no route")
    asked = server.carried()
    with pytest.raises(Unreachable):
        await asked.may(ANN, QUESTION)
    server.now = TOLD + 1
    assert asked.trouble is None
