"""The cluster that a person works with, by their kubeconfig, as kubectl itself finds it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from kubernetes.aio.config.config_exception import ConfigException
from kubernetes.aio.config.kube_config import KUBE_CONFIG_DEFAULT_LOCATION, list_kube_config_contexts

from flower_operator import connection, spec
from flower_operator.exceptions import Forbidden, KubeError, NotFound, StartError
from flower_operator.kinds import FLOWER_MONITOR, Manifests
from flower_operator.kube import KubeApi, connect
from flower_operator.kubectl.errors import Exit, Failed
from flower_operator.spec import Monitor


@dataclass(frozen=True)
class Where:
    """What the options say of it."""

    namespace: str | None = None
    context: str | None = None
    kubeconfig: str | None = None

    def flags(self) -> list[str]:
        """The same for kubectl."""
        return [
            *([f"--context={self.context}"] if self.context else []),
            *([f"--kubeconfig={self.kubeconfig}"] if self.kubeconfig else []),
        ]


@dataclass(frozen=True)
class Cluster:
    """A connection, and the namespace that is meant where none is said."""

    api: KubeApi
    namespace: str
    where: Where

    async def monitor(self, name: str) -> Monitor:
        """One FlowerMonitor."""
        try:
            return spec.parse(await self.api.get(FLOWER_MONITOR, self.namespace, name))
        except NotFound as error:
            there = await self._names()
            raise Failed(
                f"There is no FlowerMonitor {name} in namespace {self.namespace}; there {there}. See all with: "
                "kubectl flower list -A",
                Exit.NOT_FOUND,
            ) from error

    async def monitors(self, everywhere: bool) -> Manifests:
        """All FlowerMonitors of the namespace, or of all."""
        try:
            return await self.api.list(FLOWER_MONITOR, None if everywhere else self.namespace)
        except NotFound as error:
            raise Failed(
                "The cluster knows no FlowerMonitors: its CRD is not installed (the chart does that)."
            ) from error

    async def _names(self) -> str:
        names = [found["metadata"]["name"] for found in await self.monitors(everywhere=False)]
        return f"is {', '.join(sorted(names)[:10])}" if names else "is none"


@asynccontextmanager
async def open_cluster(where: Where) -> AsyncIterator[Cluster]:
    """Connect; what fails then ends the command with a sentence."""
    try:
        configuration = await connection.load(where.kubeconfig, where.context)
        async with connect(configuration) as api:
            yield Cluster(api, where.namespace or _namespace(where), where)
    except StartError as error:
        raise Failed(str(error)) from error
    except KubeError as error:
        raise Failed(_refusal(error)) from error


ANONYMOUS = "system:anonymous"
"""As whom the API server treats a request without a login, where it takes any: also that of a kubeconfig whose program
for credentials failed, which the library logs and goes on without."""


def _refusal(error: KubeError) -> str:
    """What to do about an answer of the API server."""
    if error.status == HTTPStatus.UNAUTHORIZED:
        return (
            "The API server does not accept your login (401): the token or certificate of the kubeconfig is wrong, has"
            " expired or was withdrawn. Log in to the cluster again, as for kubectl."
        )
    if not isinstance(error, Forbidden):
        return f"The API server does not answer as it should: {error}."
    if ANONYMOUS in error.message:
        return f"The kubeconfig gave no credentials. Log in to the cluster again, as for kubectl. {error.message}."
    return f"You may not do this: {error.message}. Ask for the ClusterRole `view`, or more."


def _namespace(where: Where) -> str:
    """That of the context; in a pod its own."""
    try:
        contexts, active = list_kube_config_contexts(where.kubeconfig or KUBE_CONFIG_DEFAULT_LOCATION)
    except ConfigException:
        return connection.own_namespace() or "default"
    wanted: list[dict[str, Any]] = [one for one in contexts if one["name"] == where.context] or [active]
    return str(wanted[0]["context"].get("namespace") or "default")
