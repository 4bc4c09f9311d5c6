"""People, as Kubernetes knows them: ServiceAccounts with rights on FlowerMonitors, and how they log in."""

import asyncio
import secrets
from typing import Any

from flower_operator.fleet.reviews import Reviews
from flower_operator.fleet.rights import Question
from flower_operator.kinds import SERVICE_ACCOUNT, Kind
from flower_operator.kube import KubeApi
from tests.support.patience import PATIENCE

RBAC = "rbac.authorization.k8s.io/v1"
ROLE = Kind(RBAC, "Role", "roles")
ROLE_BINDING = Kind(RBAC, "RoleBinding", "rolebindings")
CLUSTER_ROLE = Kind(RBAC, "ClusterRole", "clusterroles", namespaced=False)
CLUSTER_ROLE_BINDING = Kind(RBAC, "ClusterRoleBinding", "clusterrolebindings", namespaced=False)


async def account(api: KubeApi, home: str, *verbs: str, within: str | None = None, only: str | None = None) -> str:
    """The token of a new ServiceAccount that may do so with FlowerMonitors.

    Args:
        api: An administrator's.
        home: Namespace of the account.
        verbs: What it may.
        within: The namespace in which it may; None: all.
        only: Name of the one FlowerMonitor there; None: all.
    """
    name = f"person-{secrets.token_hex(4)}"
    body = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name}}
    await api.create(SERVICE_ACCOUNT, home, body)
    if verbs:
        rule: dict[str, Any] = {"apiGroups": ["flower-operator.io"], "resources": ["flowermonitors"], "verbs": [*verbs]}
        await _bind(api, home, name, rule | ({"resourceNames": [only]} if only else {}), within)
        await _in_force(api, f"system:serviceaccount:{home}:{name}", Question(verbs[0], within, only))
    request = Kind("v1", "TokenRequest", f"serviceaccounts/{name}/token")
    body = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}
    token: str = (await api.create(request, home, body))["status"]["token"]
    return token


async def _bind(api: KubeApi, home: str, name: str, rule: dict[str, Any], within: str | None) -> None:
    role, binding = (CLUSTER_ROLE, CLUSTER_ROLE_BINDING) if within is None else (ROLE, ROLE_BINDING)
    metadata = {"name": f"{home}-{name}"}
    await api.create(role, within, {"apiVersion": RBAC, "kind": role.kind, "metadata": metadata, "rules": [rule]})
    bound = {
        "apiVersion": RBAC,
        "kind": binding.kind,
        "metadata": metadata,
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": role.kind, "name": metadata["name"]},
        "subjects": [{"kind": "ServiceAccount", "name": name, "namespace": home}],
    }
    await api.create(binding, within, bound)


async def _in_force(api: KubeApi, username: str, question: Question) -> None:
    """Wait for the API server's authorizer, which learns of new roles and bindings by watching them."""
    async with asyncio.timeout(PATIENCE):
        while not await Reviews(api).may({"username": username}, question):
            await asyncio.sleep(0.02)


def bearer(token: str, **headers: str) -> dict[str, Any]:
    """Options of a request with a token and no password."""
    return {"auth": None, "headers": {"Authorization": f"Bearer {token}", **headers}}
