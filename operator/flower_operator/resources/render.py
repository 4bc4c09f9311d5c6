"""From a FlowerMonitor to everything that we apply for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flower_operator import fleetkey, identity_key
from flower_operator.kinds import (
    CLAIM,
    CONFIG_MAP,
    DEPLOYMENT,
    NETWORK_POLICY,
    SECRET,
    SERVICE,
    SERVICE_ACCOUNT,
    Kind,
    Manifest,
)
from flower_operator.spec import Monitor

from . import (
    autoscaling,
    fates,
    image,
    integrations,
    metadata,
    network,
    references,
    rotation,
    secrets,
    settings,
    storage,
    users,
    workload,
)
from .fates import Fate


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
    secrets: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """`data` of every other Secret that the spec names, by name; without those that are not there."""
    operator_namespace: str = ""
    """Namespace of controller and fleet, who ask every monitor."""
    fates: Mapping[str, Fate] = field(default_factory=dict)
    """What became of workers' pods, by name."""
    claim_size: str | None = None
    """Size that the existing claim asks for; None while there is none."""
    pull_secrets: tuple[str, ...] = ()
    """Secrets to pull images with, for FlowerMonitors that name none."""
    group: int | None = workload.GROUP_ID
    """Group that may write the volumes of monitors; None: the cluster gives one to each pod."""


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
    public_key = identity_key.public_key(context.fleet_key)
    env = settings.settings(monitor, fleetkey.digest(token), public_key, users.known(monitor, context.secrets))
    env |= _keda(monitor, context)
    further = _further_values(monitor, context)
    # Left out where there is none: a hash that means the same must stay the same, or an upgrade restarts every pod.
    read = (
        env,
        _broker_value(monitor, context),
        rotation.lasting(context.credentials),
        *([further] if further else []),
    )
    config_hash = secrets.content_hash(context.fleet_key, *read)
    children = []
    if monitor.spec.pod_template.service_account_name is None:
        children.append(Child(SERVICE_ACCOUNT, network.service_account(monitor)))
    children.append(Child(SECRET, secrets.config(monitor, env)))
    if monitor.spec.storage.existing_claim is None:
        children.append(Child(CLAIM, storage.claim(monitor, context.claim_size)))
    children.append(Child(SERVICE, network.service(monitor)))
    joined = [Child(kind, made) for kind, made in integrations.manifests(monitor, context.operator_namespace)]
    if monitor.spec.worker_pods is not None:
        joined.append(Child(CONFIG_MAP, fates.fates_map(monitor, context.fates)))
    needed = {(NETWORK_POLICY, metadata.workload_name(monitor)), (CONFIG_MAP, metadata.policies_name(monitor))}
    first = [child for child in joined if (child.kind, child.name) in needed]
    source = workload.Image(image.image(monitor, context.monitor_image), context.pull_secrets, context.group)
    deployment = Child(DEPLOYMENT, workload.deployment(monitor, source, config_hash))
    return [*children, *first, deployment, *(child for child in joined if child not in first)]


def _keda(monitor: Monitor, context: Context) -> dict[str, str]:
    """KEDA's token, and what the monitor knows it by."""
    wanted = monitor.spec.autoscaling
    if wanted is None or not wanted.keda:
        return {}
    token = autoscaling.token(context.fleet_key, monitor)
    return {autoscaling.TOKEN_KEY: token, "FLOWER_AUTOSCALE_TOKEN_SHA256": fleetkey.digest(token)}


def _broker_value(monitor: Monitor, context: Context) -> dict[str, str] | None:
    """Take the one key that the pod reads, so that other keys of that Secret may change without a restart."""
    reference = monitor.spec.broker.url_secret_ref
    if reference is None or context.broker_secret is None or reference.key not in context.broker_secret:
        return None
    return {"url": context.broker_secret[reference.key]}


def _further_values(monitor: Monitor, context: Context) -> dict[str, str | None]:
    """Take the other keys that the pod reads and does not read again by itself."""
    return {
        f"{reference.secret}/{key}": context.secrets.get(reference.secret, {}).get(key)
        for reference in references.references(monitor)
        if reference.restart
        for key in reference.keys
    }
