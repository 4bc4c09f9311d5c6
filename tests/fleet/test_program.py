"""The fleet as a program, with a real API server before it and monitors behind it that answer, fail and hang."""

import json
import secrets
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from flower_operator import fleetkey
from flower_operator.constants import FLEET_SECRET
from flower_operator.kinds import FLOWER_MONITOR, NAMESPACE, SECRET, SERVICE_ACCOUNT, Kind
from flower_operator.kube import KubeApi
from flower_operator.spec import Key
from tests.fleet.cut import line_to, through
from tests.fleet.fake_monitor import FakeMonitor, fake_monitor, reply
from tests.fleet.made import manifest, ready, summary_body
from tests.fleet.program import Program, login_of, running, until
from tests.support.kube_programs import Access

pytestmark = pytest.mark.anyio

CLUSTER_ROLE = Kind("rbac.authorization.k8s.io/v1", "ClusterRole", "clusterroles", namespaced=False)
CLUSTER_ROLE_BINDING = Kind(
    "rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "clusterrolebindings", namespaced=False
)


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


@pytest.fixture
async def fleet(kube_server: Access, api: KubeApi, namespace: str, tmp_path: Path) -> AsyncIterator[Program]:
    """A fleet that has listed the FlowerMonitors of the test's namespace."""
    with running(kube_server.kubeconfig, tmp_path, *options_of(namespace), "--cluster-name=east") as program:
        until(lambda: program.get("/readyz").status_code, lambda status: status == 200)
        await log_in(program, api, namespace)
        yield program


async def log_in(program: Program, api: KubeApi, namespace: str) -> None:
    """Take the password from the Secret that the fleet makes."""
    secret = None
    deadline = time.monotonic() + 30
    while secret is None and time.monotonic() < deadline:
        secret = await api.find(SECRET, namespace, FLEET_SECRET)
    assert secret is not None
    program.login = login_of(secret)
    until(lambda: program.get("/api/v1/monitors").status_code, lambda status: status == 200)


async def create(api: KubeApi, namespace: str, name: str, port: int, **status: Any) -> None:
    """A FlowerMonitor whose Service is at a port of loopback, with what the controller would say of it."""
    body = manifest(Key(namespace, name), {"service": {"port": port}})
    await api.create(FLOWER_MONITOR, namespace, body)
    if status:
        await api.apply(FLOWER_MONITOR, namespace, {**body, "status": status}, "test", "status")


async def test_a_monitor_is_shown_with_what_it_says(
    fleet: Program, api: KubeApi, namespace: str, fake: FakeMonitor
) -> None:
    await create(api, namespace, "orders", fake.port)
    item = fleet.shows(lambda m: m.get("orders", {}).get("summary") is not None)["orders"]
    assert item["summary"] == json.loads(summary_body())
    assert item["observed"]["stale"] is False
    assert item["broker"] == {"kind": "redis", "state": "connected", "url": "redis://broker:6379/0"}


async def test_it_is_asked_with_the_token_that_the_controller_gave_it(
    fleet: Program, api: KubeApi, namespace: str, fake: FakeMonitor
) -> None:
    key = (await fleetkey.get_or_create(api, namespace)).key
    fake.token = fleetkey.derive(key, namespace, "orders")
    await create(api, namespace, "orders", fake.port)
    fleet.shows(lambda m: m.get("orders", {}).get("summary") is not None)
    assert fake.paths[0] == "/api/v1/summary"


async def test_one_monitor_by_name(fleet: Program, api: KubeApi, namespace: str, fake: FakeMonitor) -> None:
    await create(api, namespace, "orders", fake.port)
    fleet.shows(lambda m: "orders" in m)
    found = fleet.get(f"/api/v1/monitors/{namespace}/orders").json()
    assert (found["namespace"], found["name"]) == (namespace, "orders")


async def test_one_that_is_not_there_is_a_problem(fleet: Program, namespace: str) -> None:
    answer = fleet.get(f"/api/v1/monitors/{namespace}/nobody")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert answer.json()["detail"] == f"There is no FlowerMonitor {namespace}/nobody."


async def test_each_that_fails_says_why_and_hides_no_other(
    fleet: Program, api: KubeApi, namespace: str, fake: FakeMonitor
) -> None:
    with ExitStack() as stack:
        hanging, failing, refusing = (stack.enter_context(fake_monitor()) for _ in range(3))
        hanging.answer = hanging.hang
        failing.answer = lambda handler: reply(handler, 500, b"")
        refusing.token = "another"
        for name, port in [
            ("well", fake.port),
            ("hangs", hanging.port),
            ("fails", failing.port),
            ("refuses", refusing.port),
        ]:
            await create(api, namespace, name, port)
        await create(api, namespace, "unset", 1, **ready("False", "SecretMissing", "Create Secret orders-broker."))
        shown = fleet.shows(
            lambda m: len(m) == 5 and all(item["observed"]["error"] or item["summary"] for item in m.values())
        )
    errors = {name: item["observed"]["error"] for name, item in shown.items()}
    assert errors["well"] is None
    assert "did not answer within 3 s" in errors["hangs"]
    assert "HTTP 500" in errors["fails"]
    assert "does not accept the fleet's token" in errors["refuses"]
    assert "Connection refused" in errors["unset"]
    assert (shown["unset"]["reason"], shown["unset"]["message"]) == ("SecretMissing", "Create Secret orders-broker.")
    assert (shown["well"]["reason"], shown["well"]["ready"]) == ("NoStatus", False)


async def test_one_that_falls_silent_grows_stale_and_keeps_its_last_numbers(
    fleet: Program, api: KubeApi, namespace: str, fake: FakeMonitor
) -> None:
    await create(api, namespace, "orders", fake.port)
    fleet.shows(lambda m: m.get("orders", {}).get("summary") is not None)
    fake.answer = lambda handler: reply(handler, 500, b"")
    item = fleet.shows(lambda m: m["orders"]["observed"]["stale"])["orders"]
    assert item["observed"]["age"] >= 15
    assert item["summary"]["tasks"]["kept"] == 10
    stale = f'flower_fleet_monitor_stale{{monitor="orders",namespace="{namespace}"}} 1.0'
    assert stale in fleet.get("/metrics").text


async def test_a_suspended_one_is_shown_and_not_asked(
    fleet: Program, api: KubeApi, namespace: str, fake: FakeMonitor
) -> None:
    body = manifest(Key(namespace, "asleep"), {"service": {"port": fake.port}, "suspend": True})
    await api.create(FLOWER_MONITOR, namespace, body)
    with fake_monitor() as other:
        await create(api, namespace, "awake", other.port)
        item = fleet.shows(lambda m: m.get("awake", {}).get("summary") is not None)["asleep"]
    assert (item["suspended"], item["observed"]["stale"], fake.paths) == (True, False, [])


async def test_a_deleted_one_is_gone(fleet: Program, api: KubeApi, namespace: str, fake: FakeMonitor) -> None:
    await create(api, namespace, "orders", fake.port)
    fleet.shows(lambda m: "orders" in m)
    await api.delete(FLOWER_MONITOR, namespace, "orders")
    fleet.shows(lambda m: m == {})


async def test_changes_are_pushed(fleet: Program, api: KubeApi, namespace: str, fake: FakeMonitor) -> None:
    with httpx.stream("GET", f"{fleet.url}/api/v1/stream?topics=monitors", auth=fleet.login, timeout=30) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        events = (json.loads(line.removeprefix("data: ")) for line in answer.iter_lines() if line.startswith("data: "))
        first = next(events)
        assert (first["full"], first["items"], first["cluster"]["name"]) == (True, [], "east")
        await create(api, namespace, "orders", fake.port)
        changed = next(event for event in events if event["items"] and event["items"][0]["summary"])
        assert (changed["full"], changed["items"][0]["name"]) == (False, "orders")


async def test_metrics_have_namespace_and_monitor(
    fleet: Program, api: KubeApi, namespace: str, fake: FakeMonitor
) -> None:
    await create(api, namespace, "orders", fake.port, **ready("True", "Running"))
    fleet.shows(lambda m: m.get("orders", {}).get("summary") is not None)
    answer = fleet.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    labels = f'monitor="orders",namespace="{namespace}"'
    assert f"flower_fleet_monitor_ready{{{labels}}} 1.0" in answer.text
    assert f'flower_fleet_workers{{{labels},state="online"}} 3.0' in answer.text


async def test_an_unknown_topic_is_named(fleet: Program) -> None:
    answer = fleet.get("/api/v1/stream?topics=weather")
    assert (answer.status_code, answer.json()["field"]) == (422, "topics")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_nothing_can_be_changed(fleet: Program, method: str) -> None:
    answer = httpx.request(method, f"{fleet.url}/api/v1/monitors", auth=fleet.login)
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


async def test_every_answer_is_in_the_openapi_document(fleet: Program) -> None:
    document = fleet.get("/api/v1/openapi.json").json()
    assert {"/api/v1/monitors", "/api/v1/monitors/{namespace}/{name}", "/api/v1/stream"} <= document["paths"].keys()
    named = set(json.dumps(document).split('"#/components/schemas/')[1:])
    assert {text.split('"')[0] for text in named} <= document["components"]["schemas"].keys()
    assert document["paths"]["/livez"]["get"]["security"] == []
    assert {"basic": []} in document["security"]


# Who may see it.


async def account(api: KubeApi, namespace: str, *verbs: str) -> str:
    """The token of a new ServiceAccount that may do so with the FlowerMonitors of all namespaces."""
    name = f"account-{secrets.token_hex(4)}"
    await api.create(
        SERVICE_ACCOUNT, namespace, {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name}}
    )
    if verbs:
        metadata = {"name": f"{namespace}-{name}"}
        rule = {"apiGroups": ["flower-operator.io"], "resources": ["flowermonitors"], "verbs": list(verbs)}
        role = {"apiVersion": CLUSTER_ROLE.api_version, "kind": "ClusterRole", "metadata": metadata, "rules": [rule]}
        await api.create(CLUSTER_ROLE, None, role)
        binding = {
            "apiVersion": CLUSTER_ROLE.api_version,
            "kind": "ClusterRoleBinding",
            "metadata": metadata,
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": metadata["name"]},
            "subjects": [{"kind": "ServiceAccount", "name": name, "namespace": namespace}],
        }
        await api.create(CLUSTER_ROLE_BINDING, None, binding)
    request = Kind("v1", "TokenRequest", f"serviceaccounts/{name}/token")
    body = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}
    token: str = (await api.create(request, namespace, body))["status"]["token"]
    return token


def bearer(token: str) -> dict[str, Any]:
    """Options of a request with a token and no password."""
    return {"auth": None, "headers": {"Authorization": f"Bearer {token}"}}


@pytest.mark.parametrize("path", ["/", "/api/v1/monitors", "/api/v1/openapi.json", "/metrics", "/assets/x.js"])
async def test_nobody_gets_in_without_login(fleet: Program, path: str) -> None:
    assert fleet.get(path, auth=None).status_code == 401


async def test_who_may_list_flowermonitors_gets_in(fleet: Program, api: KubeApi, namespace: str) -> None:
    assert fleet.get("/metrics", **bearer(await account(api, namespace, "list"))).status_code == 200


@pytest.mark.parametrize("verbs", [(), ("get",), ("get", "watch", "create")])
async def test_who_may_not_list_does_not(fleet: Program, api: KubeApi, namespace: str, verbs: tuple[str, ...]) -> None:
    answer = fleet.get("/api/v1/monitors", **bearer(await account(api, namespace, *verbs)))
    assert answer.status_code == 403
    assert "may not list flowermonitors.flower-operator.io" in answer.json()["detail"]


async def test_a_made_up_token_is_refused(fleet: Program) -> None:
    assert fleet.get("/api/v1/monitors", **bearer("made-up")).status_code == 401


async def test_the_token_of_a_monitor_is_no_login(fleet: Program, api: KubeApi, namespace: str) -> None:
    key = (await fleetkey.get_or_create(api, namespace)).key
    token = fleetkey.derive(key, namespace, "orders")
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
    kube_server: Access, api: KubeApi, namespace: str, tmp_path: Path, fake: FakeMonitor
) -> None:
    other = f"{namespace}-other"
    await api.create(NAMESPACE, None, {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": other}})
    await create(api, namespace, "orders", fake.port)
    await create(api, other, "orders", fake.port)
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
    kube_server: Access, api: KubeApi, namespace: str, tmp_path: Path, fake: FakeMonitor
) -> None:
    await create(api, namespace, "goes", fake.port)
    with (
        line_to(kube_server.url) as line,
        running(through(line, kube_server.kubeconfig, tmp_path), tmp_path, *options_of(namespace)) as program,
    ):
        await log_in(program, api, namespace)
        program.shows(lambda m: "goes" in m)
        line.cut()
        cluster = until(lambda: program.get("/api/v1/monitors").json()["cluster"], lambda c: c["trouble"] is not None)
        assert "API server does not answer" in cluster["trouble"]
        assert program.get("/readyz").status_code == 200
        assert program.get("/api/v1/monitors", **bearer(kube_server.token)).status_code == 503
        await api.delete(FLOWER_MONITOR, namespace, "goes")
        await create(api, namespace, "comes", fake.port)
        line.mend()
        program.shows(lambda m: m.keys() == {"comes"})
        until(lambda: program.get("/api/v1/monitors").json()["cluster"]["trouble"], lambda trouble: trouble is None)


# Its end.


async def test_it_ends_soon_and_cleanly_though_somebody_watches(fleet: Program) -> None:
    with httpx.stream("GET", f"{fleet.url}/api/v1/stream", auth=fleet.login, timeout=30) as answer:
        lines = answer.iter_lines()
        next(lines)
        start = time.monotonic()
        code = fleet.stop()
        assert (code, time.monotonic() - start < 5) == (0, True)
    assert "Traceback" not in fleet.log.read_text()


async def test_a_port_in_use_ends_it_with_the_port_and_the_option(fleet: Program, kube_server: Access) -> None:
    import subprocess
    import sys

    port = fleet.url.rsplit(":", 1)[1]
    command = [sys.executable, "-m", "flower_operator", "fleet", "--address=127.0.0.1", f"--port={port}"]
    done = subprocess.run(  # noqa: ASYNC221 - nothing else runs in this test's loop
        [*command, f"--kubeconfig={kube_server.kubeconfig}"], check=False, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert f"127.0.0.1 port {port} is in use by another program; choose another with --port." in done.stderr


async def test_no_kubeconfig_ends_it_with_what_to_do(tmp_path: Path) -> None:
    import subprocess
    import sys

    command = [sys.executable, "-m", "flower_operator", "fleet", "--address=127.0.0.1", "--port=0"]
    done = subprocess.run(  # noqa: ASYNC221 - nothing else runs in this test's loop
        [*command, f"--kubeconfig={tmp_path}/none"], check=False, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert "no Kubernetes API server to talk to" in done.stderr
