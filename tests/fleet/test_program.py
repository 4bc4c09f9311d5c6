"""The fleet as a program, with a real API server before it and monitors behind it that answer, fail and hang."""

import asyncio
import json
import secrets
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from flower_operator import connection, fleetkey
from flower_operator.constants import FLEET_SECRET
from flower_operator.exceptions import NotFound
from flower_operator.fleet.pages import STATIC
from flower_operator.kinds import FLOWER_MONITOR, NAMESPACE, SECRET
from flower_operator.kube import KubeApi, connect
from flower_operator.spec import Key
from tests.fleet.cut import line_to, through
from tests.fleet.fake_monitor import FakeMonitor, fake_monitor, reply
from tests.fleet.made import manifest, ready, summary_body
from tests.fleet.people import account, bearer
from tests.fleet.program import Program, login_of, running, until
from tests.support import ci, ports
from tests.support.kube_programs import Access
from tests.support.patience import PATIENCE

pytestmark = [pytest.mark.anyio, pytest.mark.xdist_group("fleet program")]


@pytest.fixture
def fake() -> Iterator[FakeMonitor]:
    with fake_monitor() as server:
        yield server


def options_of(namespace: str) -> list[str]:
    """A fleet of one namespace, which is also the operator's; its monitors are on loopback, told apart by port."""
    return [
        f"--namespace={namespace}",
        f"--operator-namespace={namespace}",
        "--monitor-url-template=http://127.0.0.1:{port}",
    ]


NAMESPACE_OF_FLEET = f"fleet-{secrets.token_hex(4)}"
"""Each test process has a fleet of its own, in a namespace of its own."""


@pytest.fixture(scope="module")
def fleet(kube_server: Access, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """One fleet for most tests: each has FlowerMonitors of its own in it."""
    space = asyncio.run(made_namespace(kube_server))
    with running(
        kube_server.kubeconfig, tmp_path_factory.mktemp("fleet"), *options_of(space), "--cluster-name=east"
    ) as program:
        until(lambda: program.get("/readyz").status_code, lambda status: status == 200)
        asyncio.run(logged_in(program, kube_server, space))
        yield program


async def made_namespace(kube_server: Access) -> str:
    async with connect(await connection.load(kube_server.kubeconfig)) as api:
        body = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE_OF_FLEET}}
        await api.create(NAMESPACE, None, body)
    return NAMESPACE_OF_FLEET


async def logged_in(program: Program, kube_server: Access, namespace: str) -> None:
    async with connect(await connection.load(kube_server.kubeconfig)) as api:
        await log_in(program, api, namespace)


async def log_in(program: Program, api: KubeApi, namespace: str) -> None:
    """Take the password from the Secret that the fleet makes."""
    async with asyncio.timeout(PATIENCE):
        while (secret := await api.find(SECRET, namespace, FLEET_SECRET)) is None:
            await asyncio.sleep(0.05)
    program.login = login_of(secret)
    until(lambda: program.get("/api/v1/monitors").status_code, lambda status: status == 200)


Create = Callable[..., Awaitable[str]]


@pytest.fixture
async def create(api: KubeApi) -> AsyncIterator[Create]:
    """Makes FlowerMonitors whose Service is at a port of loopback; they are gone when the test is over."""
    made: list[Key] = []

    async def make(port: int, *, namespace: str = NAMESPACE_OF_FLEET, suspend: bool = False, **status: Any) -> str:
        key = Key(namespace, f"m{secrets.token_hex(4)}")
        body = manifest(key, {"service": {"port": port}, "suspend": suspend})
        await api.create(FLOWER_MONITOR, namespace, body)
        made.append(key)
        if status:
            body = {**body, "status": status}
            await api.apply(FLOWER_MONITOR, namespace, body, "test", "status")
        return key.name

    yield make
    for key in made:
        with suppress(NotFound):
            await api.delete(FLOWER_MONITOR, key.namespace, key.name)


async def test_a_monitor_is_shown_with_what_it_says(fleet: Program, create: Create, fake: FakeMonitor) -> None:
    name = await create(fake.port)
    item = fleet.shows(lambda m: name in m and not m[name]["observed"]["stale"])[name]
    assert item["summary"] == json.loads(summary_body())
    assert item["broker"] == {"kind": "redis", "state": "connected", "url": "redis://broker:6379/0"}
    assert fake.paths[0] == "/api/v1/summary"


async def test_it_is_asked_with_the_token_that_the_controller_gives_it(
    fleet: Program, create: Create, api: KubeApi, fake: FakeMonitor
) -> None:
    name = await create(fake.port)
    fleet.shows(lambda m: name in m and m[name]["summary"] is not None)
    key = (await fleetkey.get_or_create(api, NAMESPACE_OF_FLEET)).key
    # Fleets of all namespaces, which other tests run at this API server, ask it too, and with their own.
    assert fleetkey.derive(key, NAMESPACE_OF_FLEET, name) in fake.tokens


async def test_one_monitor_by_name(fleet: Program, create: Create, fake: FakeMonitor) -> None:
    name = await create(fake.port)
    fleet.shows(lambda m: name in m)
    found = fleet.get(f"/api/v1/monitors/{NAMESPACE_OF_FLEET}/{name}").json()
    assert (found["namespace"], found["name"]) == (NAMESPACE_OF_FLEET, name)


async def test_one_that_is_not_there_is_a_problem(fleet: Program) -> None:
    answer = fleet.get("/api/v1/monitors/team-a/nobody")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert answer.json()["detail"] == "There is no FlowerMonitor team-a/nobody."


async def test_each_that_fails_says_why_and_hides_no_other(fleet: Program, create: Create, fake: FakeMonitor) -> None:
    with ExitStack() as stack:
        hanging, failing, refusing = (stack.enter_context(fake_monitor()) for _ in range(3))
        hanging.answer = hanging.hang
        failing.answer = lambda handler: reply(handler, 500, b"")
        refusing.token = "another"
        well, hangs, fails, refuses = [await create(f.port) for f in (fake, hanging, failing, refusing)]
        unset = await create(ports.free(), **ready("False", "SecretMissing", "Create Secret orders-broker."))
        errors = {
            hangs: "did not answer within 3 s",
            fails: "HTTP 500",
            refuses: "does not accept the fleet's token",
            unset: "Connection refused",
        }

        def told(shown: dict[str, Any]) -> bool:
            """A busy machine may make any of them slow at first, and the status comes after its monitor."""
            if not {well, *errors} <= shown.keys() or shown[unset]["reason"] != "SecretMissing":
                return False
            said = {name: item["observed"]["error"] or "" for name, item in shown.items()}
            answered = bool(shown[well]["summary"]) and not said[well]
            return answered and all(error in said[name] for name, error in errors.items())

        shown = fleet.shows(told)
    assert shown[unset]["message"] == "Create Secret orders-broker."
    assert (shown[well]["reason"], shown[well]["ready"]) == ("NoStatus", False)


async def test_one_that_falls_silent_grows_stale_and_keeps_its_last_numbers(
    fleet: Program, create: Create, fake: FakeMonitor
) -> None:
    name = await create(fake.port)
    fleet.shows(lambda m: name in m and m[name]["summary"] is not None)
    fake.answer = lambda handler: reply(handler, 500, b"")
    item = fleet.shows(lambda m: m[name]["observed"]["stale"])[name]
    assert item["observed"]["age"] >= 15
    assert item["summary"]["tasks"]["kept"] == 10
    stale = f'flower_fleet_monitor_stale{{monitor="{name}",namespace="{NAMESPACE_OF_FLEET}"}} 1.0'
    assert stale in fleet.get("/metrics").text


async def test_a_suspended_one_is_shown_and_not_asked(fleet: Program, create: Create, fake: FakeMonitor) -> None:
    asleep = await create(fake.port, suspend=True)
    with fake_monitor() as other:
        awake = await create(other.port)
        item = fleet.shows(lambda m: awake in m and m[awake]["summary"] is not None)[asleep]
    assert (item["suspended"], item["observed"]["stale"], fake.paths) == (True, False, [])


async def test_a_deleted_one_is_gone(fleet: Program, create: Create, api: KubeApi, fake: FakeMonitor) -> None:
    name = await create(fake.port)
    fleet.shows(lambda m: name in m)
    await api.delete(FLOWER_MONITOR, NAMESPACE_OF_FLEET, name)
    fleet.shows(lambda m: name not in m)


async def test_changes_are_pushed(fleet: Program, create: Create, fake: FakeMonitor) -> None:
    url = f"{fleet.url}/api/v1/stream?topics=monitors"
    with httpx.stream("GET", url, auth=fleet.login, timeout=PATIENCE) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        events = (json.loads(line.removeprefix("data: ")) for line in answer.iter_lines() if line.startswith("data: "))
        first = next(events)
        assert (first["full"], first["cluster"]["name"]) == (True, "east")
        name = await create(fake.port)
        changed = next(e for e in events for item in e["items"] if item["name"] == name and item["summary"])
        assert changed["full"] is False


async def test_metrics_have_namespace_and_monitor(fleet: Program, create: Create, fake: FakeMonitor) -> None:
    name = await create(fake.port, **ready("True", "Running"))
    fleet.shows(lambda m: name in m and m[name]["summary"] is not None and m[name]["ready"])
    answer = fleet.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    labels = f'monitor="{name}",namespace="{NAMESPACE_OF_FLEET}"'
    assert f"flower_fleet_monitor_ready{{{labels}}} 1.0" in answer.text
    assert f'flower_fleet_workers{{{labels},state="online"}} 3.0' in answer.text


async def test_an_unknown_topic_is_named(fleet: Program) -> None:
    answer = fleet.get("/api/v1/stream?topics=weather")
    assert (answer.status_code, answer.json()["field"]) == (422, "topics")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_nothing_can_be_changed(fleet: Program, method: str) -> None:
    answer = fleet.request(method, "/api/v1/monitors")
    assert (answer.status_code, answer.headers["content-type"]) == (405, "application/problem+json")


async def test_the_page_and_its_errors_run_nothing_of_others(fleet: Program) -> None:
    for path in ("/", "/no/such/page", "/api/v1/monitors", "/livez"):
        headers = fleet.get(path).headers
        policy = headers["content-security-policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


async def test_two_monitors_are_compared_on_a_page_of_its_own(fleet: Program) -> None:
    answer = fleet.get("/compare?a=x/y&b=x/z")
    assert (answer.status_code, answer.text) == (200, fleet.get("/").text)


async def test_a_person_with_a_wrong_address_gets_the_page_that_says_so(fleet: Program) -> None:
    answer = fleet.get("/no/such/page", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")


async def test_a_program_with_a_wrong_address_gets_a_problem(fleet: Program) -> None:
    answer = fleet.get("/api/v1/nothing", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


async def test_every_answer_is_in_the_openapi_document(fleet: Program) -> None:
    document = fleet.get("/api/v1/openapi.json").json()
    assert {"/api/v1/monitors", "/api/v1/monitors/{namespace}/{name}", "/api/v1/stream"} <= document["paths"].keys()
    named = set(json.dumps(document).split('"#/components/schemas/')[1:])
    assert {text.split('"')[0] for text in named} <= document["components"]["schemas"].keys()
    assert document["paths"]["/livez"]["get"]["security"] == []
    assert {"basic": []} in document["security"]


@pytest.mark.parametrize(
    ("path", "route", "login", "status"),
    [
        ("/api/v1/monitors", "/api/v1/monitors", False, 401),
        ("/api/v1/monitors/no/such", "/api/v1/monitors/{namespace}/{name}", True, 404),
        ("/api/v1/stream?topics=tasks", "/api/v1/stream", True, 422),
        ("/api/v1/search?q=a", "/api/v1/search", True, 422),
    ],
)
async def test_an_error_is_what_the_openapi_document_says(
    fleet: Program, path: str, route: str, login: bool, status: int
) -> None:
    answer = fleet.get(path, **({} if login else {"auth": None}))
    described = fleet.get("/api/v1/openapi.json").json()["paths"][route]["get"]["responses"]
    assert answer.status_code == status
    assert described[str(status)]["content"].keys() == {answer.headers["content-type"]}
    assert described["200"]["content"].keys() in ({"application/json"}, {"text/event-stream"})


@pytest.mark.parametrize("path", ["/", "/livez", "/readyz", "/metrics", "/api/v1/monitors", "/api/v1/openapi.json"])
async def test_head_is_answered_as_get_without_its_body(fleet: Program, path: str) -> None:
    if path == "/" and not STATIC.joinpath("fleet.html").is_file():
        ci.missing("the pages are not built; run `make dashboard`")
    answer = fleet.request("HEAD", path)
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-type"].partition(";")[0] == fleet.get(path).headers["content-type"].partition(";")[0]


async def test_a_live_stream_has_no_head(fleet: Program) -> None:
    """It would be a stream, and last for minutes."""
    assert fleet.request("HEAD", "/api/v1/stream").status_code == 405


# Who may see it.


@pytest.mark.parametrize("path", ["/", "/api/v1/monitors", "/api/v1/openapi.json", "/metrics", "/assets/x.js"])
async def test_nobody_gets_in_without_login(fleet: Program, path: str) -> None:
    assert fleet.get(path, auth=None).status_code == 401


def pour(opened: socket.socket) -> None:
    """Send a header without an end."""
    opened.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\nX: ")
    for _ in range(1000):
        opened.sendall(b"a" * 16_000)


async def test_nobody_fills_its_memory_without_login(fleet: Program) -> None:
    at = httpx.URL(fleet.url)
    hung_up = pytest.raises((BrokenPipeError, ConnectionResetError))
    with socket.create_connection((at.host, at.port), timeout=PATIENCE) as opened, hung_up:
        pour(opened)


async def test_who_may_get_flowermonitors_gets_in(fleet: Program, api: KubeApi) -> None:
    assert fleet.get("/metrics", **bearer(await account(api, NAMESPACE_OF_FLEET, "get"))).status_code == 200


@pytest.mark.parametrize("verbs", [(), ("list",), ("update", "administer", "create")])
@pytest.mark.parametrize("path", ["/api/v1/monitors", "/api/v1/stream", "/metrics", "/api/v1/monitors/x/y"])
async def test_who_may_not_sees_nothing(fleet: Program, api: KubeApi, path: str, verbs: tuple[str, ...]) -> None:
    answer = fleet.get(path, **bearer(await account(api, NAMESPACE_OF_FLEET, *verbs)))
    assert answer.status_code == 403
    assert "may not get flowermonitors.flower-operator.io" in answer.json()["detail"]


async def test_a_browser_logs_in_with_a_token_as_password(fleet: Program, api: KubeApi) -> None:
    assert (
        fleet.get("/api/v1/monitors", auth=("token", await account(api, NAMESPACE_OF_FLEET, "get"))).status_code == 200
    )


async def test_a_made_up_token_is_refused(fleet: Program) -> None:
    assert fleet.get("/api/v1/monitors", **bearer("made-up")).status_code == 401


async def test_the_token_of_a_monitor_is_no_login(fleet: Program, api: KubeApi) -> None:
    key = (await fleetkey.get_or_create(api, NAMESPACE_OF_FLEET)).key
    token = fleetkey.derive(key, NAMESPACE_OF_FLEET, "orders")
    assert fleet.get("/api/v1/monitors", **bearer(token)).status_code == 401


async def test_the_secret_is_taken_as_it_is(kube_server: Access, api: KubeApi, namespace: str, tmp_path: Path) -> None:
    data = {"username": "boss", "password": "my own", "key": "a" * 43 + "="}
    body = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": FLEET_SECRET}, "stringData": data}
    before = await api.create(SECRET, namespace, body)
    with running(kube_server.kubeconfig, tmp_path, *options_of(namespace)) as program:
        program.login = ("boss", "my own")
        until(lambda: program.get("/api/v1/monitors").status_code, lambda status: status == 200)
    assert (await api.get(SECRET, namespace, FLEET_SECRET))["data"] == before["data"]


# All namespaces.


async def test_monitors_of_all_namespaces_are_shown(
    kube_server: Access, api: KubeApi, namespace: str, tmp_path: Path, create: Create
) -> None:
    other = f"{namespace}-other"
    await api.create(NAMESPACE, None, {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": other}})
    await create(ports.free(), namespace=namespace)
    await create(ports.free(), namespace=other)
    template = "--monitor-url-template=http://127.0.0.1:{port}"
    with running(kube_server.kubeconfig, tmp_path, f"--operator-namespace={namespace}", template) as program:
        await log_in(program, api, namespace)

        def namespaces() -> set[str]:
            return {item["namespace"] for item in program.get("/api/v1/monitors").json()["items"]}

        until(namespaces, lambda seen: {namespace, other} <= seen)
    await api.delete(NAMESPACE, None, other)


# When the API server is away.


async def test_it_starts_without_api_server_and_says_that_it_is_not_ready(tmp_path: Path, kube_server: Access) -> None:
    with line_to(kube_server.url) as line:
        line.cut()
        with running(through(line, kube_server.kubeconfig, tmp_path), tmp_path, *options_of("default")) as program:
            assert program.get("/readyz").status_code == 503
            assert program.get("/api/v1/monitors", auth=("a", "b")).status_code == 503
            assert program.get("/api/v1/monitors", **bearer("t")).status_code == 503


async def test_a_cut_line_is_told_and_what_changed_meanwhile_is_found(
    kube_server: Access, api: KubeApi, namespace: str, tmp_path: Path, create: Create
) -> None:
    goes = await create(ports.free(), namespace=namespace)
    with (
        line_to(kube_server.url) as line,
        running(through(line, kube_server.kubeconfig, tmp_path), tmp_path, *options_of(namespace)) as program,
    ):
        await log_in(program, api, namespace)
        program.shows(lambda m: goes in m)
        line.cut()
        said = "API server does not answer"
        until(lambda: program.get("/api/v1/monitors").json()["cluster"], lambda c: said in (c["trouble"] or ""))
        assert program.get("/readyz").status_code == 200
        assert program.get("/api/v1/monitors", **bearer(kube_server.token)).status_code == 503
        await api.delete(FLOWER_MONITOR, namespace, goes)
        comes = await create(ports.free(), namespace=namespace)
        line.mend()
        program.shows(lambda m: m.keys() == {comes})
        until(lambda: program.get("/api/v1/monitors").json()["cluster"]["trouble"], lambda trouble: trouble is None)


# Its end.


async def test_it_ends_cleanly_though_somebody_watches(
    kube_server: Access, api: KubeApi, namespace: str, tmp_path: Path
) -> None:
    with running(kube_server.kubeconfig, tmp_path, *options_of(namespace)) as program:
        await log_in(program, api, namespace)
        with httpx.stream("GET", f"{program.url}/api/v1/stream", auth=program.login, timeout=PATIENCE) as answer:
            lines = answer.iter_lines()
            next(lines)
            assert program.stop() == 0
        assert "Traceback" not in program.log.read_text()


async def test_a_port_in_use_ends_it_with_the_port_and_the_option(fleet: Program, kube_server: Access) -> None:
    port = fleet.url.rsplit(":", 1)[1]
    command = [sys.executable, "-m", "flower_operator", "fleet", "--address=127.0.0.1", f"--port={port}"]
    done = subprocess.run(  # noqa: ASYNC221 - nothing else runs in this test's loop
        [*command, f"--kubeconfig={kube_server.kubeconfig}"],
        check=False,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 1
    assert f"127.0.0.1 port {port} is in use by another program; choose another with --port." in done.stderr


async def test_no_kubeconfig_ends_it_with_what_to_do(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "flower_operator", "fleet", "--address=127.0.0.1", "--port=0"]
    done = subprocess.run(  # noqa: ASYNC221 - nothing else runs in this test's loop
        [*command, f"--kubeconfig={tmp_path}/none"], check=False, capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.returncode == 1
    assert "no Kubernetes API server to talk to" in done.stderr
