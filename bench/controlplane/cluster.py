"""An API server for as long as a fleet is measured."""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.progress import log
from tests.support import kube_programs
from tests.support.kube_programs import Access


def folder_of_programs() -> Path:
    """Where kube-apiserver and the others are."""
    programs = kube_programs.find(os.environ)
    if programs is None:
        raise SystemExit("no kube-apiserver: run `python3 -m e2e.cluster assets` once, or set KUBEBUILDER_ASSETS")
    return programs


def version() -> str:
    """What the API server is, such as `Kubernetes v1.36.3`."""
    command = [str(folder_of_programs() / "kube-apiserver"), "--version"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@contextlib.contextmanager
def cluster(folder: Path, manager_qps: int) -> Iterator[Access]:
    """Start the integration tests' API server, with the CRD; its keeper ends it, also when this process is killed."""
    programs = folder_of_programs()
    log("starting etcd, kube-apiserver and kube-controller-manager")
    rates = (f"--kube-api-qps={manager_qps}", f"--kube-api-burst={3 * manager_qps // 2}")
    arguments = (str(programs), str(folder / "kube"), str(os.getpid()), *rates)
    command = [sys.executable, "-m", "tests.support.kube_keeper", *arguments]
    errors = folder / "keeper.log"
    with errors.open("wb") as out, subprocess.Popen(command, stdout=subprocess.PIPE, stderr=out) as keeper:
        assert keeper.stdout is not None
        try:
            line = keeper.stdout.readline()
            if not line:
                raise RuntimeError(f"no API server: {errors.read_text()[-2000:]}")
            yield Access(**json.loads(line))
        finally:
            keeper.terminate()
