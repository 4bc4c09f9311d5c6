"""What must be so before anything starts. kopf would only warn about a missing CRD, and then hear nothing for ever."""

from flower_operator import constants
from flower_operator.exceptions import KubeError, NotFound, StartError, Unreachable
from flower_operator.kube import KubeApi

FIX = "Install it: `helm upgrade --install` of the chart does, or `kubectl apply --server-side -f crds/`."
"""What to do about a CRD that is not there."""


async def check_crd(api: KubeApi) -> None:
    """See that the API server serves FlowerMonitors in our version."""
    try:
        resources = await api.served(constants.API_VERSION)
    except NotFound:
        raise StartError(
            f"the API server does not serve {constants.PLURAL} in {constants.API_VERSION}: the CRD is missing, or "
            f"of another version than this operator. {FIX}"
        ) from None
    except Unreachable as error:
        raise StartError(f"the API server does not answer: {error.message}") from error
    except KubeError as error:
        raise StartError(f"the API server does not let us in: {error}") from error
    missing = {constants.PLURAL, f"{constants.PLURAL}/status"} - resources
    if missing:
        raise StartError(
            f"{constants.API_VERSION} has no {', '.join(sorted(missing))}: the CRD is of another make. {FIX}"
        )
