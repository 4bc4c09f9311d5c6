"""The command itself: how it starts, refuses to start, answers probes and stops."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from click.testing import CliRunner

from flower_operator import connection, kinds
from flower_operator.config import ControllerConfig
from flower_operator.controller import preflight, rights
from flower_operator.controller.app import App
from flower_operator.exceptions import StartError
from flower_operator.kube import KubeApi, connect
from flower_operator.main import main
from tests.support import ports
from tests.support.kube_programs import Access

from . import rbac
from .world import PATIENCE, World, until

pytestmark = pytest.mark.anyio

ARGUMENTS = ["controller", "--monitor-image", "flower-operator:test"]


@asynccontextmanager
async def running(*options: str, module: str = "flower_operator") -> AsyncIterator[asyncio.subprocess.Process]:
    """Run the command; it is gone at the end."""
    command = [sys.executable, "-m", module, *ARGUMENTS, *options]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("KUBE", "FLOWER_"))}
    process = await asyncio.create_subprocess_exec(
        *command, env=environment, stderr=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def ended(process: asyncio.subprocess.Process) -> tuple[int, str]:
    """Wait for its end; exit code and what it said."""
    async with asyncio.timeout(PATIENCE):
        _, said = await process.communicate()
    assert process.returncode is not None
    return process.returncode, said.decode()


async def fetch(url: str) -> tuple[int, str]:
    """Status and body; status 0 when nobody listens."""
    try:
        async with aiohttp.ClientSession() as session, session.get(url) as response:
            return response.status, await response.text()
    except aiohttp.ClientConnectionError:
        return 0, ""


async def test_it_works_and_stops_cleanly_on_sigterm(world: World) -> None:
    port = ports.free()
    options = [
        "--kubeconfig",
        world.kubeconfig,
        "--operator-namespace",
        world.namespace,
        "--namespace",
        world.namespace,
        *("--port", str(port), "--address", "127.0.0.1", "--log-format", "json"),
    ]
    async with running(*options, module="tests.operator.patient") as process:

        async def ready() -> bool:
            return (await fetch(f"http://127.0.0.1:{port}/readyz"))[0] == 200

        await until(ready, "readiness")
        assert await fetch(f"http://127.0.0.1:{port}/livez") == (200, "ok\n")
        await world.create(broker={"urlSecretRef": {"name": "none"}})
        await world.condition("BrokerReachable", "False", "SecretNotFound")

        # The status is written before the reconcile has ended and is counted.
        async def counted() -> bool:
            return 'reconciles_total{result="ok"}' in (await fetch(f"http://127.0.0.1:{port}/metrics"))[1]

        await until(counted, "a reconcile in the metrics")
        _, metrics = await fetch(f"http://127.0.0.1:{port}/metrics")
        process.send_signal(signal.SIGTERM)
        code, said = await ended(process)
    assert code == 0, said
    assert "flower_operator_leader 1.0" in metrics
    assert 'flower_operator_reconciles_total{result="ok"}' in metrics
    assert 'flower_operator_api_calls_total{code="200",resource="flowermonitors",verb="apply"}' in metrics
    assert 'flower_operator_conditions{status="False",type="Ready"} 1.0' in metrics
    assert f'"flowermonitor": "{world.namespace}/orders"' in said
    assert "Traceback" not in said
    released = await world.appears(kinds.LEASE, "flower-operator")
    assert released["spec"].get("holderIdentity", "") == ""


async def test_without_an_api_server_it_says_so() -> None:
    async with running("--operator-namespace", "x", "--kubeconfig", "/nowhere/kubeconfig") as process:
        code, said = await ended(process)
    assert code == 1
    assert "no Kubernetes API server to talk to" in said
    assert "Traceback" not in said


async def test_a_port_in_use_is_said(world: World) -> None:
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        with pytest.raises(StartError, match=f"port {port} can't be used"):
            await App(world.config(port=port), world.configuration).run(asyncio.Event())


async def test_a_missing_crd_is_said_with_how_to_get_it(api: KubeApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flower_operator.constants.API_VERSION", "flower-operator.io/v9")
    with pytest.raises(StartError, match=r"does not serve flowermonitors in flower-operator.io/v9.*helm upgrade"):
        await preflight.check_crd(api)


async def test_a_server_that_does_not_answer_is_said(kube_server: Access) -> None:
    configuration = await connection.load(kube_server.kubeconfig)
    configuration.host = f"https://127.0.0.1:{ports.free()}"
    async with connect(configuration) as nobody:
        with pytest.raises(StartError, match="the API server does not answer"):
            await preflight.check_crd(nobody)


async def test_a_token_that_is_not_taken_is_said(kube_server: Access) -> None:
    configuration = await connection.load(kube_server.kubeconfig)
    configuration.api_key = {"BearerToken": "Bearer wrong"}
    async with connect(configuration) as nobody:
        with pytest.raises(StartError, match="does not let us in"):
            await preflight.check_crd(nobody)


def config(namespace: str) -> ControllerConfig:
    return ControllerConfig(monitor_image="", operator_namespace=namespace, namespaces=(namespace,))


async def test_all_rights_are_found(world: World) -> None:
    async with connect(world.configuration) as ours:
        assert await rights.report_missing(ours, world.config()) == []


async def test_a_missing_right_is_named(api: KubeApi, namespace: str, kube_server: Access) -> None:
    configuration = await rbac.account(api, namespace, kube_server.kubeconfig, without="persistentvolumeclaims")
    async with connect(configuration) as ours:
        missing = await rights.report_missing(ours, config(namespace))
    assert missing == [f"get,list,watch,create,patch persistentvolumeclaims in namespace {namespace}"]


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["controller"], "Missing option '--monitor-image'"),
        (["controller", "--monitor-image", "x", "--prot", "1"], "No such option"),
        (["controller", "--monitor-image", "x"], "--operator-namespace is needed outside of a pod"),
        (["controller", "--monitor-image", "x", "--port", "high"], "not a valid integer"),
        (["controler"], "No such command"),
    ],
)
def test_bad_usage_names_the_option(arguments: list[str], text: str) -> None:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    assert text in result.output


def test_the_help_lists_both_programs() -> None:
    result = CliRunner().invoke(main, ["--help"])
    assert "controller" in result.output
    assert "fleet" in result.output


def test_a_namespace_file_is_read_only_in_a_pod(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "NAMESPACE_FILE", tmp_path / "namespace")
    assert connection.own_namespace() is None
    (tmp_path / "namespace").write_text("operators\n")
    assert connection.own_namespace() == "operators"
