"""Where the API server is and how to log in."""

import os
from pathlib import Path

from kubernetes.aio.client import Configuration
from kubernetes.aio.config.config_exception import ConfigException
from kubernetes.aio.config.incluster_config import load_incluster_config
from kubernetes.aio.config.kube_config import load_kube_config

from .exceptions import StartError

CONNECTIONS = 32
"""Sockets to the API server at most; kubernetes' default of 100 would let one burst starve everybody else."""

NAMESPACE_FILE = Path("/var/run/secrets/kubernetes.io/serviceaccount/namespace")
"""Where a pod finds the name of its own namespace."""


async def load(kubeconfig: str | None = None, context: str | None = None) -> Configuration:
    """Find the cluster: the given file, else KUBECONFIG, else the pod's service account, else ~/.kube/config.

    Args:
        kubeconfig: A file, or several as KUBECONFIG has them.
        context: Which of its contexts; None: its current one.
    """
    configuration = Configuration(connection_pool_maxsize=CONNECTIONS)
    explicit = kubeconfig or os.environ.get("KUBECONFIG")
    default = Path.home() / ".kube" / "config"
    try:
        if not explicit and "KUBERNETES_SERVICE_HOST" in os.environ:
            load_incluster_config(client_configuration=configuration)
        else:
            path = explicit or str(default)
            await load_kube_config(path, context, client_configuration=configuration, persist_config=False)
    except (ConfigException, OSError) as error:
        raise StartError(
            f"no Kubernetes API server to talk to: {error}. Run inside a pod, set KUBECONFIG, or create {default}."
        ) from error
    return configuration


def own_namespace() -> str | None:
    """Namespace of the pod that this process runs in; None outside a cluster."""
    try:
        return NAMESPACE_FILE.read_text().strip() or None
    except OSError:
        return None
