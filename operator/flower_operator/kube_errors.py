"""From what the API server or a proxy before it says to `exceptions`. Pure."""

import json

from kubernetes.aio.client.exceptions import ApiException

from . import exceptions as errors
from .kinds import Manifest

_BY_STATUS: dict[int, type[errors.KubeError]] = {
    403: errors.Forbidden,
    404: errors.NotFound,
    409: errors.Conflict,
    410: errors.Gone,
    422: errors.Invalid,
}

NOT_APPLICABLE = "failed to create typed patch object"
"""What server-side apply says, with status 500, of an object that it can't merge, such as a list with an item twice:
nothing that passes by itself."""


def translate(error: ApiException) -> errors.KubeError:
    """Make ours of the library's exception; its body is Kubernetes' Status object, or what a proxy says."""
    try:
        status = json.loads(error.body or "")
    except ValueError:
        status = {"message": str(error.body or "")[:200]}
    if not isinstance(status, dict):
        status = {"message": str(status)[:200]}
    answer = {"code": error.status, "reason": str(error.reason or "Unknown"), "message": ""}
    given = {field: value for field, value in status.items() if field in answer and value}
    return from_status(answer | given | {"code": error.status}, _retry_after(error))


def from_status(status: Manifest, retry_after: float | None = None) -> errors.KubeError:
    """Make an exception of Kubernetes' Status object."""
    code = int(status.get("code") or 0)
    unmergeable = NOT_APPLICABLE in (status.get("message") or "")
    kind = errors.Invalid if unmergeable else _BY_STATUS.get(code, errors.KubeError)
    return kind(code, status.get("reason") or "Unknown", status.get("message") or "", retry_after)


def _retry_after(error: ApiException) -> float | None:
    value = (error.headers or {}).get("Retry-After", "")
    return float(value) if value.isdigit() else None
