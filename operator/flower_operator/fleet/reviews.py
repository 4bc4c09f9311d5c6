"""TokenReview and SubjectAccessReview: the two questions about people that the fleet asks the API server."""

import asyncio
from typing import Any

from flower_operator.constants import GROUP, PLURAL
from flower_operator.exceptions import Unreachable
from flower_operator.fleet.identity import User
from flower_operator.fleet.rights import Question
from flower_operator.kinds import SUBJECT_ACCESS_REVIEW, TOKEN_REVIEW, Kind, Manifest
from flower_operator.kube import KubeApi

PATIENCE = 3.0
"""Seconds for one answer: a person waits for it, and an API server that is well needs some milliseconds."""


class Reviews:
    """Asks them. No answer in time is Unreachable."""

    def __init__(self, api: KubeApi) -> None:
        self._api = api

    async def review(self, token: str) -> User | None:
        """Whose the token is; None when it is nobody's."""
        status = await self._ask(TOKEN_REVIEW, {"token": token})
        return status["user"] if status.get("authenticated") is True else None

    async def may(self, user: User, question: Question) -> bool:
        """Whether that person may do so."""
        status = await self._ask(SUBJECT_ACCESS_REVIEW, access_question(user, question))
        return status.get("allowed") is True

    async def _ask(self, kind: Kind, spec: Manifest) -> Manifest:
        """The status of a review."""
        body = {"apiVersion": kind.api_version, "kind": kind.kind, "spec": spec}
        try:
            async with asyncio.timeout(PATIENCE):
                answer = await self._api.create(kind, None, body)
        except TimeoutError as error:
            raise Unreachable(f"no answer within {PATIENCE:g} s") from error
        status: Manifest = answer["status"]
        return status


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
