"""`kubectl flower` as a program, with a real API server and a real monitor."""

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import psutil
import pytest
import yaml

from flower_operator import spec
from flower_operator.kinds import CLAIM, DEPLOYMENT, FLOWER_MONITOR, POD, SECRET, SERVICE, Kind
from flower_operator.kube import KubeApi
from flower_operator.resources.render import Context, render
from tests.fleet.people import account
from tests.monitor.program import LOGIN, Monitor, monitor
from tests.support import ports
from tests.support.celery import announce
from tests.support.kube_programs import Access
from tests.support.patience import PATIENCE
from tests.support.redis import redis_server

pytestmark = [pytest.mark.anyio, pytest.mark.xdist_group("kubectl")]

ENDPOINT_SLICE = Kind("discovery.k8s.io/v1", "EndpointSlice", "endpointslices")
READY = {"type": "Ready", "reason": "Running", "message": "", "lastTransitionTime": "2026-11-21T00:00:00Z"}

# The API server of the tests has no nodes, so nothing could be forwarded to: this says what kubectl says, and leads to
# the real monitor.
KUBECTL = """#!/bin/sh
echo "$@" > {folder}/called
echo $$ > {folder}/pid
echo "Forwarding from 127.0.0.1:{port} -> 5555"
exec sleep 600
"""


class Done(NamedTuple):
    """What a command came to."""

    code: int
    out: str
    err: str


Run = Callable[..., Coroutine[Any, Any, Done]]


class Running(NamedTuple):
    """A real monitor, and its broker."""

    monitor: Monitor
    broker: str

    @property
    def url(self) -> str:
        """The option that says where it is."""
        return f"--url=http://127.0.0.1:{self.monitor.port}"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("kubectl")
    with redis_server(folder) as broker, monitor(broker.url, folder) as started:
        started.connected()
        yield Running(started, broker.url)


@pytest.fixture
def run(kube_server: Access, namespace: str, tmp_path: Path) -> Run:
    """Runs the plugin in the test's namespace."""

    async def call(*arguments: str, kubeconfig: str = kube_server.kubeconfig, path: str = os.environ["PATH"]) -> Done:
        process = await start(*arguments, f"--namespace={namespace}", f"--kubeconfig={kubeconfig}", path=path)
        out, err = await process.communicate()
        return Done(process.returncode or 0, out.decode(), err.decode())

    return call


async def start(*arguments: str, path: str) -> asyncio.subprocess.Process:
    program = "from flower_operator.kubectl.main import main; main()"
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", program, *arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "PATH": path, "BROWSER": "true"},
    )


@pytest.fixture
async def orders(api: KubeApi, namespace: str) -> None:
    """All objects of a monitor that is well, as controller, kubelet and volume binder would leave them."""
    body = {
        "apiVersion": "flower-operator.io/v1alpha1",
        "kind": "FlowerMonitor",
        "metadata": {"name": "orders", "namespace": namespace},
        "spec": {"broker": {"url": "redis://redis:6379/0"}},
    }
    made = await api.create(FLOWER_MONITOR, namespace, body)
    for child in render(spec.parse(made), Context("flower-operator:test", b"k" * 32)):
        await api.apply(child.kind, namespace, child.manifest, "test")
    login = {"username": LOGIN[0], "password": LOGIN[1]}
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "orders-credentials"}, "stringData": login}
    await api.create(SECRET, namespace, secret)
    await broker_service(api, namespace)
    status = {"conditions": [READY | {"status": "True"}], "observedGeneration": 1, "workers": 2, "version": "0.1.0"}
    await set_status(api, FLOWER_MONITOR, namespace, "orders", {**status, "broker": {"kind": "redis"}})
    await set_pod(api, namespace, "True")
    await set_status(api, CLAIM, namespace, "orders-data", {"phase": "Bound", "capacity": {"storage": "10Gi"}})


async def broker_service(api: KubeApi, namespace: str) -> None:
    ports_ = [{"port": 6379}]
    body = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "redis"}, "spec": {"ports": ports_}}
    await api.create(SERVICE, namespace, body)
    endpoint = {"addresses": ["10.1.2.3"], "conditions": {"ready": True}}
    labels = {"kubernetes.io/service-name": "redis"}
    head = {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": {"name": "redis", "labels": labels},
    }
    await api.create(
        ENDPOINT_SLICE, namespace, {**head, "addressType": "IPv4", "endpoints": [endpoint], "ports": ports_}
    )


async def set_pod(api: KubeApi, namespace: str, ready: str) -> None:
    """Say as a kubelet whether the pod is ready, and wait until the Deployment's controller has seen it."""
    async with asyncio.timeout(120):
        while not (pods := await api.list(POD, namespace)):
            await asyncio.sleep(0.05)
        status = {"phase": "Running", "conditions": [{"type": "Ready", "status": ready}]}
        await set_status(api, POD, namespace, pods[0]["metadata"]["name"], status)
        while bool(await available(api, namespace)) != (ready == "True"):
            await asyncio.sleep(0.05)


async def available(api: KubeApi, namespace: str) -> int:
    """Pods of the Deployment that are."""
    return int((await api.get(DEPLOYMENT, namespace, "orders-monitor"))["status"].get("availableReplicas") or 0)


async def set_status(api: KubeApi, kind: Kind, namespace: str, name: str, status: dict[str, Any]) -> None:
    await api.merge(kind, namespace, name, {"status": status}, "status")


@pytest.fixture
def kubectl(running: Running, tmp_path: Path) -> str:
    """A PATH on which kubectl forwards to the monitor."""
    return forwarding_to(running.monitor, tmp_path / "bin")


def forwarding_to(monitor: Monitor, folder: Path) -> str:
    """A PATH on which kubectl forwards to a monitor."""
    folder.mkdir()
    program = folder / "kubectl"
    program.write_text(KUBECTL.format(folder=folder, port=monitor.port))
    program.chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"


# doctor


@pytest.mark.usefixtures("orders")
async def test_the_doctor_finds_nothing_wrong_with_a_monitor_that_is_well(run: Run, running: Running) -> None:
    done = await run("doctor", "orders", running.url)
    assert done.code == 0, done
    assert "✗" not in done.out
    for subject in ("FlowerMonitor", "broker URL", "broker name", "pod", "storage", "access", "login", "broker", "lag"):
        assert f"✓ {subject}: " in done.out
    assert LOGIN[1] not in done.out


@pytest.mark.usefixtures("orders")
async def test_the_doctor_takes_the_way_of_kubectl(run: Run, kubectl: str, namespace: str) -> None:
    done = await run("doctor", "orders", path=kubectl)
    assert done.code == 0, done
    called = (Path(kubectl.split(":")[0]) / "called").read_text()
    assert "port-forward" in called
    assert f"--namespace={namespace} --address=127.0.0.1 service/orders-monitor :5555" in called


@pytest.mark.usefixtures("orders")
async def test_a_monitor_with_a_prefix_is_asked_under_it(
    run: Run, running: Running, api: KubeApi, namespace: str, tmp_path: Path
) -> None:
    await api.merge(FLOWER_MONITOR, namespace, "orders", {"spec": {"options": {"url_prefix": "shop"}}})
    with monitor(running.broker, tmp_path, "--url-prefix=shop", prefix="/shop") as prefixed:
        prefixed.connected()
        path = forwarding_to(prefixed, tmp_path / "bin")
        done, tasks = await run("doctor", "orders", path=path), await run("tasks", "orders", path=path)
    assert "✓ login: as admin" in done.out, done
    assert tasks.code == 0, tasks


async def break_broker(api: KubeApi, namespace: str) -> None:
    broker = {"url": None, "urlSecretRef": {"name": "no-such", "key": "url"}}
    await api.merge(FLOWER_MONITOR, namespace, "orders", {"spec": {"broker": broker}})


async def break_name(api: KubeApi, namespace: str) -> None:
    await api.delete(SERVICE, namespace, "redis")


async def break_endpoints(api: KubeApi, namespace: str) -> None:
    endpoint = {"addresses": ["10.1.2.3"], "conditions": {"ready": False}}
    await api.merge(ENDPOINT_SLICE, namespace, "redis", {"endpoints": [endpoint]})


async def break_storage(api: KubeApi, namespace: str) -> None:
    await set_status(api, CLAIM, namespace, "orders-data", {"phase": "Pending"})


async def break_pod(api: KubeApi, namespace: str) -> None:
    await set_pod(api, namespace, "False")


async def break_login(api: KubeApi, namespace: str) -> None:
    await api.merge(SECRET, namespace, "orders-credentials", {"stringData": {"password": "another"}})


@pytest.mark.usefixtures("orders")
@pytest.mark.parametrize(
    ("harm", "says", "fix"),
    [
        (break_broker, "✗ broker URL: SecretNotFound", "Create it"),
        (break_name, "✗ broker name: there is no Service", "Correct the host redis"),
        (break_endpoints, "has no ready pod behind it", "Look at its pods"),
        (break_storage, "✗ storage: claim orders-data is Pending", "describe pvc orders-data"),
        (break_pod, "✗ pod: Deployment orders-monitor has no pod that is ready", "describe pods"),
        (break_login, "✗ login: the login in its Secret is refused (HTTP 401)", "restart the Deployment"),
    ],
)
async def test_the_doctor_finds_the_cause_and_says_what_to_do(
    run: Run, running: Running, api: KubeApi, namespace: str, harm: Any, says: str, fix: str
) -> None:
    await harm(api, namespace)
    done = await run("doctor", "orders", running.url)
    assert done.code == 1, done
    assert says in done.out
    assert fix in done.out


@pytest.mark.usefixtures("orders")
async def test_the_doctor_says_that_a_monitor_does_not_answer(run: Run) -> None:
    done = await run("doctor", "orders", f"--url=http://127.0.0.1:{ports.free()}")
    assert done.code == 1, done
    assert "✗ monitor: The monitor does not answer" in done.out


# list, tasks, open


@pytest.mark.usefixtures("orders")
async def test_list_is_a_table(run: Run, namespace: str) -> None:
    done = await run("list")
    head, row = done.out.splitlines()
    assert head.split() == ["NAMESPACE", "NAME", "READY", "REASON", "BROKER", "WORKERS", "VERSION", "AGE"]
    assert row.split()[:7] == [namespace, "orders", "True", "Running", "redis", "2", "0.1.0"]


@pytest.mark.usefixtures("orders")
async def test_list_is_there_for_programs_too(run: Run, namespace: str) -> None:
    assert (await run("list", "-o", "name")).out == f"{namespace}/orders\n"
    assert yaml.safe_load((await run("list", "-o", "json")).out)[0]["metadata"]["name"] == "orders"


async def test_an_empty_namespace_says_so(run: Run) -> None:
    done = await run("list")
    assert (done.code, done.out) == (0, "")
    assert "There is no FlowerMonitor in namespace" in done.err


@pytest.mark.usefixtures("orders")
async def test_tasks_are_shown(run: Run, running: Running) -> None:
    uuid = announce(running.broker, "tasks.shown")
    running.monitor.task(uuid, "PENDING")
    done = await run("tasks", "orders", running.url, "--search", uuid)
    assert done.code == 0, done
    assert done.out.splitlines()[0].split() == ["RECEIVED", "STATE", "NAME", "WORKER", "RUNTIME", "ID"]
    assert uuid in done.out


@pytest.mark.usefixtures("orders")
async def test_what_the_monitor_refuses_is_told_in_its_words(run: Run, running: Running) -> None:
    done = await run("tasks", "orders", running.url, "--search", "x" * 3000)
    assert done.code == 3
    assert "HTTP 400" in done.err


async def opened(kube_server: Access, namespace: str, kubectl: str, lines: int) -> tuple[int | None, list[str]]:
    """Have `open` say some lines, and tell it to end; its exit code, and the lines."""
    options = (f"--namespace={namespace}", f"--kubeconfig={kube_server.kubeconfig}")
    process = await start("open", "orders", "--no-browser", *options, path=kubectl)
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE):
        said = [(await process.stdout.readline()).decode() for _ in range(lines)]
    process.terminate()
    await process.communicate()
    return process.returncode, said


@pytest.mark.usefixtures("orders")
async def test_open_says_where_the_monitor_is_and_not_the_password(
    running: Running, api: KubeApi, kube_server: Access, namespace: str, kubectl: str
) -> None:
    await break_login(api, namespace)
    _, (first, second) = await opened(kube_server, namespace, kubectl, lines=2)
    assert f"http://127.0.0.1:{running.monitor.port}" in first
    assert "get secret orders-credentials" in second
    assert "another" not in first + second


@pytest.mark.usefixtures("orders")
async def test_open_that_is_told_to_end_ends_its_forward(kube_server: Access, namespace: str, kubectl: str) -> None:
    code, _ = await opened(kube_server, namespace, kubectl, lines=1)
    forwarding = int((Path(kubectl.split(":")[0]) / "pid").read_text())
    assert (code, psutil.pid_exists(forwarding)) == (143, False)


@pytest.mark.usefixtures("orders")
async def test_a_forward_that_fails_ends_it_with_what_kubectl_said(run: Run, tmp_path: Path) -> None:
    program = tmp_path / "kubectl"
    program.write_text("#!/bin/sh\necho 'error: unable to forward port because pod is not running' >&2\nexit 1\n")
    program.chmod(0o755)
    done = await run("open", "orders", "--no-browser", path=f"{tmp_path}:{os.environ['PATH']}")
    assert done.code == 3
    assert "pod is not running" in done.err


# What can't be


@pytest.mark.usefixtures("orders")
async def test_one_that_is_not_there_is_exit_code_4_with_those_that_are(run: Run) -> None:
    done = await run("doctor", "order")
    assert done.code == 4
    assert "there is orders" in done.err


@pytest.mark.usefixtures("orders")
async def test_without_a_namespace_that_of_the_context_is_meant(
    namespace: str, kube_server: Access, tmp_path: Path
) -> None:
    kubeconfig = changed(kube_server.kubeconfig, tmp_path, "contexts", "context", {"namespace": namespace})
    process = await start("list", "-o", "name", f"--kubeconfig={kubeconfig}", path=os.environ["PATH"])
    out, err = await process.communicate()
    assert out.decode() == f"{namespace}/orders\n", err.decode()


@pytest.mark.parametrize("text", ["", "- a\n", "a: [b\n", "a: b\n"])
async def test_a_kubeconfig_that_is_none_is_named(run: Run, tmp_path: Path, text: str) -> None:
    file = tmp_path / "broken"
    file.write_text(text)
    done = await run("list", kubeconfig=str(file))
    assert done.code == 3
    assert "Traceback" not in done.err
    assert str(file) in done.err


async def test_an_error_of_a_kubeconfig_holds_no_token_of_it(run: Run, kube_server: Access, tmp_path: Path) -> None:
    provider = {"name": "oidc", "config": {"id-token": "x.eyJleHAiOjF9.x", "refresh-token": "hush"}}
    user = {"auth-provider": provider}
    done = await run("list", kubeconfig=changed(kube_server.kubeconfig, tmp_path, "users", "user", user))
    assert done.code == 3
    assert "hush" not in done.err


async def test_one_whose_login_has_expired_is_told_to_log_in(run: Run, kube_server: Access, tmp_path: Path) -> None:
    done = await run("list", kubeconfig=kubeconfig_with("expired", kube_server.kubeconfig, tmp_path))
    assert done.code == 3
    assert "does not accept your login (401)" in done.err
    assert "Log in to the cluster again" in done.err


async def test_no_cluster_is_exit_code_3(run: Run, tmp_path: Path) -> None:
    done = await run("list", kubeconfig=f"{tmp_path}/none")
    assert done.code == 3
    assert "Traceback" not in done.err
    assert f"there is no file {tmp_path}/none" in done.err


async def test_somebody_without_rights_is_told_what_to_ask_for(
    run: Run, api: KubeApi, namespace: str, kube_server: Access, tmp_path: Path
) -> None:
    done = await run("list", kubeconfig=await somebody(api, namespace, kube_server, tmp_path))
    assert done.code == 3
    assert "You may not do this" in done.err
    assert "`view`" in done.err


@pytest.mark.usefixtures("orders")
async def test_what_one_may_not_look_at_is_said_and_the_rest_is_looked_at(
    run: Run, api: KubeApi, namespace: str, kube_server: Access, tmp_path: Path, running: Running
) -> None:
    kubeconfig = await somebody(api, namespace, kube_server, tmp_path, "get")
    done = await run("doctor", "orders", running.url, kubeconfig=kubeconfig)
    assert done.code == 0, done
    assert "? pod: it can't be read" in done.out
    assert "? login: You may not read Secret" in done.out
    assert "✓ access: nobody gets in without a login" in done.out


async def somebody(api: KubeApi, namespace: str, kube_server: Access, folder: Path, *verbs: str) -> str:
    """A kubeconfig of one who may do so with FlowerMonitors of the namespace, and nothing else."""
    token = await account(api, namespace, *verbs, within=namespace)
    return kubeconfig_with(token, kube_server.kubeconfig, folder)


def kubeconfig_with(token: str, kubeconfig: str, folder: Path) -> str:
    return changed(kubeconfig, folder, "users", "user", {"token": token}, keep=False)


def changed(kubeconfig: str, folder: Path, items: str, part: str, values: dict[str, Any], keep: bool = True) -> str:
    """A kubeconfig with other values in a part of the first of some items. `keep`: those that it has besides."""
    config = yaml.safe_load(Path(kubeconfig).read_text())
    config[items][0][part] = (config[items][0][part] if keep else {}) | values
    path = folder / "kubeconfig"
    path.write_text(yaml.safe_dump(config))
    return str(path)


@pytest.mark.parametrize("command", [(), ("list",), ("open",), ("tasks",), ("doctor",)])
async def test_every_command_has_help(command: tuple[str, ...]) -> None:
    process = await start(*command, "--help", path=os.environ["PATH"])
    out, _ = await process.communicate()
    assert process.returncode == 0
    assert out.decode().startswith(f"Usage: kubectl flower {' '.join(command)}".rstrip())
