"""Making and ending a cluster, whichever engine it runs on."""

import os
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from e2e.cluster import engine, host_engine, images, kind, node_image, sysctls, tools
from e2e.cluster.cache import exclusive
from e2e.cluster.errors import ClusterError, UnavailableError
from e2e.cluster.host import missing_for_own_engine
from e2e.cluster.network import choose, host_networks
from e2e.cluster.place import RUNTIME, Place, State, read_state, write_state
from e2e.cluster.run import run, succeeds
from e2e.cluster.say import say, step

NETWORK_LOCK = Path("/run/lock/flower-operator-network")
"""Held from the choice of a range until it is taken, so that two clusters never choose the same."""

SYSCTLS = RUNTIME / "sysctls.json"
"""The kernel's settings before the first cluster."""

READY = "600s"
"""How long nodes, DNS and network may take after the control plane is there."""


def up(place: Place, workers: int) -> None:
    """Make the cluster, unless it is there. What a killed run has left is taken away first."""
    with exclusive(place.lock):
        state = read_state(place)
        if state and is_up(place):
            if state.workers != workers:
                raise ClusterError(f"{place.name} is up with {state.workers} workers: `down` first to have {workers}")
            say(f"{place.name} is up already, at {state.address}")
            return
        _clean(place, state)
        try:
            _create(place, workers)
        except BaseException:
            _clean(place, read_state(place))
            raise


def down(place: Place, *, purge: bool) -> None:
    """End the cluster and take everything of it away but what the next `up` is faster with; `purge`: that too."""
    with exclusive(place.lock):
        _clean(place, read_state(place))
        if purge:
            shutil.rmtree(place.folder, ignore_errors=True)


def is_up(place: Place) -> bool:
    """Return whether the API server of the cluster answers."""
    if not place.kubeconfig.exists():
        return False
    command = (tools.kubectl(place.cache), "--kubeconfig", place.kubeconfig, "get", "--raw", "/readyz")
    return succeeds(*command, "--request-timeout", "30s", timeout=60)


def load(place: Place, image: str) -> None:
    """Put an image that `images.build` has made, or a docker-archive, into every node, unless it is there already."""
    with exclusive(place.lock):
        state = read_state(place)
        if state is None or not is_up(place):
            raise ClusterError(f"{place.name} is not up: run `python3 -m e2e.cluster up` first")
        archive, key = images.find(place.cache, image)
        if key and state.loaded.get(image) == key:
            say(f"{image} is loaded already")
            return
        with step(f"Loading {image}", "10 s"):
            _load(place, state, image, archive)
        if key:
            write_state(place, replace(state, loaded={**state.loaded, image: key}))


def execute(place: Place, command: Sequence[str], node: str = "") -> str:
    """Run a program in a node (the control plane's) and return what it printed: faults are injected from there."""
    return _docker(place, "exec", node or f"{place.name}-control-plane", *command)


def stop_node(place: Place, node: str) -> None:
    """Stop the container of a node at once, as a power cut does."""
    _docker(place, "stop", "--time=0", node)


def start_node(place: Place, node: str) -> None:
    """Start the container of a node that was stopped."""
    _docker(place, "start", node)


def _docker(place: Place, *words: str) -> str:
    state = read_state(place)
    if state is None:
        raise ClusterError(f"{place.name} is not up: run `python3 -m e2e.cluster up` first")
    return engine.docker(place, *words) if state.engine == "own" else run("docker", *words)


def _load(place: Place, state: State, image: str, archive: Path | None) -> None:
    environment = _environment(place, state)
    if archive:
        kind.load_archive(tools.kind(place.cache), place, archive, environment)
    elif state.engine == "host":
        kind.load_image(tools.kind(place.cache), place, image, environment)
    else:
        raise ClusterError(f"{image} is not known: `python3 -m e2e.cluster build {image}`, or name a docker-archive")


def _create(place: Place, workers: int) -> None:
    why_not = host_engine.why_not()
    if not why_not:
        image = host_engine.published_image(place.cache)
        if host_engine.has_or_pulls(image):
            _create_on_host_engine(place, workers, image)
            return
        why_not = f"the Docker engine cannot pull {image}"
    if missing := missing_for_own_engine():
        raise UnavailableError(
            f"No cluster can be made here. Docker: {why_not}. Without Docker this tool makes an engine of its own, but "
            f"{missing}. Install Docker; or run this as root on Debian; or set CLUSTER=current to use the cluster of "
            "your kubeconfig."
        )
    say(f"Docker: {why_not}. Making an engine and a node image here")
    _create_on_own_engine(place, workers)


def _create_on_host_engine(place: Place, workers: int, image: str) -> None:
    state = State("host", host_engine.free_address(), workers)
    write_state(place, state)
    _create_nodes(place, state, image)


def _create_on_own_engine(place: Place, workers: int) -> None:
    archive = node_image.node_image(place.cache)
    with exclusive(NETWORK_LOCK):
        engine.need_programs()
        network = choose(host_networks())
        state = State("own", str(network.node), workers)
        write_state(place, state)
        sysctls.note(SYSCTLS)
        engine.start(place, network)
    engine.remove_containers(place)
    _import_node_image(place, archive)
    _create_nodes(place, state, node_image.reference())


def _import_node_image(place: Place, archive: Path) -> None:
    """Have the engine hold the node image, and no older one."""
    held = engine.docker(place, "image", "ls", "--format", "{{.Repository}}:{{.Tag}}", node_image.REPOSITORY).split()
    if node_image.reference() not in held:
        with step("Importing the node image into the engine", "15 s"):
            engine.docker(place, "image", "load", "--quiet", "--input", archive)
    for outdated in set(held) - {node_image.reference()}:
        engine.docker(place, "image", "rm", outdated)


def _create_nodes(place: Place, state: State, image: str) -> None:
    outside = state.engine == "own"
    config = kind.configuration(state.address, workers=state.workers, api_server_outside=outside)
    with step(f"Making the cluster {place.name} with kind", "30 s"):
        kind.create(tools.kind(place.cache), place, config, image, _environment(place, state))
        _wait_ready(place)
    say(f"{place.name} is up: NodePorts at {state.address}, kubeconfig {place.kubeconfig}")


def _wait_ready(place: Place) -> None:
    """Wait for every node and for DNS: kind waits for the control plane only."""
    kubectl = (tools.kubectl(place.cache), "--kubeconfig", place.kubeconfig)
    run(*kubectl, "wait", "--for=condition=Ready", "nodes", "--all", f"--timeout={READY}")
    run(*kubectl, "--namespace=kube-system", "rollout", "status", "deployment/coredns", f"--timeout={READY}")


def _environment(place: Place, state: State) -> dict[str, str]:
    """Return the environment in which kind finds the cluster's engine."""
    return engine.client_environment(place) if state.engine == "own" else {}


def _release_machine() -> None:
    """After the last cluster: put back what is the whole machine's."""
    with exclusive(NETWORK_LOCK):
        if not any(RUNTIME.glob("*/daemon.json")):
            sysctls.put_back(SYSCTLS)


def _clean(place: Place, state: State | None) -> None:
    """Take away whatever there is of the cluster, half-made or whole."""
    if state and state.engine == "host":
        with step(f"Taking {place.name} down", "5 s"):
            kind.delete(tools.kind(place.cache), place, {})
    elif os.geteuid() == 0 and shutil.which("ip") and engine.exists(place):
        with step(f"Taking {place.name} down", "10 s"):
            if engine.answers(place):
                engine.remove_containers(place)
            engine.stop(place)
        _release_machine()
    for file in (place.state, place.kubeconfig, place.kubeconfig.with_suffix(".lock")):
        file.unlink(missing_ok=True)
