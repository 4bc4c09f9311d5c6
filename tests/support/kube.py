"""Fixtures: a real kube-apiserver with the CRD, one for a whole test run, and a namespace for each test.

Import `kube_server`, `api` and `namespace` in a conftest. Where the programs are missing the tests are skipped at
home, with how to get them, and fail in CI.
"""

import asyncio
import contextlib
import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

import filelock
import psutil
import pytest

from flower_operator import connection, kube
from flower_operator.kinds import NAMESPACE
from flower_operator.kube import KubeApi

from . import kube_programs
from .kube_programs import Access
from .patience import PATIENCE
from .processes import ended

REPOSITORY = Path(__file__).parents[2]
MISSING = "no kube-apiserver: run `python3 -m e2e.cluster assets` once, or set KUBEBUILDER_ASSETS"


@pytest.fixture(scope="session")
def kube_server(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Access]:
    """Access to the run's API server: started by the first process that needs it, ended by the last that leaves."""
    programs = kube_programs.find(os.environ)
    if programs is None:
        _missing()
        return
    alone = worker_id == "master"
    base = tmp_path_factory.getbasetemp() if alone else tmp_path_factory.getbasetemp().parent
    run = os.getpid() if alone else os.getppid()
    shared = base / "kube.json"
    with filelock.FileLock(base / "kube.lock"):
        state = json.loads(shared.read_text()) if shared.exists() else None
        if state is None:
            state = {"users": 0, "access": _start(programs, base / "kube", run)}
        state["users"] += 1
        shared.write_text(json.dumps(state))
    yield Access(**state["access"])
    with filelock.FileLock(base / "kube.lock"):
        state = json.loads(shared.read_text())
        state["users"] -= 1
        shared.write_text(json.dumps(state))
        if state["users"] == 0:
            shared.unlink()
            _stop(state["access"]["keeper"])


def _missing() -> None:
    if os.environ.get("CI"):
        pytest.fail(MISSING)
    pytest.skip(MISSING)


@contextlib.contextmanager
def another_server(folder: Path, environ: Mapping[str, str]) -> Iterator[Access]:
    """An API server beside that of the run: another cluster. `environ`: more of its environment."""
    programs = kube_programs.find(os.environ)
    if programs is None:
        _missing()
        return
    access = _start(programs, folder, os.getpid(), environ)
    try:
        yield Access(**access)  # type: ignore[arg-type] # as the keeper wrote it
    finally:
        _stop(int(str(access["keeper"])))


def _start(
    programs: Path, folder: Path, run: int, environ: Mapping[str, str] = MappingProxyType({})
) -> dict[str, object]:
    """Start the keeper in a session of its own, so that Ctrl-C does not reach the servers before the tests end."""
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "tests.support.kube_keeper", str(programs), str(folder), str(run)]
    with (folder.with_name("keeper.log")).open("wb") as log:
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=log,
            cwd=REPOSITORY,
            start_new_session=True,
            env={**os.environ, **environ},
        )
    assert process.stdout is not None
    with process.stdout as out:
        line = out.readline()
    if not line:
        raise RuntimeError(f"no API server: {folder.with_name('keeper.log').read_text()[-2000:]}")
    # Another test process ends it, so this one must not complain that it was not waited for.
    process.returncode = 0
    access: dict[str, object] = json.loads(line)
    return access


def _stop(keeper: int) -> None:
    """End the servers and see that they are gone."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(keeper, signal.SIGTERM)
    if not ended(keeper):
        raise RuntimeError(f"process {keeper} does not end the API server")


@contextlib.contextmanager
def kube_alone(folder: Path) -> Iterator[Access]:
    """Access to an API server of one's own, for programs that are no tests."""
    programs = kube_programs.find(os.environ)
    if programs is None:
        raise FileNotFoundError(MISSING)
    access = Access(**_start(programs, folder, os.getpid()))  # type: ignore[arg-type]  # as `as_json` wrote it
    try:
        yield access
    finally:
        _stop(access.keeper)


@contextlib.asynccontextmanager
async def hung_up(url: str) -> AsyncIterator[None]:
    """Afterwards, and before the test's loop ends, this process has no connection to the API server any more.

    A watch that is cut closes its connection in TLS's own way: the API server answers before the socket is closed
    (aiohttp's `_release`, https://github.com/aio-libs/aiohttp/issues/1925), and closing the session does not wait for
    it. A loop that ends before leaves the socket to the garbage collector, whose warning then fails whatever test it
    comes by in.
    """
    yield
    port = urlsplit(url).port
    deadline = time.monotonic() + PATIENCE
    while open_ones := [one for one in psutil.Process().net_connections("tcp") if one.raddr[1:] == (port,)]:
        assert time.monotonic() < deadline, f"still connected to the API server: {open_ones}"
        await asyncio.sleep(0.01)


@pytest.fixture
async def api(kube_server: Access) -> AsyncIterator[KubeApi]:
    """A client as administrator."""
    configuration = await connection.load(kube_server.kubeconfig)
    async with hung_up(kube_server.url), kube.connect(configuration) as client:
        yield client


@pytest.fixture
async def namespace(api: KubeApi) -> AsyncIterator[str]:
    """A namespace of the test's own."""
    name = f"test-{secrets.token_hex(4)}"
    await api.create(NAMESPACE, None, {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
    yield name
    await api.delete(NAMESPACE, None, name)
