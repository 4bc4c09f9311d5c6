"""The way to a monitor: kubectl's own port-forward, which takes the API server's way and needs no network of ours."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from flower_operator.kubectl.cluster import Cluster
from flower_operator.kubectl.errors import Failed
from flower_operator.resources.metadata import workload_name
from flower_operator.spec import Monitor

PATIENCE = 30.0
"""Seconds until a port-forward must stand."""

_FORWARDING = re.compile(rb"Forwarding from 127\.0\.0\.1:(\d+) ->")


class Forward:
    """A running port-forward."""

    def __init__(self, process: asyncio.subprocess.Process, port: int, prefix: str = "") -> None:
        self._process = process
        self.url = f"http://127.0.0.1:{port}{prefix}"
        """Where the monitor is, on this machine alone, with the prefix of its paths (`spec.options.url_prefix`)."""

    async def ended(self) -> str:
        """Wait until it ends; why it did."""
        _, told = await self._process.communicate()
        return told.decode(errors="replace").strip()


@asynccontextmanager
async def forward(cluster: Cluster, monitor: Monitor, port: int = 0) -> AsyncIterator[Forward]:
    """Forward a port of loopback (0: a free one) to the monitor's Service while the body runs."""
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        raise Failed(
            "There is no kubectl on PATH, whose port-forward leads to the monitor; or say where it is with --url."
        )
    process = await asyncio.create_subprocess_exec(
        *(kubectl, "port-forward", *cluster.where.flags(), f"--namespace={monitor.namespace}", "--address=127.0.0.1"),
        *(f"service/{workload_name(monitor)}", f"{port or ''}:{monitor.spec.service.port}"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield Forward(process, await _port(process), monitor.spec.options.prefix)
    finally:
        if process.returncode is None:
            process.terminate()
        # Not `wait`: it would hang on a full pipe.
        await process.communicate()


async def _port(process: asyncio.subprocess.Process) -> int:
    assert process.stdout is not None  # noqa: S101 - asked for above
    assert process.stderr is not None  # noqa: S101 - as above
    try:
        async with asyncio.timeout(PATIENCE):
            async for line in process.stdout:
                if found := _FORWARDING.search(line):
                    return int(found[1])
            told = (await process.stderr.read()).decode(errors="replace").strip()
    except TimeoutError:
        raise Failed(f"kubectl port-forward has not come about within {PATIENCE:g} s.") from None
    raise Failed(f"kubectl port-forward failed: {told or 'it said nothing'}")
