"""TokenReview and SubjectAccessReview: the two questions about people that the fleet asks the API server."""

from typing import Any

from flower_operator.constants import GROUP, PLURAL
from flower_operator.fleet.identity import User
from flower_operator.fleet.rights import Question
from flower_operator.kinds import SUBJECT_ACCESS_REVIEW, TOKEN_REVIEW
from flower_operator.kube import KubeApi


class Reviews:
    """Asks them."""

    def __init__(self, api: KubeApi) -> None:
        self._api = api

    async def review(self, token: str) -> User | None:
        """Whose the token is; None when it is nobody's."""
        body = {"apiVersion": TOKEN_REVIEW.api_version, "kind": TOKEN_REVIEW.kind, "spec": {"token": token}}
        status = (await self._api.create(TOKEN_REVIEW, None, body))["status"]
        return status["user"] if status.get("authenticated") is True else None

    async def may(self, user: User, question: Question) -> bool:
        """Whether that person may do so."""
        kind = SUBJECT_ACCESS_REVIEW
        body = {"apiVersion": kind.api_version, "kind": kind.kind, "spec": access_question(user, question)}
        status = (await self._api.create(kind, None, body))["status"]
        return status.get("allowed") is True


def access_question(user: User, question: Question) -> dict[str, Any]:
    """`spec` of the SubjectAccessReview."""
    asked = {"group": GROUP, "resource": PLURAL, **question._asdict()}
    return {
        "user": user.get("username", ""),
        "uid": user.get("uid", ""),
        "groups": list(user.get("groups") or ()),
        "extra": dict(user.get("extra") or {}),
        "resourceAttributes": {field: value for field, value in asked.items() if value is not None},
    }
