"""TokenReview and SubjectAccessReview: the two questions about people that the fleet asks the API server."""

from typing import Any

from flower_operator.constants import GROUP, PLURAL
from flower_operator.fleet.tokens import User
from flower_operator.kinds import SUBJECT_ACCESS_REVIEW, TOKEN_REVIEW
from flower_operator.kube import KubeApi


class Reviews:
    """Asks them."""

    def __init__(self, api: KubeApi, namespace: str | None) -> None:
        self._api = api
        self._namespace = namespace

    async def review(self, token: str) -> User | None:
        """Whose the token is; None when it is nobody's."""
        body = {"apiVersion": TOKEN_REVIEW.api_version, "kind": TOKEN_REVIEW.kind, "spec": {"token": token}}
        status = (await self._api.create(TOKEN_REVIEW, None, body))["status"]
        return status["user"] if status.get("authenticated") is True else None

    async def may_list(self, user: User) -> bool:
        """Whether that person may list the FlowerMonitors that this fleet shows."""
        kind = SUBJECT_ACCESS_REVIEW
        body = {"apiVersion": kind.api_version, "kind": kind.kind, "spec": access_question(user, self._namespace)}
        status = (await self._api.create(kind, None, body))["status"]
        return status.get("allowed") is True


def access_question(user: User, namespace: str | None) -> dict[str, Any]:
    """`spec` of the SubjectAccessReview; namespace None asks for all namespaces."""
    resource = {"group": GROUP, "resource": PLURAL, "verb": "list"}
    if namespace is not None:
        resource["namespace"] = namespace
    return {
        "user": user.get("username", ""),
        "uid": user.get("uid", ""),
        "groups": list(user.get("groups") or ()),
        "extra": dict(user.get("extra") or {}),
        "resourceAttributes": resource,
    }
