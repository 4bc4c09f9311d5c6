"""Holds an API server for a whole test run, whose processes come and go: `python -m tests.support.kube_keeper`.

Arguments: folder of the programs, folder for files, process id of the test run, and more arguments of
kube-controller-manager. Prints one line of JSON when all runs, or ends with the reason on stderr. Ends the servers on
SIGTERM, when the test run is gone, or when etcd or the API server died.
"""

import asyncio
import json
import os
import signal
import sys
import threading
from pathlib import Path

import psutil
import yaml

from flower_operator import connection, kube
from flower_operator.exceptions import NotFound
from flower_operator.kinds import CRD

from .kube_programs import Access, Servers
from .patience import PATIENCE

LOOK = 0.5
"""Seconds between two looks at whether the test run still lives."""


CRD_FILE = Path(__file__).parents[2] / "crds" / "flowermonitors.yaml"


async def install_crd(kubeconfig: str) -> None:
    """Install the CRD and wait until it is served."""
    crd = yaml.safe_load(CRD_FILE.read_text())
    async with asyncio.timeout(2 * PATIENCE), kube.connect(await connection.load(kubeconfig)) as api:
        await api.create(CRD, None, crd)
        while not await _served(api):
            await asyncio.sleep(0.1)


async def _served(api: kube.KubeApi) -> bool:
    try:
        return "flowermonitors" in await api.served("flower-operator.io/v1alpha1")
    except NotFound:
        return False


def main(programs: str, folder: str, run: str, *manager: str) -> int:
    """Start, tell, wait, stop."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    servers = Servers(Path(programs), Path(folder), manager)
    try:
        servers.start()
        asyncio.run(install_crd(str(servers.kubeconfig)))
        access = Access(servers.url, servers.token, str(servers.kubeconfig), os.getpid())
        sys.stdout.write(json.dumps(access.as_json()) + "\n")
        sys.stdout.flush()
        while not stop.wait(LOOK):
            if not psutil.pid_exists(int(run)):
                return 0
            servers.revive()
            if (dead := servers.died()) is not None:
                sys.stderr.write(f"{dead} has ended by itself\n")
                return 1
        return 0
    finally:
        servers.stop()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
