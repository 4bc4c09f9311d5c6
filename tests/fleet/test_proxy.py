"""The way into a monitor through the fleet: a real API server decides, real monitors and one that is not to be trusted
answer."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from flower_operator import fleetkey
from flower_operator.exceptions import NotFound
from flower_operator.identity_key import public_key
from flower_operator.kinds import FLOWER_MONITOR
from flower_operator.kube import KubeApi
from flower_operator.spec import Key
from tests.fleet.fake_monitor import FakeMonitor, fake_monitor, reply
from tests.fleet.made import manifest
from tests.fleet.people import account, bearer
from tests.fleet.program import Program, running, until
from tests.fleet.world import FLEET_OPTIONS, INTO, OPERATOR, TEAM_A, TEAM_B, World, world
from tests.monitor.program import monitor
from tests.support import ports
from tests.support.celery import announce
from tests.support.kube_programs import Access
from tests.support.patience import PATIENCE

__all__ = ["world"]

pytestmark = [pytest.mark.anyio, pytest.mark.xdist_group("fleet proxy")]


@pytest.fixture
def fleet(world: World) -> Program:
    return world.fleet


Evil = tuple[FakeMonitor, str]
Person = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
def person(api: KubeApi) -> Person:
    """Makes people with rights in team A, and how they log in."""

    async def make(*verbs: str, within: str = TEAM_A, only: str | None = None, **headers: str) -> dict[str, Any]:
        return bearer(await account(api, OPERATOR, *verbs, within=within, only=only), **headers)

    return make


# Who gets in, and as what.


async def test_a_viewer_reads(fleet: Program, person: Person) -> None:
    answer = fleet.get(f"{INTO}/api/v1/summary", **await person("get"))
    assert answer.status_code == 200
    assert answer.json()["monitor"]["name"] == "orders"


async def test_a_viewer_does_not_write(fleet: Program, person: Person) -> None:
    answer = fleet.request("POST", f"{INTO}/api/v1/tasks", json={"name": "tasks.add"}, **await person("get"))
    assert answer.status_code == 403
    assert "it takes the role operator" in answer.json()["detail"]


async def test_an_operator_writes_and_the_monitor_writes_down_who_it_was(fleet: Program, person: Person) -> None:
    operator, admin = await person("get", "update"), await person("get", "administer")
    sent = fleet.request("POST", f"{INTO}/api/v1/tasks", json={"name": "tasks.add", "args": [1, 2]}, **operator)
    assert sent.is_success, sent.text

    def entries() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = fleet.get(f"{INTO}/api/v1/audit", **admin).json()["items"]
        return [entry for entry in found if entry["path"] == "/api/v1/tasks" and entry["status"] < 400]

    (entry,) = until(entries, bool)
    assert entry["user"].startswith(f"system:serviceaccount:{OPERATOR}:person-")
    assert entry["role"] == "operator"


async def test_the_audit_is_for_administrators(fleet: Program, person: Person) -> None:
    assert fleet.get(f"{INTO}/api/v1/audit", **await person("get", "update")).status_code == 403
    assert fleet.get(f"{INTO}/api/v1/audit", **await person("get", "administer")).status_code == 200


@pytest.mark.parametrize("verbs", [(), ("list", "watch"), ("update", "administer")])
async def test_who_may_not_get_it_does_not_get_in(fleet: Program, person: Person, verbs: tuple[str, ...]) -> None:
    assert fleet.get(f"{INTO}/api/v1/summary", **await person(*verbs)).status_code == 403


async def test_one_of_another_team_does_not_get_in(fleet: Program, person: Person) -> None:
    other = await person("get", "update", "administer", within=TEAM_B)
    assert fleet.get(f"{INTO}/api/v1/summary", **other).status_code == 403


async def test_a_right_to_one_monitor_is_a_right_to_that_one(fleet: Program, person: Person) -> None:
    one = await person("get", only="orders")
    assert fleet.get(f"{INTO}/api/v1/summary", **one).status_code == 200
    assert fleet.get(f"/n/{TEAM_A}/billing/api/v1/summary", **one).status_code == 403


async def test_who_may_not_learns_not_what_there_is(fleet: Program, person: Person) -> None:
    stranger = await person()
    here, not_here = (fleet.get(f"/n/{TEAM_A}/{name}/", **stranger) for name in ("orders", "nothing"))
    assert (here.status_code, not_here.status_code) == (403, 403)


async def test_nobody_gets_in_without_login(fleet: Program) -> None:
    assert fleet.get(f"{INTO}/", auth=None).status_code == 401


async def test_a_page_asks_a_browser_for_the_login_and_an_api_does_not(fleet: Program) -> None:
    page, api = (fleet.get(f"{INTO}/{path}", auth=None) for path in ("tasks", "api/v1/tasks"))
    assert ("www-authenticate" in page.headers, "www-authenticate" in api.headers) == (True, False)


async def test_nobody_says_who_they_are_but_the_fleet(fleet: Program, person: Person) -> None:
    answer = fleet.get(f"{INTO}/api/v1/audit", **await person("get", **{"Flower-Identity": "a.b.c"}))
    assert answer.status_code == 403, "as the viewer that Kubernetes says, and not as what the client sent"


async def test_each_sees_the_namespaces_that_they_may(fleet: Program, person: Person, api: KubeApi) -> None:
    await api.create(FLOWER_MONITOR, TEAM_B, manifest(Key(TEAM_B, "mails")))
    until(lambda: fleet.get(f"/api/v1/monitors/{TEAM_B}/mails", auth=password(fleet)).status_code, lambda s: s == 200)
    viewer = await person("get", within=TEAM_B)
    shown = fleet.get("/api/v1/monitors", **viewer).json()["items"]
    assert {item["namespace"] for item in shown} == {TEAM_B}
    assert "mails" in {item["name"] for item in shown}
    metrics = fleet.get("/metrics", **viewer).text
    assert f'namespace="{TEAM_B}"' in metrics
    assert f'namespace="{TEAM_A}"' not in metrics


def password(fleet: Program) -> tuple[str, str]:
    """The login of the fleet's Secret."""
    assert fleet.login is not None
    return fleet.login


async def test_the_password_makes_a_viewer(fleet: Program) -> None:
    assert fleet.get(f"{INTO}/api/v1/summary").status_code == 200
    assert fleet.request("POST", f"{INTO}/api/v1/tasks", json={"name": "tasks.add"}).status_code == 403


# Searching in all.


@pytest.mark.parametrize("by", ["id", "ID", "name"])
async def test_a_search_finds_a_task_of_a_real_monitor(fleet: Program, person: Person, world: World, by: str) -> None:
    viewer, name = await person("get"), f"tasks.looked_for_{by}"
    uuid = announce(world.broker.url, name)
    looked_for = {"id": uuid, "ID": uuid.upper(), "name": name[6:]}[by]
    query = f"/api/v1/search?seconds=10&q={looked_for}"

    def found() -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = fleet.get(query, **viewer).json()["items"]
        return items

    (at,) = until(found, lambda items: len(items) == 1)
    assert (at["namespace"], at["name"], [task["uuid"] for task in at["tasks"]]) == (TEAM_A, "orders", [uuid])


async def test_a_search_asks_only_monitors_that_one_sees(fleet: Program, person: Person, evil: Evil) -> None:
    fake, _ = evil
    assert fleet.get("/api/v1/search?q=secret-word", **await person("get")).json()["asked"] == 1
    assert not [path for path in fake.paths if "secret-word" in path]


@pytest.mark.parametrize("query", ["", "q=", "q=a", "q=%20%20", f"q={'a' * 201}", "q=ab&seconds=0", "q=ab&seconds=60"])
async def test_a_search_that_asks_too_much_or_nothing_is_refused(fleet: Program, query: str) -> None:
    assert fleet.get(f"/api/v1/search?{query}").status_code == 422


# What comes through.


async def test_the_page_is_told_where_it_is(fleet: Program, person: Person, world: World) -> None:
    through, directly = fleet.get(f"{INTO}/tasks", **await person("get")), world.orders.text("/tasks")
    assert through.headers["content-type"].startswith("text/html")
    assert through.text == directly.replace('content="/"', f'content="{INTO}/"').replace('href="/"', f'href="{INTO}/"')


async def test_without_the_slash_one_is_led_to_it(fleet: Program, person: Person) -> None:
    answer = fleet.get(INTO, **await person("get"))
    assert answer.status_code == 308
    assert str(answer.url.join(answer.headers["location"])).endswith(f"{INTO}/")


async def test_live_changes_come_unbuffered(fleet: Program, person: Person) -> None:
    viewer = await person("get")
    url = f"{fleet.url}{INTO}/api/v1/stream?topics=summary"
    with httpx.stream("GET", url, headers=viewer["headers"], timeout=PATIENCE) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["x-accel-buffering"] == "no"
        events = (line for line in answer.iter_lines() if line.startswith("event:"))
        assert [next(events), next(events)] == ["event: summary", "event: summary"], "one now, and one as time goes on"


async def test_what_is_packed_stays_packed(fleet: Program, person: Person) -> None:
    packed = fleet.get(f"{INTO}/api/v1/openapi.json", **await person("get", **{"Accept-Encoding": "gzip"}))
    plain = fleet.get(f"{INTO}/api/v1/openapi.json", **await person("get", **{"Accept-Encoding": "identity"}))
    assert packed.json() == plain.json()


async def test_the_fleets_own_answers_are_packed(fleet: Program) -> None:
    answer = fleet.get("/api/v1/monitors", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.json()["items"]


async def test_head_has_no_body(fleet: Program, person: Person) -> None:
    answer = fleet.request("HEAD", f"{INTO}/api/v1/summary", **await person("get"))
    assert (answer.status_code, answer.content) == (200, b"")


async def test_a_write_of_another_sites_page_is_refused(fleet: Program, person: Person) -> None:
    operator = await person("get", "update", **{"Origin": "http://evil.example"})
    answer = fleet.request("POST", f"{INTO}/api/v1/tasks", json={"name": "tasks.add"}, **operator)
    assert answer.status_code == 403
    assert "another site" in answer.json()["detail"]


async def test_a_write_of_our_own_page_is_not(fleet: Program, person: Person) -> None:
    operator = await person("get", "update", **{"Origin": fleet.url, "Sec-Fetch-Site": "same-origin"})
    answer = fleet.request("POST", f"{INTO}/api/v1/tasks", json={}, **operator)
    assert answer.status_code == 400, "past both doors, where the task has no name"


async def test_a_body_that_is_too_long_is_refused(fleet: Program, person: Person) -> None:
    answer = fleet.request("POST", f"{INTO}/api/v1/tasks", content=b" " * ((1 << 20) + 1), **await person("get"))
    assert answer.status_code == 413


@pytest.mark.parametrize("path", ["%2e%2e/%2e%2e/x", "x/%2E./y"])
async def test_a_path_that_climbs_out_is_refused(fleet: Program, person: Person, path: str) -> None:
    assert fleet.get(f"{INTO}/{path}", **await person("get")).status_code == 400


# Monitors that are not as they should be.


@pytest.fixture
async def evil(api: KubeApi, fleet: Program) -> AsyncIterator[tuple[FakeMonitor, str]]:
    """A monitor of team B whose image is its own, and the path into it."""
    name = f"evil-{secrets.token_hex(4)}"
    with fake_monitor() as fake:
        await api.create(FLOWER_MONITOR, TEAM_B, manifest(Key(TEAM_B, name), {"service": {"port": fake.port}}))
        path = f"/api/v1/monitors/{TEAM_B}/{name}"
        until(lambda: fleet.get(path).json(), lambda item: item.get("summary") is not None)
        yield fake, f"/n/{TEAM_B}/{name}"
        with suppress(NotFound):
            await api.delete(FLOWER_MONITOR, TEAM_B, name)


async def test_it_gets_no_credentials_of_anybody(fleet: Program, evil: Evil, person: Person) -> None:
    fake, into = evil
    viewer = await person(
        "get", within=TEAM_B, Cookie="session=1", Referer="http://x/", **{"X-Forwarded-For": "1.2.3.4"}
    )
    fleet.get(f"{into}/mark", **viewer)
    got = next(headers for path, headers in zip(fake.paths, fake.headers, strict=True) if path == "/mark")
    assert got.keys() <= {"host", "accept", "accept-encoding", "user-agent", "flower-identity"}
    assert viewer["headers"]["Authorization"].removeprefix("Bearer ") not in str(got)


async def test_what_it_is_told_of_somebody_is_of_no_use_elsewhere(fleet: Program, evil: Evil, world: World) -> None:
    fake, into = evil
    fleet.get(f"{into}/mark")
    got = next(headers for path, headers in zip(fake.paths, fake.headers, strict=True) if path == "/mark")
    stolen = {"Flower-Identity": got["flower-identity"]}
    async with httpx.AsyncClient(timeout=PATIENCE) as thief:
        answer = await thief.get(f"http://127.0.0.1:{world.orders.port}/api/v1/summary", headers=stolen)
    assert answer.status_code == 401


async def test_it_sets_no_cookie_and_no_policy(fleet: Program, evil: Evil) -> None:
    fake, into = evil
    told = {"Set-Cookie": "a=b", "Content-Security-Policy": "default-src *", "Access-Control-Allow-Origin": "*"}
    fake.answer = lambda handler: reply(handler, 200, b"<html>", **told)
    headers = fleet.get(f"{into}/").headers
    assert "set-cookie" not in headers
    assert "access-control-allow-origin" not in headers
    assert f"connect-src {fleet.url.removeprefix('http://')}{into}/;" in headers["content-security-policy"]
    assert headers["x-frame-options"] == "DENY"


async def test_it_sends_nobody_elsewhere(fleet: Program, evil: Evil) -> None:
    fake, into = evil
    fake.answer = lambda handler: reply(handler, 302, b"", Location="https://evil.example/")
    answer = fleet.get(f"{into}/")
    assert answer.status_code == 502
    assert "location" not in answer.headers


async def test_one_that_does_not_believe_the_fleet_is_no_login_of_ours(fleet: Program, evil: Evil) -> None:
    fake, into = evil
    fake.answer = lambda handler: reply(handler, 401, b"", **{"WWW-Authenticate": "Basic"})
    answer = fleet.get(f"{into}/")
    assert answer.status_code == 502
    assert "www-authenticate" not in answer.headers
    assert "does not believe the fleet" in answer.json()["detail"]


async def test_one_with_a_url_prefix_is_found_under_it(
    fleet: Program, api: KubeApi, world: World, tmp_path: Path
) -> None:
    """A real one: it answers nothing outside of its prefix."""
    name = f"prefixed-{secrets.token_hex(4)}"
    believes = (f"--fleet-public-key={public_key((await fleetkey.get_or_create(api, OPERATOR)).key)}", f"--name={name}")
    options = ("--url-prefix=flower", f"--namespace={TEAM_B}", *believes)
    with monitor(world.broker.url, tmp_path, *options, prefix="/flower") as prefixed:
        spec = {"service": {"port": prefixed.port}, "options": {"url_prefix": "flower"}}
        await api.create(FLOWER_MONITOR, TEAM_B, manifest(Key(TEAM_B, name), spec))
        page = until(lambda: fleet.get(f"/n/{TEAM_B}/{name}/"), lambda answer: answer.status_code == 200)
    assert f'<base href="/n/{TEAM_B}/{name}/">' in page.text


async def test_one_that_is_not_there_is_said_so(fleet: Program, api: KubeApi, person: Person) -> None:
    name = f"gone-{secrets.token_hex(4)}"
    await api.create(FLOWER_MONITOR, TEAM_B, manifest(Key(TEAM_B, name), {"service": {"port": ports.free()}}))
    until(lambda: fleet.get(f"/n/{TEAM_B}/{name}/").status_code, lambda status: status == 502)
    assert "Connection refused" in fleet.get(f"/n/{TEAM_B}/{name}/").json()["detail"]


async def test_a_page_of_one_that_hangs_is_given_up_before_an_answer_to_a_program(fleet: Program, evil: Evil) -> None:
    fake, into = evil
    fake.answer = fake.hang
    async with httpx.AsyncClient(base_url=fleet.url, auth=password(fleet), timeout=PATIENCE) as client:
        asked = asyncio.create_task(client.get(f"{into}/api/v1/tasks"))
        page = await client.get(f"{into}/tasks", headers={"Accept": "text/html"})
        assert (page.status_code, asked.done()) == (504, False)
        asked.cancel()


async def test_who_opens_one_that_is_not_there_gets_a_page_that_leads_back(
    fleet: Program, api: KubeApi, person: Person
) -> None:
    name = f"lost-{secrets.token_hex(4)}"
    await api.create(FLOWER_MONITOR, TEAM_B, manifest(Key(TEAM_B, name), {"service": {"port": ports.free()}}))
    opened = f"/n/{TEAM_B}/{name}/tasks"
    until(lambda: fleet.get(opened).status_code, lambda status: status == 502)
    answer = fleet.get(opened, headers={"Accept": "text/html"})
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert f"{TEAM_B}/{name} can't be shown" in answer.text
    assert "Connection refused" in answer.text
    assert '<a href="/">' in answer.text


async def test_a_suspended_one_is_said_so(fleet: Program, api: KubeApi) -> None:
    name = f"asleep-{secrets.token_hex(4)}"
    await api.create(FLOWER_MONITOR, TEAM_B, manifest(Key(TEAM_B, name), {"suspend": True}))
    until(lambda: fleet.get(f"/n/{TEAM_B}/{name}/").status_code, lambda status: status == 503)
    assert "spec.suspend" in fleet.get(f"/n/{TEAM_B}/{name}/").json()["detail"]


async def test_an_answer_that_breaks_off_is_not_taken_for_whole(fleet: Program, evil: Evil) -> None:
    fake, into = evil

    def half(handler: Any) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b"x" * 10)
        handler.close_connection = True

    fake.answer = half
    with pytest.raises(httpx.RemoteProtocolError):
        fleet.get(f"{into}/x")


async def test_when_the_reader_leaves_the_monitor_is_left_too(fleet: Program, evil: Evil) -> None:
    fake, into = evil
    broken: list[OSError] = []

    def stream(handler: Any) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.end_headers()
        try:
            while not fake.closing.wait(0.01):
                handler.wfile.write(b": heartbeat\n\n")
        except OSError as error:
            broken.append(error)
        handler.close_connection = True

    fake.answer = stream
    with httpx.stream("GET", f"{fleet.url}{into}/stream", auth=password(fleet), timeout=PATIENCE) as answer:
        next(answer.iter_raw())
    until(lambda: len(broken), lambda count: count > 0)


async def test_the_fleet_ends_cleanly_though_somebody_watches_through_it(
    fleet: Program, kube_server: Access, tmp_path: Path
) -> None:
    with running(kube_server.kubeconfig, tmp_path, *FLEET_OPTIONS) as other:
        other.login = fleet.login
        until(lambda: other.get(f"{INTO}/api/v1/summary").status_code, lambda status: status == 200)
        url = f"{other.url}{INTO}/api/v1/stream?topics=summary"
        with httpx.stream("GET", url, auth=password(fleet), timeout=PATIENCE) as answer:
            next(answer.iter_raw())
            assert other.stop() == 0
        assert "Traceback" not in other.log.read_text()
