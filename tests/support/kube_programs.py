"""etcd, kube-apiserver and kube-controller-manager on loopback: where they are and how they are started.

No node, no scheduler, no kubelet: what those would write (a pod's status) tests write themselves. Neither is there a
volume binder, so that a test decides when a claim is bound, and no folders are made outside of the run's own.
"""

import contextlib
import os
import secrets
import shutil
import ssl
import subprocess
import time
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from e2e.cluster.cache import cache_root
from e2e.cluster.modules import ETCD, KUBERNETES
from tests.support import ports

START_SECONDS = 240.0
"""Longest time until the API server is ready; it takes 3 to 5 s, and more than a minute when all cores are busy."""

PROGRAMS = ("etcd", "kube-apiserver", "kube-controller-manager")


PERSON, PERSONS = "ann@example.com", "shop"
"""Somebody who is no account of the cluster's own, as of an identity provider, and her group."""


def person_of(token: str) -> str:
    """Her token, beside that of the administrator."""
    return f"{token}-person"


@dataclass(frozen=True)
class Access:
    """How to reach a running API server as its administrator."""

    url: str
    token: str
    kubeconfig: str
    """Path of a kubeconfig file that says the same."""
    keeper: int
    """Process that ends the servers when it is told to, or when the test run is gone."""

    @property
    def person(self) -> str:
        """The token of PERSON, who has no rights and is in the group PERSONS."""
        return person_of(self.token)

    def as_json(self) -> dict[str, object]:
        """Return what another test process needs."""
        return asdict(self)


def find(environ: Mapping[str, str]) -> Path | None:
    """Return the folder with the programs: $KUBEBUILDER_ASSETS, or what `python3 -m e2e.cluster assets` has built."""
    given = environ.get("KUBEBUILDER_ASSETS")
    folder = Path(given) if given else cache_root(environ) / "assets" / f"{ETCD.key}-{KUBERNETES.key}"
    usable = all(os.access(folder / program, os.X_OK) for program in PROGRAMS)
    return folder if usable else None


class Servers:
    """The three programs, with all their files in one folder. `manager`: more arguments of kube-controller-manager."""

    def __init__(self, programs: Path, folder: Path, manager: Sequence[str] = ()) -> None:
        self._programs = programs
        self._folder = folder
        self._manager = manager
        self._processes: list[subprocess.Popen[bytes]] = []
        self.token = secrets.token_hex(16)
        self.url = ""
        self.kubeconfig = folder / "kubeconfig"

    def start(self) -> None:
        """Start all and return when the API server is ready."""
        self._folder.mkdir(parents=True, exist_ok=True)
        etcd = self._start_etcd()
        self._start_apiserver(etcd)
        self._wait_ready()
        self._write_kubeconfig()
        self._start_controller_manager()

    def stop(self) -> None:
        """End all, the last first, and remove their files."""
        for process in reversed(self._processes):
            process.terminate()
        for process in reversed(self._processes):
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def died(self) -> str | None:
        """Return the name of a program that has ended, None when all run."""
        for process in self._processes:
            if process.poll() is not None:
                return str(process.args[0])  # type: ignore[index] # a list, as given below
        return None

    def revive(self) -> None:
        """Start the controller manager anew where it has given up: it waits ten seconds for an answer, and no more."""
        if self._processes[-1].poll() is not None and "controller-manager" in str(self._processes[-1].args):
            self._processes.pop()
            self._start_controller_manager()

    def _spawn(self, program: str, *arguments: str) -> None:
        log = (self._folder / f"{program}.log").open("wb")
        with contextlib.closing(log):
            command = [str(self._programs / program), *arguments]
            self._processes.append(subprocess.Popen(command, stdout=log, stderr=log, cwd=self._folder))

    def _start_etcd(self) -> str:
        client, peer = (f"http://127.0.0.1:{ports.free()}" for _ in range(2))
        self._spawn(
            "etcd",
            f"--data-dir={self._folder / 'etcd'}",
            f"--listen-client-urls={client}",
            f"--advertise-client-urls={client}",
            f"--listen-peer-urls={peer}",
            f"--initial-advertise-peer-urls={peer}",
            f"--initial-cluster=default={peer}",
            "--unsafe-no-fsync",
            "--log-level=warn",
        )
        return client

    def _start_apiserver(self, etcd: str) -> None:
        key = self._folder / "service-account.key"
        subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, capture_output=True)
        tokens = self._folder / "tokens.csv"
        tokens.write_text(
            f'{self.token},admin,admin,"system:masters"\n{person_of(self.token)},{PERSON},{PERSON},"{PERSONS}"\n'
        )
        port = ports.free()
        self._spawn(
            "kube-apiserver",
            f"--etcd-servers={etcd}",
            f"--cert-dir={self._folder / 'certificates'}",
            f"--secure-port={port}",
            "--bind-address=127.0.0.1",
            f"--service-account-key-file={key}",
            f"--service-account-signing-key-file={key}",
            "--service-account-issuer=https://kubernetes.default.svc",
            "--authorization-mode=RBAC,Node",
            "--service-cluster-ip-range=10.96.0.0/16",
            f"--token-auth-file={tokens}",
            "--max-requests-inflight=0",
            "--max-mutating-requests-inflight=0",
            "--enable-priority-and-fairness=false",
        )
        self.url = f"https://127.0.0.1:{port}"

    def _wait_ready(self) -> None:
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        header = {"Authorization": f"Bearer {self.token}"}
        request = urllib.request.Request(f"{self.url}/readyz", headers=header)  # noqa: S310 - https, made above
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.died() is None:
            try:
                with urllib.request.urlopen(request, timeout=10, context=context):  # noqa: S310 - as above
                    return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError(f"the API server is not ready; its end: {self._tail('kube-apiserver')}")

    def _write_kubeconfig(self) -> None:
        authority = self._folder / "certificates" / "apiserver.crt"
        self.kubeconfig.write_text(
            "apiVersion: v1\nkind: Config\ncurrent-context: tests\n"
            "contexts: [{name: tests, context: {cluster: tests, user: admin}}]\n"
            f"clusters: [{{name: tests, cluster: {{server: '{self.url}', certificate-authority: '{authority}'}}}}]\n"
            f"users: [{{name: admin, user: {{token: '{self.token}'}}}}]\n"
        )

    def _start_controller_manager(self) -> None:
        self._spawn(
            "kube-controller-manager",
            f"--kubeconfig={self.kubeconfig}",
            "--leader-elect=false",
            "--bind-address=127.0.0.1",
            f"--secure-port={ports.free()}",
            f"--cert-dir={self._folder / 'manager'}",
            f"--root-ca-file={self._folder / 'certificates' / 'apiserver.crt'}",
            f"--service-account-private-key-file={self._folder / 'service-account.key'}",
            "--controllers=*,-persistentvolume-binder-controller,-nodeipam,-node-lifecycle-controller",
            "--concurrent-gc-syncs=5",
            *self._manager,
        )

    def _tail(self, program: str) -> str:
        path = self._folder / f"{program}.log"
        return path.read_text(errors="replace")[-2000:] if path.exists() else "no log"
