"""An account that may do what `rights.RIGHTS` lists: whatever a controller test does shows that it is enough."""

import asyncio
from collections.abc import Iterable

from kubernetes.aio.client import Configuration

from flower_operator import connection
from flower_operator.controller.rights import PATCH_PODS, RIGHTS, Right, Where
from flower_operator.exceptions import Conflict, Forbidden
from flower_operator.kinds import FLOWER_MONITOR, STORAGE_CLASS, Kind, Manifest
from flower_operator.kube import KubeApi, connect
from tests.support.patience import PATIENCE

RBAC = "rbac.authorization.k8s.io/v1"
ROLE = Kind(RBAC, "Role", "roles")
ROLE_BINDING = Kind(RBAC, "RoleBinding", "rolebindings")
CLUSTER_ROLE = Kind(RBAC, "ClusterRole", "clusterroles", namespaced=False)
CLUSTER_ROLE_BINDING = Kind(RBAC, "ClusterRoleBinding", "clusterrolebindings", namespaced=False)
SERVICE_ACCOUNT = Kind("v1", "ServiceAccount", "serviceaccounts")
NAME = "controller"
PATCH = "patch-pods"
"""Name of the role and the binding of the right that is given only when asked for."""


def rules(rights: Iterable[Right]) -> list[Manifest]:
    """Rules of a role."""
    return [{"apiGroups": [right.group], "resources": [right.resource], "verbs": list(right.verbs)} for right in rights]


async def account(api: KubeApi, namespace: str, kubeconfig: str, without: str = "") -> Configuration:
    """Make the account and return how to log in as it. `without` leaves out the rights on one resource."""
    rights = [right for right in RIGHTS if right.resource != without]
    body = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": NAME}}
    await api.create(SERVICE_ACCOUNT, namespace, body)
    inside = [right for right in rights if right.where is not Where.CLUSTER]
    await _grant(api, namespace, namespace, ROLE, ROLE_BINDING, inside)
    outside = [right for right in rights if right.where is Where.CLUSTER]
    await _grant(api, None, namespace, CLUSTER_ROLE, CLUSTER_ROLE_BINDING, outside)
    await _storage_class(api)
    configuration = await _log_in(api, namespace, kubeconfig)
    await _in_force(configuration, namespace)
    return configuration


async def allow_in(api: KubeApi, where: str, namespace: str, configuration: Configuration) -> None:
    """Let the account of `namespace`, which logs in by `configuration`, work in another one too."""
    inside = [right for right in RIGHTS if right.where is Where.WATCHED]
    await _grant(api, where, namespace, ROLE, ROLE_BINDING, inside)
    await _in_force(configuration, where)


async def let_patch_pods(api: KubeApi, namespace: str) -> None:
    """Give the account of a namespace the right that it gets only when asked for; it is in force a little later."""
    await _grant(api, namespace, namespace, ROLE, ROLE_BINDING, [PATCH_PODS], PATCH)


async def _grant(
    api: KubeApi, where: str | None, namespace: str, role: Kind, binding: Kind, rights: list[Right], name: str = ""
) -> None:
    name = name or f"{NAME}-{namespace}"
    meta = {"name": name}
    head = {"apiVersion": RBAC, "kind": role.kind, "metadata": meta}
    await api.create(role, where, {**head, "rules": rules(rights)})
    body = {
        "apiVersion": RBAC,
        "kind": binding.kind,
        "metadata": meta,
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": role.kind, "name": name},
        "subjects": [{"kind": "ServiceAccount", "name": NAME, "namespace": namespace}],
    }
    await api.create(binding, where, body)


async def _storage_class(api: KubeApi) -> None:
    """See that the class `tests` is there, for all tests; nothing ever provisions for it."""
    body = {"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": "tests"}}
    try:
        await api.create(STORAGE_CLASS, None, {**body, "provisioner": "example.com/none", "allowVolumeExpansion": True})
    except Conflict:
        return


async def _in_force(configuration: Configuration, namespace: str) -> None:
    """Wait for the API server's authorizer, which learns of new roles and bindings by watching them."""
    async with asyncio.timeout(PATIENCE), connect(configuration) as api:
        while True:
            try:
                await api.list(FLOWER_MONITOR, namespace)
                await api.find(STORAGE_CLASS, None, "tests")
            except Forbidden:
                await asyncio.sleep(0.02)
            else:
                return


async def token(api: KubeApi, namespace: str) -> str:
    """A token of the account, another one each time."""
    request = Kind("v1", "TokenRequest", f"serviceaccounts/{NAME}/token")
    body = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {"expirationSeconds": 3600}}
    return str((await api.create(request, namespace, body))["status"]["token"])


async def _log_in(api: KubeApi, namespace: str, kubeconfig: str) -> Configuration:
    configuration = await connection.load(kubeconfig)
    configuration.api_key = {"BearerToken": f"Bearer {await token(api, namespace)}"}
    configuration.refresh_api_key_hook = None
    return configuration
