"""From a FlowerMonitor to everything that we apply for it."""

from collections.abc import Mapping
from dataclasses import dataclass

from flower_operator import fleetkey
from flower_operator.kinds import CLAIM, DEPLOYMENT, SECRET, SERVICE, SERVICE_ACCOUNT, Kind, Manifest
from flower_operator.spec import Monitor

from . import network, secrets, storage, workload


@dataclass(frozen=True, repr=False)
class Context:
    """What rendering needs to know besides the FlowerMonitor. Without a repr: it holds secrets."""

    monitor_image: str
    """Image for monitors that name none."""
    fleet_key: bytes
    """What the fleet token and the hash of the Secrets are derived from."""
    broker_secret: Mapping[str, str] | None = None
    """`data` of the Secret that holds the broker's URL; None while there is none."""
    credentials: Mapping[str, str] | None = None
    """`data` of the Secret with the credentials; None while there is none."""
    claim_size: str | None = None
    """Size that the existing claim asks for; None while there is none."""


@dataclass(frozen=True)
class Child:
    """One object to apply."""

    kind: Kind
    manifest: Manifest

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.manifest["metadata"]["name"])


def render(monitor: Monitor, context: Context) -> list[Child]:
    """Render all children but the generated credentials, in the order to apply them: the pod's needs first."""
    token = fleetkey.derive(context.fleet_key, monitor.namespace, monitor.name)
    env = secrets.settings(monitor, fleetkey.digest(token))
    read = (env, _broker_value(monitor, context), context.credentials)
    config_hash = secrets.content_hash(context.fleet_key, *read)
    image = monitor.spec.image or context.monitor_image
    children = [
        Child(SERVICE_ACCOUNT, network.service_account(monitor)),
        Child(SECRET, secrets.config(monitor, env)),
        Child(SERVICE, network.service(monitor)),
        Child(DEPLOYMENT, workload.deployment(monitor, image, config_hash)),
    ]
    if monitor.spec.storage.existing_claim is None:
        children.insert(2, Child(CLAIM, storage.claim(monitor, context.claim_size)))
    return children


def _broker_value(monitor: Monitor, context: Context) -> dict[str, str] | None:
    """Take the one key that the pod reads, so that other keys of that Secret may change without a restart."""
    reference = monitor.spec.broker.url_secret_ref
    if reference is None or context.broker_secret is None or reference.key not in context.broker_secret:
        return None
    return {"url": context.broker_secret[reference.key]}
