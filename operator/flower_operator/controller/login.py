"""Tells kopf to log in where and as our own client does. The only untyped edge of kopf's authentication."""

from collections.abc import Awaitable
from inspect import isawaitable
from typing import cast

import kopf
from kubernetes.aio.client import Configuration


async def for_kopf(configuration: Configuration) -> kopf.ConnectionInfo:
    """Say the same to kopf, with a fresh token: bound tokens rotate about hourly."""
    if configuration.refresh_api_key_hook is not None:
        refreshed = configuration.refresh_api_key_hook(configuration)
        if isawaitable(refreshed):
            await cast("Awaitable[None]", refreshed)
    scheme, _, token = str(configuration.api_key.get("BearerToken", "")).rpartition(" ")
    return kopf.ConnectionInfo(
        server=configuration.host,
        ca_path=configuration.ssl_ca_cert,
        insecure=not configuration.verify_ssl or None,
        scheme=scheme.capitalize() or None,
        token=token or None,
        certificate_path=configuration.cert_file,
        private_key_path=configuration.key_file,
    )
