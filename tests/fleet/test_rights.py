"""Who is what in which monitor: the questions that are asked, and what their answers make somebody."""

import pytest

from flower_operator.exceptions import Unreachable
from flower_operator.fleet.identity import Identity, User, identity_of
from flower_operator.fleet.memo import TTL
from flower_operator.fleet.rights import Question, Rights, Role
from tests.fleet.made import ORDERS

pytestmark = pytest.mark.anyio

ANN = identity_of({"username": "ann", "groups": ["team-a"]})
OWNER_OF_THE_PASSWORD = Identity("admin")
SPACES = frozenset({"team-a", "team-b"})


class Kubernetes:
    """Answers reviews; a stand-in because the tests count questions and cut the line."""

    def __init__(self, *allowed: Question) -> None:
        self.allowed = set(allowed)
        self.asked: list[Question] = []
        self.reachable = True
        self.now = 0.0

    async def may(self, user: User, question: Question) -> bool:
        self.asked.append(question)
        if not self.reachable:
            raise Unreachable("no route")
        return user["username"] == "ann" and question in self.allowed

    def rights(self, *shown: str) -> Rights:
        return Rights(self.may, shown, clock=lambda: self.now)


def may(verb: str) -> Question:
    return Question(verb, ORDERS.namespace, ORDERS.name)


@pytest.mark.parametrize(
    ("verbs", "role"),
    [
        ((), None),
        (("get",), Role.VIEWER),
        (("get", "update"), Role.OPERATOR),
        (("get", "administer"), Role.ADMIN),
        (("get", "update", "administer"), Role.ADMIN),
        (("update", "administer"), None),
    ],
)
async def test_the_verbs_make_the_role(verbs: tuple[str, ...], role: Role | None) -> None:
    assert await Kubernetes(*map(may, verbs)).rights().role(ANN, ORDERS) == role


async def test_the_password_makes_a_viewer_and_kubernetes_is_not_asked() -> None:
    kubernetes = Kubernetes()
    rights = kubernetes.rights()
    assert await rights.role(OWNER_OF_THE_PASSWORD, ORDERS) is Role.VIEWER
    assert await rights.namespaces(OWNER_OF_THE_PASSWORD, SPACES) == SPACES
    assert kubernetes.asked == []


async def test_who_may_get_everywhere_is_asked_about_once() -> None:
    kubernetes = Kubernetes(Question("get", None))
    assert await kubernetes.rights().namespaces(ANN, SPACES) == SPACES
    assert kubernetes.asked == [Question("get", None)]


async def test_who_may_get_everywhere_may_so_before_there_is_anything() -> None:
    assert await Kubernetes(Question("get", None)).rights().everywhere(ANN)
    assert not await Kubernetes(Question("get", "team-a")).rights().everywhere(ANN)


async def test_others_see_the_namespaces_in_which_they_may() -> None:
    kubernetes = Kubernetes(Question("get", "team-b"), may("get"))
    assert await kubernetes.rights().namespaces(ANN, SPACES) == {"team-b"}


async def test_a_fleet_of_one_namespace_asks_about_that_one() -> None:
    kubernetes = Kubernetes(Question("get", None))
    assert await kubernetes.rights("team-a").namespaces(ANN, SPACES) == frozenset()
    assert kubernetes.asked == [Question("get", "team-a")]


async def test_a_fleet_of_several_namespaces_shows_those_in_which_somebody_may() -> None:
    kubernetes = Kubernetes(Question("get", "team-b"))
    assert await kubernetes.rights("team-a", "team-b").namespaces(ANN, SPACES) == {"team-b"}
    assert Question("get", None) not in kubernetes.asked


async def test_who_may_get_in_each_of_several_namespaces_sees_all_of_that_fleet() -> None:
    kubernetes = Kubernetes(Question("get", "team-a"), Question("get", "team-b"))
    assert await kubernetes.rights("team-a", "team-b").everywhere(ANN)


async def test_an_answer_holds_for_seconds_and_then_no_longer() -> None:
    kubernetes = Kubernetes(may("get"))
    rights = kubernetes.rights()
    await rights.role(ANN, ORDERS)
    kubernetes.allowed.clear()
    kubernetes.now = TTL - 0.1
    assert await rights.role(ANN, ORDERS) is Role.VIEWER
    kubernetes.now = TTL
    assert await rights.role(ANN, ORDERS) is None


async def test_an_api_server_that_does_not_answer_means_no() -> None:
    kubernetes = Kubernetes(may("get"))
    rights = kubernetes.rights()
    await rights.role(ANN, ORDERS)
    kubernetes.reachable = False
    kubernetes.now = TTL
    with pytest.raises(Unreachable):
        await rights.role(ANN, ORDERS)


async def test_the_same_name_in_other_groups_is_somebody_else() -> None:
    kubernetes = Kubernetes(may("get"))
    rights = kubernetes.rights()
    await rights.role(ANN, ORDERS)
    before = len(kubernetes.asked)
    await rights.role(identity_of({"username": "ann", "groups": ["team-b"]}), ORDERS)
    assert len(kubernetes.asked) > before
