"""What helm waits for: helm 4 judges a FlowerMonitor by kstatus, as Flux does."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from tests.chart import helm
from tests.support.patience import PATIENCE

from .world import World, monitor

pytestmark = pytest.mark.anyio


@pytest.fixture
def chart(tmp_path: Path) -> Path:
    """A chart of one FlowerMonitor, as a team has it in its own."""
    folder = tmp_path / "team"
    (folder / "templates").mkdir(parents=True)
    (folder / "Chart.yaml").write_text("{apiVersion: v2, name: team, version: 0.1.0}")
    return folder


async def install(world: World, chart: Path, seconds: float, **spec: Any) -> tuple[int, str]:
    """Install or upgrade it and wait until it is done; exit code and what helm says."""
    (chart / "templates" / "orders.yaml").write_text(json.dumps(monitor(**spec)))
    where = ("--namespace", world.namespace, "--kubeconfig", world.kubeconfig)
    command = (helm.program(), "upgrade", "--install", "team", str(chart), *where, "--wait", f"--timeout={seconds}s")
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await asyncio.wait_for(process.communicate(), 2 * PATIENCE)
    return process.returncode or 0, said.decode()


async def test_a_monitor_that_no_operator_has_seen_is_not_done(world: World, chart: Path) -> None:
    """As while none runs, or none watches the namespace."""
    code, said = await install(world, chart, seconds=3)
    assert code != 0
    assert "InProgress" in said


async def test_one_that_serves_is_done(world: World, chart: Path) -> None:
    async with world.controller(), asyncio.TaskGroup() as group:
        group.create_task(world.make_ready())
        assert (await install(world, chart, seconds=PATIENCE))[0] == 0


async def test_one_that_is_suspended_is_done(world: World, chart: Path) -> None:
    async with world.controller():
        code, said = await install(world, chart, seconds=PATIENCE, suspend=True)
    assert code == 0, said
