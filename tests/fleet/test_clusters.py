"""A fleet over two clusters: two real API servers, and a real monitor behind the proxy of the other one."""

import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import httpx
import pytest

from flower_operator import connection
from flower_operator.exceptions import NotFound
from flower_operator.kinds import FLOWER_MONITOR, SECRET
from flower_operator.kube import KubeApi, connect
from flower_operator.spec import Key
from tests.fleet.cut import line_to
from tests.fleet.made import manifest
from tests.fleet.people import CLUSTER_ROLE, CLUSTER_ROLE_BINDING, RBAC, account, bearer
from tests.fleet.program import Program, until
from tests.fleet.west import HOME, INTO, TEAM, West, lead_there, west
from tests.support.celery import announce
from tests.support.kube_programs import PERSON
from tests.support.patience import PATIENCE

__all__ = ["west"]

pytestmark = [pytest.mark.anyio, pytest.mark.xdist_group("fleet clusters")]


@pytest.fixture
def fleet(west: West) -> Program:
    return west.fleet


def of_west(fleet: Program) -> dict[str, Any]:
    """The monitor of the other cluster, as the list has it."""
    items = fleet.get("/api/v1/monitors").json()["items"]
    found: dict[str, Any] = next(item for item in items if item["cluster"] == "west")
    return found


def told(fleet: Program) -> dict[str, Any]:
    """What is said of the other clusters, by name."""
    return {one["name"]: one["trouble"] for one in fleet.get("/api/v1/monitors").json()["clusters"]}


def answered(fleet: Program, path: str, **options: Any) -> httpx.Response:
    """The answer to a request, asked again where a busy machine was too slow on the way."""
    return until(lambda: fleet.get(path, **options), lambda answer: answer.status_code not in (502, 503, 504))


# What there is to see.


async def test_a_monitor_of_another_cluster_is_shown_with_what_it_says(fleet: Program) -> None:
    item = until(lambda: of_west(fleet), lambda item: item["observed"]["error"] is None)
    assert (item["namespace"], item["name"]) == (TEAM, "orders")
    assert item["summary"]["monitor"]["name"] == "orders"
    assert told(fleet)["west"] is None


async def test_one_of_our_own_cluster_is_of_none_by_name(fleet: Program, api: KubeApi) -> None:
    await api.create(FLOWER_MONITOR, HOME, manifest(Key(HOME, "orders"), {"suspend": True}))
    until(lambda: [item["cluster"] for item in fleet.get("/api/v1/monitors").json()["items"]], lambda s: s[0] is None)
    await api.delete(FLOWER_MONITOR, HOME, "orders")


async def test_its_numbers_have_the_label_of_their_cluster(fleet: Program) -> None:
    fresh = f'flower_fleet_broker_connected{{cluster="west",monitor="orders",namespace="{TEAM}"}} 1.0'
    text = until(lambda: fleet.get("/metrics").text, lambda text: fresh in text)
    assert 'flower_fleet_cluster_well{cluster="west"} 1.0' in text


async def test_its_tasks_are_found(west: West, fleet: Program) -> None:
    uuid = announce(west.broker.url, "tasks.looked_for")

    def found() -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = fleet.get(f"/api/v1/search?seconds=10&q={uuid}").json()["items"]
        return items

    (at,) = until(found, lambda items: len(items) == 1)
    assert (at["cluster"], at["namespace"], [task["uuid"] for task in at["tasks"]]) == ("west", TEAM, [uuid])


async def test_changes_there_are_pushed(west: West, fleet: Program) -> None:
    url = f"{fleet.url}/api/v1/stream?topics=monitors"
    with httpx.stream("GET", url, auth=fleet.login, timeout=PATIENCE) as answer:
        events = (json.loads(line.removeprefix("data: ")) for line in answer.iter_lines() if line.startswith("data: "))
        assert "west" in {item["cluster"] for item in next(events)["items"]}
        async with connect(await connection.load(west.there.kubeconfig)) as there:
            await there.create(FLOWER_MONITOR, TEAM, manifest(Key(TEAM, "mails"), {"suspend": True}))
            next(event for event in events for item in event["items"] if item["name"] == "mails")
            await there.delete(FLOWER_MONITOR, TEAM, "mails")
        gone = {"cluster": "west", "namespace": TEAM, "name": "mails"}
        assert next(event for event in events if gone in event["removed"])["full"] is False


# The way in.


async def test_its_page_is_told_where_it_is_and_nothing_of_the_way_there(west: West, fleet: Program) -> None:
    through = answered(fleet, f"{INTO}/tasks", headers={"Accept": "text/html"})
    assert through.status_code == 200
    assert f'<base href="{INTO}/"' in through.text
    assert "/api/v1/namespaces" not in through.text
    assert f"connect-src {httpx.URL(fleet.url).netloc.decode()}{INTO}/;" in through.headers["content-security-policy"]


async def test_its_api_and_stream_come_through(fleet: Program) -> None:
    assert answered(fleet, f"{INTO}/api/v1/summary").json()["monitor"]["name"] == "orders"
    url = f"{fleet.url}{INTO}/api/v1/stream?topics=summary"
    with httpx.stream("GET", url, auth=fleet.login, timeout=PATIENCE) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        events = (line for line in answer.iter_lines() if line.startswith("event:"))
        assert [next(events), next(events)] == ["event: summary", "event: summary"]


async def test_an_error_of_the_monitor_stays_its_own(fleet: Program) -> None:
    answer = answered(fleet, f"{INTO}/api/v1/tasks/nothing")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


async def test_without_the_slash_one_is_led_to_it(fleet: Program) -> None:
    answer = fleet.get(INTO)
    assert answer.status_code == 308
    assert str(answer.url.join(answer.headers["location"])).endswith(f"{INTO}/")


@pytest.mark.parametrize("path", ["/%2e%2e/x", "/..%2f..%2fx", "/a%2f..%2fb"])
async def test_a_path_that_climbs_after_decoding_is_refused(fleet: Program, path: str) -> None:
    assert fleet.get(f"{INTO}{path}").status_code == 400


async def test_a_cluster_that_is_not_there_is_said_so(fleet: Program) -> None:
    answer = fleet.get(f"/c/nowhere/n/{TEAM}/orders/")
    assert answer.status_code == 404
    assert "watches no cluster nowhere" in answer.json()["detail"]


async def test_a_service_that_is_not_there_is_said_by_the_api_server(west: West, fleet: Program) -> None:
    async with connect(await connection.load(west.there.kubeconfig)) as there:
        await there.create(FLOWER_MONITOR, TEAM, manifest(Key(TEAM, "lost")))
        words = 'services "lost-monitor" not found (the controller there has not made the Service yet)'
        path = f"/c/west/n/{TEAM}/lost/api/v1/summary"
        assert until(lambda: fleet.get(path), lambda answer: words in answer.json()["detail"]).status_code == 502
        monitor = f"/api/v1/monitors/{TEAM}/lost?cluster=west"
        until(lambda: str(fleet.get(monitor).json()["observed"]["error"]), lambda error: words in error)
        await there.delete(FLOWER_MONITOR, TEAM, "lost")


# Who may: the other cluster's decision.

Bind = Callable[..., Awaitable[None]]


@pytest.fixture
async def bind(west: West) -> Any:
    """Gives the person rights in the other cluster, until the test is over."""
    async with connect(await connection.load(west.there.kubeconfig)) as there:

        async def give(*verbs: str) -> None:
            rule = {"apiGroups": ["flower-operator.io"], "resources": ["flowermonitors"], "verbs": [*verbs]}
            body = {"apiVersion": RBAC, "kind": "ClusterRole", "metadata": {"name": "ann"}, "rules": [rule]}
            await there.create(CLUSTER_ROLE, None, body)
            group = "rbac.authorization.k8s.io"
            bound = {
                "apiVersion": RBAC,
                "kind": "ClusterRoleBinding",
                "metadata": {"name": "ann"},
                "roleRef": {"apiGroup": group, "kind": "ClusterRole", "name": "ann"},
                "subjects": [{"kind": "User", "name": PERSON, "apiGroup": group}],
            }
            await there.create(CLUSTER_ROLE_BINDING, None, bound)

        yield give
        for kind in (CLUSTER_ROLE_BINDING, CLUSTER_ROLE):
            with suppress(NotFound):
                await there.delete(kind, None, "ann")


async def test_who_has_no_rights_there_sees_nothing_of_it(west: West, fleet: Program) -> None:
    ann = bearer(west.home.person)
    assert fleet.get("/api/v1/monitors", **ann).status_code == 403
    assert answered(fleet, f"{INTO}/", **ann).status_code == 403


async def test_an_account_of_our_own_cluster_is_nobody_there(west: West, fleet: Program, api: KubeApi) -> None:
    everything_here = bearer(await account(api, HOME, "get", "update", "administer"))
    items = fleet.get("/api/v1/monitors", **everything_here).json()["items"]
    assert [item for item in items if item["cluster"] is not None] == []
    assert answered(fleet, f"{INTO}/", **everything_here).status_code == 403


async def test_who_may_there_steers_there_and_its_audit_has_the_name(west: West, fleet: Program, bind: Bind) -> None:
    ann = bearer(west.home.person)
    await bind("get", "update", "administer")
    until(lambda: fleet.get(f"{INTO}/api/v1/audit", **ann).status_code, lambda status: status == 200)
    (item,) = until(lambda: fleet.get("/api/v1/monitors", **ann).json().get("items", []), lambda items: len(items) == 1)
    assert item["cluster"] == "west", "and nothing of our own, where she has no rights"
    sent = fleet.request("POST", f"{INTO}/api/v1/tasks", json={"name": "tasks.add", "args": [1, 2]}, **ann)
    assert sent.is_success, sent.text

    def users() -> set[str]:
        entries = fleet.get(f"{INTO}/api/v1/audit", **ann).json()["items"]
        return {entry["user"] for entry in entries if entry["path"] == "/api/v1/tasks" and entry["status"] < 400}

    assert until(users, bool) == {PERSON}


# What goes wrong with one takes nothing from the others.


async def test_a_kubeconfig_that_names_a_program_is_refused_and_hides_nothing(
    west: West, fleet: Program, api: KubeApi
) -> None:
    user = {"exec": {"command": "sh"}}
    await lead_there(west.home, {**west.kubeconfig, "users": [{"name": "fleet", "user": user}]}, "bad")
    trouble = until(lambda: told(fleet).get("bad"), lambda trouble: trouble is not None)
    assert f"Secret {HOME}/bad leads to no cluster: field `exec` of user 'fleet' is not taken" in str(trouble)
    until(lambda: of_west(fleet)["observed"]["stale"], lambda stale: not stale)
    assert 'flower_fleet_cluster_well{cluster="bad"} 0.0' in fleet.get("/metrics").text
    unseen = fleet.get("/api/v1/search?q=anything").json()["clusters"]
    assert [one["cluster"] for one in unseen if one["cluster"] == "bad"] == ["bad"]
    await api.delete(SECRET, HOME, "bad")
    until(lambda: told(fleet).keys(), lambda names: "bad" not in names)


async def test_a_cluster_comes_with_its_secret_changes_with_it_and_goes_with_it(
    west: West, fleet: Program, api: KubeApi
) -> None:
    wrong = {**west.kubeconfig, "users": [{"name": "fleet", "user": {"token": "made-up"}}]}
    await lead_there(west.home, wrong, "south")
    trouble = until(lambda: told(fleet).get("south"), lambda trouble: trouble is not None)
    assert "401" in str(trouble)
    await lead_there(west.home, west.kubeconfig, "south")

    def names() -> set[str | None]:
        return {item["cluster"] for item in fleet.get("/api/v1/monitors").json()["items"]}

    until(lambda: ("south" in names(), told(fleet)["south"]), lambda seen: seen == (True, None))
    await api.delete(SECRET, HOME, "south")
    until(lambda: ("south" in names(), "south" in told(fleet)), lambda seen: seen == (False, False))
    assert "west" in names()


async def test_one_that_is_cut_off_says_so_and_lets_nobody_in_until_it_is_back(
    west: West, fleet: Program, api: KubeApi, bind: Bind
) -> None:
    ann = bearer(west.home.person)
    await bind("get")
    with line_to(west.there.url) as line:
        cluster = {**west.kubeconfig["clusters"][0]["cluster"], "server": f"https://127.0.0.1:{line.port}"}
        config = {**west.kubeconfig, "clusters": [{"name": "west", "cluster": cluster}]}
        await lead_there(west.home, config, "north")
        into = f"/c/north/n/{TEAM}/orders/api/v1/summary"
        until(lambda: fleet.get(into, **ann).status_code, lambda status: status == 200)
        line.cut()
        until(lambda: fleet.get(into, **ann).status_code, lambda status: status == 503)
        until(lambda: told(fleet)["north"] is None, lambda well: not well)

        def seen() -> set[str]:
            return {item["cluster"] for item in fleet.get("/api/v1/monitors", **ann).json().get("items", ())}

        until(seen, lambda clusters: clusters == {"west"})  # what it said before is believed for some seconds
        line.mend()
        until(lambda: fleet.get(into, **ann).status_code, lambda status: status == 200)
        until(lambda: told(fleet)["north"] is None, bool)
        await api.delete(SECRET, HOME, "north")
        until(lambda: "north" in told(fleet), lambda there: not there)


async def test_an_account_without_the_rights_is_told_which(west: West, fleet: Program, api: KubeApi) -> None:
    user = {"token": west.there.person}
    await lead_there(west.home, {**west.kubeconfig, "users": [{"name": "fleet", "user": user}]}, "poor")
    # Its Secret there is refused too, and which of the two refusals comes first is chance.
    trouble = until(lambda: str(told(fleet).get("poor")), lambda trouble: "cannot list resource" in trouble)
    assert "docs/fleet.md, Other clusters, has the rights that its account needs there" in trouble
    await api.delete(SECRET, HOME, "poor")


def test_the_token_of_the_other_cluster_is_nowhere_to_be_seen(west: West, fleet: Program) -> None:
    token = west.kubeconfig["users"][0]["user"]["token"]
    shown = [fleet.get(path).text for path in ("/api/v1/monitors", "/metrics", f"{INTO}/api/v1/summary")]
    assert not [text for text in [*shown, fleet.log.read_text()] if token in text]
    assert token not in west.orders.log
