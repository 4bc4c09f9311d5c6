"""Every failure that this package tells apart. Library exceptions never leave the module that caused them."""

from typing_extensions import override


class OperatorError(Exception):
    """Base of all of them."""


class StartError(OperatorError):
    """The program cannot start; the message says what is missing and how to get it."""


class LeadershipLost(OperatorError):
    """This process is no longer the leader and must not write."""


class Unanswered(OperatorError):
    """A monitor gave no usable answer; the message says why."""


class KubeError(OperatorError):
    """The API server refused or failed a call."""

    def __init__(self, status: int, reason: str, message: str, retry_after: float | None = None) -> None:
        super().__init__(f"{status} {reason}: {message}")
        self.status = status
        """HTTP status, 0 when no answer came."""
        self.reason = reason
        """Machine-readable reason of Kubernetes' Status object, such as `AlreadyExists`."""
        self.message = message
        self.retry_after = retry_after
        """Seconds that the server asked us to wait, None when it did not say."""

    @property
    def transient(self) -> bool:
        """Whether the same call may succeed later although nobody changes anything."""
        # 401 too: the token was replaced, and the next call reads the new one.
        return self.status in (0, 401, 408, 409, 429) or self.status >= 500


class NotFound(KubeError):
    """The object, or the API that would hold it, does not exist."""


class Conflict(KubeError):
    """The object exists already, or changed since it was read."""


class Forbidden(KubeError):
    """RBAC, a quota or an admission rule forbids the call."""


class Gone(KubeError):
    """The resourceVersion to watch from is too old: list again."""


class Invalid(KubeError):
    """The API server's validation refused the object, whatever the status it says so with."""

    @property
    @override
    def transient(self) -> bool:
        return False


class Unreachable(KubeError):
    """No answer: the connection failed, was cut or took too long."""

    def __init__(self, message: str) -> None:
        super().__init__(0, "Unreachable", message)
