"""Is what joins the monitor to the rest of the cluster as the spec says?"""

from collections.abc import Sequence

from flower_operator.controller.findings import Aspect, Finding, State
from flower_operator.kinds import Kind
from flower_operator.resources import integrations
from flower_operator.spec import Monitor


def check_integrations(monitor: Monitor, lacking: Sequence[Kind]) -> Finding:
    """Say which optional APIs the cluster lacks that the spec needs; what Kubernetes refused is said elsewhere."""
    if lacking:
        needed = ", ".join(f"{kind.api_version} ({integrations.FIELDS[kind]})" for kind in lacking)
        message = (
            f"The cluster does not have {needed}. Install what brings it, or remove the field; it is noticed soon."
        )
        return Finding(Aspect.INTEGRATIONS, State.LACKING, "ApiNotFound", message)
    names = ", ".join(dict.fromkeys(kind.kind for kind, _ in integrations.names(monitor)))
    if not names:
        return Finding(Aspect.INTEGRATIONS, State.HOLDS, "NoneWanted", "The spec asks for none.")
    return Finding(Aspect.INTEGRATIONS, State.HOLDS, "Applied", f"As the spec says: {names}.")
