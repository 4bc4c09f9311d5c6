"""The credentials of a monitor, as far as its Secret may be read."""

import base64
from dataclasses import dataclass, field

from flower_operator.exceptions import Forbidden
from flower_operator.kinds import SECRET
from flower_operator.kubectl.cluster import Cluster
from flower_operator.kubectl.errors import Failed
from flower_operator.resources.metadata import credentials_name
from flower_operator.spec import Monitor


@dataclass(frozen=True)
class Login:
    """A user of the monitor."""

    username: str
    password: str = field(repr=False)


async def login_of(cluster: Cluster, monitor: Monitor) -> Login:
    """Read it; `Failed` says why it can't be."""
    name = credentials_name(monitor)
    try:
        secret = await cluster.api.find(SECRET, monitor.namespace, name)
    except Forbidden as error:
        raise Failed(
            f"You may not read Secret {monitor.namespace}/{name}, which has the login. Open the monitor through the"
            " fleet, where your own rights count (docs/fleet.md)."
        ) from error
    data = (secret or {}).get("data") or {}
    if not data.get("username") or not data.get("password"):
        raise Failed(f"Secret {monitor.namespace}/{name} has no username and password; the controller makes it.")
    return Login(*(base64.b64decode(data[key]).decode() for key in ("username", "password")))


def show_password(monitor: Monitor) -> str:
    """The command that shows the password: it is never printed by itself."""
    secret = credentials_name(monitor)
    return f"kubectl -n {monitor.namespace} get secret {secret} -o jsonpath='{{.data.password}}' | base64 -d"
