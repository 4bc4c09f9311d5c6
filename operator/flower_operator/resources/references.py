"""Which keys of which Secrets the pod reads, and as what. All but the broker's URL and the credentials. Pure.

What a Secret holds reaches the pod from that Secret, as a variable or a file: never by an argument, and never copied.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from flower_operator.spec import Monitor, SecretKey

FOLDER: Final = "/etc/flower-monitor"


@dataclass(frozen=True)
class Variable:
    """A variable of the container out of a Secret."""

    field: str
    """Field of the FlowerMonitor that names it."""
    name: str
    reference: SecretKey


@dataclass(frozen=True)
class Files:
    """Files of the container out of a Secret."""

    field: str
    volume: str
    """Name of the volume, and of the folder under FOLDER."""
    secret: str
    names: tuple[tuple[str, str], ...]
    """Key in the Secret, name of the file."""
    followed: bool = False
    """Whether the monitor reads them again by itself when they change, so that it need not be restarted."""

    @property
    def folder(self) -> str:
        """Where they are."""
        return f"{FOLDER}/{self.volume}"


@dataclass(frozen=True)
class Reference:
    """Keys of a Secret that must be there before the pod can start."""

    field: str
    secret: str
    keys: tuple[str, ...]
    restart: bool
    """Whether the pod must be restarted when they change."""


def variables(monitor: Monitor) -> list[Variable]:
    """Variables that are set."""
    spec = monitor.spec
    backend, oauth = spec.result_backend, spec.access.oauth
    candidates: list[tuple[str, str, SecretKey | None]] = [
        ("spec.broker.managementUrlSecretRef", "FLOWER_BROKER_API", spec.broker.management_url_secret_ref),
        (
            "spec.broker.transportOptionsSecretRef",
            "FLOWER_BROKER_TRANSPORT_OPTIONS",
            spec.broker.transport_options_secret_ref,
        ),
        ("spec.resultBackend.urlSecretRef", "FLOWER_RESULT_BACKEND", backend.url_secret_ref if backend else None),
        ("spec.access.oauth.clientSecretRef", "FLOWER_OAUTH2_SECRET", oauth.client_secret_ref if oauth else None),
        ("spec.access.cookieSecretRef", "FLOWER_COOKIE_SECRET", spec.access.cookie_secret_ref),
    ]
    return [Variable(field, name, reference) for field, name, reference in candidates if reference is not None]


def files(monitor: Monitor) -> list[Files]:
    """Files that are mounted."""
    tls, redaction = monitor.spec.broker.tls, monitor.spec.redaction
    found: list[Files] = []
    names: tuple[tuple[str, str], ...]
    if tls is not None and (authority := tls.ca_secret_ref) is not None:
        names = ((authority.key, "ca.crt"),)
        found.append(Files("spec.broker.tls.caSecretRef", "broker-ca", authority.name, names))
    if tls is not None and (client := tls.client_cert_secret_ref) is not None:
        names = (("tls.crt", "tls.crt"), ("tls.key", "tls.key"))
        found.append(Files("spec.broker.tls.clientCertSecretRef", "broker-cert", client.name, names))
    if (tokens := monitor.spec.access.tokens_secret_ref) is not None:
        names = ((tokens.key, "tokens"),)
        found.append(Files("spec.access.tokensSecretRef", "tokens", tokens.name, names, followed=True))
    if redaction is not None and (rules := redaction.rules_secret_ref) is not None:
        names = ((rules.key, "rules.json"),)
        found.append(Files("spec.redaction.rulesSecretRef", "redaction", rules.name, names))
    scaling = monitor.spec.autoscaling
    if scaling is not None and (hooks := scaling.webhooks) is not None:
        names = ((hooks.secret_ref.key, "secret"),)
        field = "spec.autoscaling.webhooks.secretRef"
        found.append(Files(field, "autoscaling-webhooks", hooks.secret_ref.name, names, followed=True))
    return found


def references(monitor: Monitor) -> list[Reference]:
    """All of these, and the users, whom the operator reads itself."""
    return list(_references(monitor))


def _references(monitor: Monitor) -> Iterator[Reference]:
    for variable in variables(monitor):
        yield Reference(variable.field, variable.reference.name, (variable.reference.key,), restart=True)
    for mounted in files(monitor):
        keys = tuple(key for key, _ in mounted.names)
        yield Reference(mounted.field, mounted.secret, keys, restart=not mounted.followed)
    if (users := monitor.spec.access.users_secret_ref) is not None:
        # Told by the config Secret, whose content is part of the hash already.
        yield Reference("spec.access.usersSecretRef", users.name, (users.key,), restart=False)
