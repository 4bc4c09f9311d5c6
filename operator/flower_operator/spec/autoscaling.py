"""How large workers' pools should be, and how many pods of workers there should be."""

from typing import Any, Literal

from .part import Part, SecretKey


class WebhookKey(SecretKey, frozen=True, rename="camel"):
    key: str = "secret"


class Webhooks(Part, frozen=True, rename="camel"):
    """None is the monitor's own default."""

    secret_ref: WebhookKey
    before: str | None = None
    after: str | None = None
    failure_policy: Literal["Fail", "Ignore"] | None = None
    timeout: float | None = None


class ScaleTarget(Part, frozen=True, rename="camel"):
    """None is KEDA's default, a Deployment."""

    name: str
    api_version: str | None = None
    kind: str | None = None


class Keda(Part, frozen=True, rename="camel"):
    """One ScaledObject. None is KEDA's own default."""

    name: str
    scale_target_ref: ScaleTarget
    queue: str
    target_value: float
    metric: Literal["work", "load"] = "work"
    activation_target_value: float | None = None
    min_replica_count: int | None = None
    max_replica_count: int | None = None
    polling_interval: int | None = None
    cooldown_period: int | None = None


class Autoscaling(Part, frozen=True, rename="camel"):
    enabled: bool | None = None
    """None is the monitor's own default, true."""
    policies: list[dict[str, Any]] = []
    """By the monitor's names, passed on as they are."""
    webhooks: Webhooks | None = None
    keda: list[Keda] = []

    @property
    def pools(self) -> bool:
        """Whether the monitor is told anything of pools."""
        return self.enabled is not None or bool(self.policies) or self.webhooks is not None
