"""Where the API server is and how to log in."""

import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import yaml
from kubernetes.aio.client import Configuration
from kubernetes.aio.config.config_exception import ConfigException
from kubernetes.aio.config.incluster_config import SERVICE_TOKEN_FILENAME, load_incluster_config
from kubernetes.aio.config.kube_config import load_kube_config

from .exceptions import StartError

CONNECTIONS = 32
"""Sockets to the API server at most; kubernetes' default of 100 would let one burst starve everybody else."""

NAMESPACE_FILE = Path("/var/run/secrets/kubernetes.io/serviceaccount/namespace")
"""Where a pod finds the name of its own namespace."""


TOKEN_SECONDS = 1.0
"""Seconds for which a token is taken as read. The library's minute is longer than a leader may go unheard, so that one
that was revoked and replaced would cost the Lease."""


_MALFORMED = (yaml.YAMLError, ValueError, TypeError, AttributeError, KeyError)
"""What the library raises of a kubeconfig that is no YAML, or is, but of another shape: it checks little of it."""


_ENTRY = re.compile(r"\{.*\}", re.DOTALL)


class TokenFile:
    """A service account's token, which kubelet replaces about hourly."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._path = path
        self._clock = clock
        self._read = float("-inf")

    def refresh(self, configuration: Configuration) -> None:
        """Give the client the token that the file has now; the client asks before each call."""
        if self._clock() < self._read + TOKEN_SECONDS:
            return
        token = self._path.read_text().strip()
        # A file that is just being written has none; the one that we have is good for some minutes more.
        if token:
            configuration.api_key["BearerToken"] = f"Bearer {token}"
            self._read = self._clock()


def _without_secrets(error: Exception) -> str:
    """What an error says. The library names a place in a kubeconfig by the whole entry that it is in, tokens too."""
    return _ENTRY.sub("…", str(error))


def _is_there(paths: str) -> bool:
    return any(Path(path).expanduser().exists() for path in paths.split(os.pathsep) if path)


async def _load_file(path: str, context: str | None, configuration: Configuration) -> None:
    if not _is_there(path):
        # The library would miss a context in it.
        raise FileNotFoundError(f"there is no file {path}")
    try:
        await load_kube_config(path, context, client_configuration=configuration, persist_config=False)
    except _MALFORMED as error:
        raise StartError(
            f"the kubeconfig {path} can't be read: {_without_secrets(error)}. Correct that file."
        ) from error


async def load(kubeconfig: str | None = None, context: str | None = None) -> Configuration:
    """Find the cluster: the given file, else KUBECONFIG, else the pod's service account, else ~/.kube/config.

    Args:
        kubeconfig: A file, or several as KUBECONFIG has them.
        context: Which of its contexts; None: its current one.
    """
    # Trusting the environment, aiohttp looks for a proxy and into ~/.netrc before each call, in threads: more than half
    # of what a call costs. For one server once is enough.
    configuration = Configuration(connection_pool_maxsize=CONNECTIONS, client_session_kwargs={"trust_env": False})
    explicit = kubeconfig or os.environ.get("KUBECONFIG")
    default = Path.home() / ".kube" / "config"
    try:
        if not explicit and "KUBERNETES_SERVICE_HOST" in os.environ:
            load_incluster_config(client_configuration=configuration, try_refresh_token=False)
            configuration.refresh_api_key_hook = TokenFile(Path(SERVICE_TOKEN_FILENAME)).refresh  # type: ignore[assignment] # inferred from its None
        else:
            await _load_file(explicit or str(default), context, configuration)
    except (ConfigException, OSError) as error:
        raise StartError(
            f"no Kubernetes API server to talk to: {_without_secrets(error)}. Run inside a pod, set KUBECONFIG, or"
            f" create {default}."
        ) from error
    configuration.proxy = configuration.proxy or environment_proxy(configuration.host)
    return configuration


def environment_proxy(url: str) -> str | None:
    """The proxy that HTTPS_PROXY (HTTP_PROXY) and NO_PROXY say for an address; None: none."""
    parts = urlsplit(url)
    return None if proxy_bypass(parts.hostname or "") else getproxies().get(parts.scheme)


def own_namespace() -> str | None:
    """Namespace of the pod that this process runs in; None outside a cluster."""
    try:
        return NAMESPACE_FILE.read_text().strip() or None
    except OSError:
        return None
