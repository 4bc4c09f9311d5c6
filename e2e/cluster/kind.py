"""Calling kind, unchanged: one configuration for every engine."""

import json
from collections.abc import Mapping
from pathlib import Path

from e2e.cluster.place import Place
from e2e.cluster.run import run

NODE_PORTS = range(30080, 30086)
"""Ports of every node that are reached from outside: fleet page, monitors, and some to spare."""

API_PORT = 6443
"""The API server's port in an engine of its own, where nobody else has taken any."""

KUBELET = {
    "apiVersion": "kubelet.config.k8s.io/v1beta1",
    "kind": "KubeletConfiguration",
    # A ConfigMap or Secret that changes reaches its pods at the kubelet's next look at them: by default a minute later.
    "syncFrequency": "5s",
}

WAIT = "600s"
"""How long a control plane may take: 20 s on an idle machine, more where tests run beside it."""


def configuration(address: str, *, workers: int, api_server_outside: bool) -> dict[str, object]:
    """Return the configuration of a cluster whose node ports are reached at `address`.

    `api_server_outside`: the engine is in another network namespace than this process, so the API server is reached at
    `address` too, at a fixed port: kind would look for a free one on this side.
    """
    ports = [{"containerPort": port, "hostPort": port, "listenAddress": address} for port in NODE_PORTS]
    document: dict[str, object] = {
        "kind": "Cluster",
        "apiVersion": "kind.x-k8s.io/v1alpha4",
        "nodes": [{"role": "control-plane", "extraPortMappings": ports}, *[{"role": "worker"}] * workers],
        "kubeadmConfigPatches": [json.dumps(KUBELET)],
    }
    if api_server_outside:
        document["networking"] = {"apiServerAddress": address, "apiServerPort": API_PORT}
    return document


def create(kind: Path, place: Place, config: Mapping[str, object], image: str, env: Mapping[str, str]) -> None:
    """Make the cluster and write its kubeconfig; kind takes what it has made away again when that fails."""
    # Always with --image: kind's own default carries a digest, so that kind would fetch it even where it is there.
    names = ("--name", place.name, "--image", image, "--kubeconfig", place.kubeconfig)
    # JSON is YAML.
    run(kind, "create", "cluster", *names, "--wait", WAIT, "--config", "-", stdin=json.dumps(config), env=env)


def delete(kind: Path, place: Place, env: Mapping[str, str]) -> None:
    """Delete the cluster, if it is there, and its entry in the kubeconfig file."""
    run(kind, "delete", "cluster", "--name", place.name, "--kubeconfig", place.kubeconfig, env=env)


def load_archive(kind: Path, place: Place, archive: Path, env: Mapping[str, str]) -> None:
    """Put the images of a docker-archive into every node."""
    run(kind, "load", "image-archive", archive, "--name", place.name, env=env)


def load_image(kind: Path, place: Place, image: str, env: Mapping[str, str]) -> None:
    """Put an image of the engine into every node."""
    run(kind, "load", "docker-image", image, "--name", place.name, env=env)
