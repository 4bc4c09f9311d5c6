"""The broker and the result backend."""

from typing import Literal

import msgspec

from .part import Part, SecretKey, SecretName


class CaKey(SecretKey, frozen=True, rename="camel"):
    key: str = "ca.crt"


class TransportOptionsKey(SecretKey, frozen=True, rename="camel"):
    key: str = "transportOptions"


class Tls(Part, frozen=True, rename="camel"):
    ca_secret_ref: CaKey | None = None
    client_cert_secret_ref: SecretName | None = None
    check_hostname: bool = True
    insecure_skip_verify: bool = False


class TransportOptions(msgspec.Struct, frozen=True, omit_defaults=True):
    """By kombu's names."""

    global_keyprefix: str | None = None
    fanout_prefix: bool | None = None
    fanout_patterns: bool | None = None
    health_check_interval: int | None = None
    master_name: str | None = None
    sentinel_fanout_compat: bool | None = None
    priority_steps: list[int] | None = None
    sep: str | None = None
    visibility_timeout: int | None = None
    """Never there: the CRD refuses it, with the reason."""


class Queue(Part, frozen=True, rename="camel"):
    type: Literal["classic", "quorum"] | None = None
    expires: str | None = None
    size: str | None = None


class Broker(Part, frozen=True, rename="camel"):
    url: str | None = None
    url_secret_ref: SecretKey | None = None
    management_url_secret_ref: SecretKey | None = None
    tls: Tls | None = None
    transport_options: TransportOptions | None = None
    transport_options_secret_ref: TransportOptionsKey | None = None
    queues: list[str] = []
    queue: Queue | None = None


class ResultBackend(Part, frozen=True, rename="camel"):
    url: str | None = None
    url_secret_ref: SecretKey | None = None
