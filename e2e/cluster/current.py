"""CLUSTER=current: the cluster that one's kubeconfig points to, which this tool neither makes nor ends."""

import os
import shlex
from collections.abc import Mapping
from pathlib import Path

from e2e.cluster.errors import CommandError, UnavailableError
from e2e.cluster.run import run

LOAD = "CLUSTER_LOAD_COMMAND"
ADDRESS = "CLUSTER_ADDRESS"

ADDRESSES = '{range .items[0].status.addresses[*]}{.type}={.address}{"\\n"}{end}'
"""jsonpath of the first node's addresses."""


def kubeconfig(environ: Mapping[str, str]) -> Path:
    """Return the kubeconfig file that kubectl uses."""
    given = environ.get("KUBECONFIG", "").split(os.pathsep)[0]
    return Path(given).absolute() if given else Path.home() / ".kube" / "config"


def check(kubectl: Path) -> None:
    """Fail unless the cluster answers."""
    try:
        run(kubectl, "get", "--raw", "/readyz", "--request-timeout", "10s")
    except CommandError as error:
        raise UnavailableError(
            "CLUSTER=current uses the cluster of your kubeconfig, which does not answer. Look at `kubectl config "
            f"current-context`, or unset CLUSTER to have a cluster made here.\n{error}"
        ) from error


def load(image: str, archive: Path | None, environ: Mapping[str, str]) -> None:
    """Hand an image to $CLUSTER_LOAD_COMMAND, as nobody else knows how its nodes get their images."""
    command = environ.get(LOAD)
    if not command:
        raise UnavailableError(
            f"CLUSTER=current: how {image} gets to the nodes of this cluster is not known here. Set {LOAD} to a "
            "command with {image} and {archive} (a docker-archive) in it, such as `minikube image load {archive}` or "
            "`crane push {archive} {image}`."
        )
    words = shlex.split(command)
    run(*[word.replace("{image}", image).replace("{archive}", str(archive or "")) for word in words])


def address(kubectl: Path, environ: Mapping[str, str]) -> str:
    """Return where NodePorts are reached: $CLUSTER_ADDRESS, or the first node's external or else internal address."""
    if given := environ.get(ADDRESS):
        return given
    lines = run(kubectl, "get", "nodes", "--output", f"jsonpath={ADDRESSES}").splitlines()
    found = dict(line.split("=", 1) for line in lines)
    for kind in ("ExternalIP", "InternalIP"):
        if kind in found:
            return found[kind]
    raise UnavailableError(
        f"The nodes of this cluster tell no address. Set {ADDRESS} to where its NodePorts are reached."
    )
