"""A Docker engine of the cluster's own, in a network namespace of its own, from Debian's packages.

The packages are unpacked, not installed: their scripts may start an engine in the host's network, which changes the
host's iptables. Everything that runs here is found again by the namespace or by the cgroup, so that whatever a killed
run has left is ended just as well as what this one has started.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

from e2e.cluster import runtime
from e2e.cluster.cache import content_key, make_once
from e2e.cluster.errors import ClusterError, UnavailableError
from e2e.cluster.host import download_packages, need_packages, release
from e2e.cluster.network import Network, attach, detach
from e2e.cluster.place import Place
from e2e.cluster.run import SYSTEM_PATH, run, succeeds, tail, wait_for
from e2e.cluster.say import step

PACKAGES = ("iproute2", "iptables", "procps", "runc", "libdevmapper1.02.1")
"""Debian packages that the engine and this module call or load."""

UNPACKED = ("docker.io", "containerd", "docker-cli")
"""Debian packages that are only unpacked. docker-cli is part of docker.io before Debian 13."""

START = 240.0
"""Seconds that dockerd may take to answer: it needs half of one on an idle machine."""

STOP = 90.0
"""Seconds that processes may take to end after SIGTERM, before SIGKILL."""


def programs(cache: Path) -> Path:
    """Return the folder with dockerd and all that it calls, from the packages of this machine's release of Debian."""

    def unpack(folder: Path) -> None:
        with step("Fetching the Docker engine from Debian's packages (70 MB)", "10 s"):
            for package in download_packages(UNPACKED, folder):
                run("dpkg", "-x", package, folder)
                package.unlink()

    return make_once(cache / "engine" / f"{release()}-{content_key(*UNPACKED)}", unpack) / "usr"


def client_environment(place: Place) -> dict[str, str]:
    """Return the environment in which `docker` and kind find the engine."""
    usr = programs(place.cache)
    path = f"{usr}/bin:{usr}/sbin:{SYSTEM_PATH}"
    return {"DOCKER_HOST": f"unix://{place.runtime}/docker.sock", "PATH": path, "DOCKER_BUILDKIT": "0"}


def docker(place: Place, *arguments: str | Path) -> str:
    """Call the engine's own client and return what it prints."""
    environment = client_environment(place)
    return run(programs(place.cache) / "bin" / "docker", *arguments, env=environment)


def answers(place: Place) -> bool:
    """Return whether the engine is up."""
    socket = place.runtime / "docker.sock"
    return socket.exists() and succeeds(
        programs(place.cache) / "bin" / "docker", "version", env=client_environment(place), timeout=20
    )


def need_programs() -> None:
    """Install the Debian packages that this module calls."""
    need_packages(*PACKAGES)


def start(place: Place, network: Network) -> None:
    """Make the namespace, start dockerd in it, and wait until it answers."""
    attach(place.namespace, place.cable, network)
    place.runtime.mkdir(parents=True, exist_ok=True)
    place.engine_data.mkdir(parents=True, exist_ok=True)
    settings = place.runtime / "daemon.json"
    document = daemon_settings(place, network, programs(place.cache)) | _runtime_settings(place)
    settings.write_text(json.dumps(document, indent=2))
    log = place.runtime / "dockerd.log"
    with log.open("w") as output:
        dockerd = subprocess.Popen(
            ["nsenter", f"--net=/run/netns/{place.namespace}", "dockerd", "--config-file", str(settings)],
            env={**os.environ, **client_environment(place)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    wait_for(lambda: answers(place) or dockerd.poll() is not None, START, "the Docker engine to answer")
    if dockerd.poll() is not None:
        raise UnavailableError(f"The Docker engine cannot run here. It said ({log}):\n{tail(log.read_text())}")


def daemon_settings(place: Place, network: Network, usr: Path) -> dict[str, object]:
    """Return dockerd's configuration: nothing of it is shared with another engine."""
    return {
        "hosts": [f"unix://{place.runtime}/docker.sock"],
        "data-root": str(place.engine_data),
        "exec-root": str(place.runtime / "exec"),
        "pidfile": str(place.runtime / "dockerd.pid"),
        "cgroup-parent": f"/{place.namespace}",
        # Said aloud, as the default depends on the init system, and systemd wants other names of cgroups.
        "exec-opts": ["native.cgroupdriver=cgroupfs"],
        "bip": network.bridge,
        "default-address-pools": [{"base": network.pool, "size": 24}],
        # There is no way out of the namespace: an address at which nobody answers fails faster than one far away.
        "dns": ["127.0.0.1"],
        "userland-proxy-path": str(usr / "sbin" / "docker-proxy"),
        # Where a process may not lower its score, dockerd would not start.
        "oom-score-adjust": 0,
    }


def _runtime_settings(place: Place) -> dict[str, object]:
    """Have the engine call runtime.py in runc's place, where this process lacks a capability."""
    if not runtime.missing_capabilities(Path("/proc/self/status").read_text()):
        return {}
    target = place.runtime / "runc"
    target.write_text(f"#!{sys.executable} -IS\n" + Path(runtime.__file__).read_text())
    target.chmod(0o755)
    return {"runtimes": {"own": {"path": str(target)}}, "default-runtime": "own"}


def remove_containers(place: Place) -> None:
    """Remove every container with its volumes: the engine is the cluster's own, so all of them are nodes."""
    containers = docker(place, "container", "ls", "--all", "--quiet").split()
    if containers:
        docker(place, "container", "rm", "--force", "--volumes", *containers)
    docker(place, "volume", "prune", "--force")


def exists(place: Place) -> bool:
    """Return whether anything of the engine is there, running or left."""
    return place.runtime.exists() or place.namespace in _namespaces() or bool(_cgroups(place))


def stop(place: Place) -> None:
    """End every process of the engine and its containers, and take mounts, cgroups, cable and namespace away."""
    pid_file = place.runtime / "dockerd.pid"
    # dockerd first, so that it can end its containers in order; then whatever is left.
    daemon = {int(pid_file.read_text())} & processes(place) if pid_file.exists() else set()
    _end(lambda: daemon & processes(place))
    _end(lambda: processes(place))
    for mount in sorted(_mounts(place), reverse=True):
        run("umount", mount)
    for cgroup in _cgroups(place):
        for folder in (*sorted(cgroup.rglob("*/"), reverse=True), cgroup):
            wait_for(partial(_removed, folder), STOP, f"{folder} to be empty")
    detach(place.namespace, place.cable)
    _remove(place.runtime)


def processes(place: Place) -> set[int]:
    """Return every process in the namespace or in the containers' cgroups."""
    inside: set[int] = set()
    if place.namespace in _namespaces():
        inside |= {int(pid) for pid in run("ip", "netns", "pids", place.namespace).split()}
    for cgroup in _cgroups(place):
        # Not rglob, which fails where the engine takes a folder away meanwhile.
        for folder, _, _ in os.walk(cgroup):
            with suppress(OSError):
                inside |= {int(pid) for pid in Path(folder, "cgroup.procs").read_text().split()}
    return inside - {os.getpid(), 0}


def _removed(cgroup: Path) -> bool:
    """Whether a cgroup is gone; a process that has just ended keeps it for a moment without being listed."""
    try:
        cgroup.rmdir()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


def _namespaces() -> list[str]:
    return run("ip", "netns", "list").split()


def _end(alive: Callable[[], set[int]]) -> None:
    """SIGTERM what is alive, wait, SIGKILL what still is."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        for pid in alive():
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                continue
        if _gone(alive, STOP):
            return
    raise ClusterError(f"processes {alive()} do not end, not even by SIGKILL")


def _gone(alive: Callable[[], set[int]], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while alive() and time.monotonic() < deadline:
        time.sleep(0.1)
    return not alive()


def _mounts(place: Place) -> list[str]:
    points = [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines()]
    ours = (f"{place.runtime}/", f"{place.engine_data}/", f"{place.engine_data}")
    return [point for point in points if point.startswith(ours[:2]) or point == ours[2]]


def _cgroups(place: Place) -> list[Path]:
    """Return the folders of the containers' cgroup: one in version 2, one a controller in version 1."""
    root = Path("/sys/fs/cgroup")
    return [folder for folder in (root / place.namespace, *root.glob(f"*/{place.namespace}")) if folder.is_dir()]


def _remove(folder: Path) -> None:
    run("rm", "-rf", "--one-file-system", folder)
