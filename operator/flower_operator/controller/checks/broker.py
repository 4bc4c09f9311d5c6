"""Is the broker's URL usable, and does the monitor reach it?"""

import base64
import binascii
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from flower_operator.controller.findings import Aspect, Finding, State
from flower_operator.controller.observation import Observation
from flower_operator.kinds import Manifest
from flower_operator.spec import Monitor, SecretKey

TRANSPORTS: Final = {
    "redis": "redis",
    "rediss": "redis",
    "sentinel": "redis",
    "amqp": "amqp",
    "amqps": "amqp",
    "pyamqp": "amqp",
}
"""Schemes that a monitor can follow, and the kind of broker of each; several URLs are separated by semicolons. (A
socket or folder would need a volume.) A test compares them with the monitor's own."""


def _refused(reason: str, message: str) -> Finding:
    return Finding(Aspect.BROKER, State.REFUSED, reason, message)


def check_url(monitor: Monitor, secret: Mapping[str, str] | None) -> Finding | str:
    """Find the broker's URL and say what is wrong with it, or return it. `secret` is the `data` of its Secret."""
    broker = monitor.spec.broker
    if broker.url_secret_ref is None:
        return _check(monitor, broker.url or "", "spec.broker.url")
    found = _read(monitor, broker.url_secret_ref, secret)
    if isinstance(found, Finding):
        return found
    return _check(monitor, found, f"key {broker.url_secret_ref.key} of Secret {broker.url_secret_ref.name}")


def _check(monitor: Monitor, url: str, where: str) -> Finding | str:
    return _check_syntax(url, where) or _check_master(monitor, url, where) or url


def kind(url: str) -> str:
    """Kind of broker of a URL that passed `check_url`."""
    return TRANSPORTS[url.partition("://")[0]]


def _read(monitor: Monitor, reference: SecretKey, secret: Mapping[str, str] | None) -> Finding | str:
    if secret is None:
        return _refused(
            "SecretNotFound",
            f"There is no Secret {reference.name} in namespace {monitor.namespace}. Create it, or correct "
            "spec.broker.urlSecretRef.name; the monitor then starts by itself.",
        )
    if reference.key not in secret:
        keys = ", ".join(sorted(secret)[:10]) or "none"
        return _refused(
            "SecretKeyNotFound",
            f"Secret {reference.name} has no key {reference.key} (its keys: {keys}). Add it, or correct "
            "spec.broker.urlSecretRef.key.",
        )
    try:
        return base64.b64decode(secret[reference.key]).decode()
    except (UnicodeDecodeError, binascii.Error):
        return _refused(
            "InvalidBrokerUrl",
            f"Key {reference.key} of Secret {reference.name} (spec.broker.urlSecretRef) is not text. Put the broker's "
            "URL there, such as redis://host:6379/0.",
        )


def _check_syntax(url: str, where: str) -> Finding | None:
    """Say what is wrong with a URL; never shows more of it than its scheme, since the rest may hold a password."""
    if url != url.strip() or any(character.isspace() for character in url):
        return _refused(
            "InvalidBrokerUrl",
            f"The broker URL in {where} holds a space or a line break. Remove it; "
            "kubectl create secret --from-literal adds none.",
        )
    if "://" not in url:
        return _refused(
            "InvalidBrokerUrl",
            f"The broker URL in {where} has no transport. Write it as redis://host:6379/0 or amqp://user@host:5672//.",
        )
    schemes = [part.partition("://")[0] if "://" in part else "" for part in url.split(";")]
    if unknown := [scheme for scheme in schemes if scheme not in TRANSPORTS]:
        return _unknown(unknown[0], where, len(schemes))
    if len({TRANSPORTS[scheme] for scheme in schemes}) > 1:
        return _refused(
            "InvalidBrokerUrl",
            f"The URLs in {where}, separated by semicolons, are for different kinds of brokers. Give one kind.",
        )
    return next((found for part in url.split(";") if (found := _check_host(part, where))), None)


def _check_master(monitor: Monitor, url: str, where: str) -> Finding | None:
    """Sentinels are asked for a master by its name. (What a Secret of transport options says, the monitor judges.)"""
    broker = monitor.spec.broker
    named = broker.transport_options is not None and broker.transport_options.master_name is not None
    if not url.startswith("sentinel://") or named or broker.transport_options_secret_ref is not None:
        return None
    return _refused(
        "NoMasterName",
        f"The broker URL in {where} is Redis Sentinel's, which needs the name of the master. "
        "Set spec.broker.transportOptions.master_name.",
    )


def _unknown(scheme: str, where: str, urls: int) -> Finding:
    if not scheme or urls > 1:
        # Not shown: after a semicolon that was meant for a password stands the rest of it.
        return _refused(
            "InvalidBrokerUrl",
            f"The broker URL in {where} holds a semicolon, behind which no URL that a monitor can follow begins. "
            "Percent-encode it (%3B), or give several whole URLs.",
        )
    return _refused(
        "UnknownTransport",
        f"The broker URL in {where} has the transport {scheme[:20]!r}, which no monitor can follow. "
        f"Use one of {', '.join(TRANSPORTS)}.",
    )


def _check_host(url: str, where: str) -> Finding | None:
    try:
        parts = urlsplit(url)
        usable = bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if usable:
        return None
    return _refused(
        "InvalidBrokerUrl",
        f"The broker URL in {where} has no valid host and port. Write it as redis://host:6379/0; "
        "special characters of a password must be percent-encoded.",
    )


CONNECTED: Final = "Connected"
"""Reason of BrokerReachable when the monitor says that it is connected."""

_TOLD: Final = {
    CONNECTED: State.HOLDS,
    "BrokerUnreachable": State.FAILING,
    "MonitorUnreachable": State.UNKNOWN,
}
"""Reasons that a running monitor gives, and the state of each."""


def check_reachable(running: bool, observation: Observation | None, before: Manifest) -> Finding:
    """Say whether the monitor reaches the broker, from what it told us itself.

    `before` is the condition as it stands. A controller that was just started has asked nobody yet: what the last one
    was told holds until then, so that a restart writes nothing.
    """
    if not running:
        return Finding(Aspect.BROKER, State.UNKNOWN, "NotAsked", "No monitor runs that could tell.")
    if observation is None and before.get("reason") in _TOLD:
        return Finding(Aspect.BROKER, _TOLD[before["reason"]], before["reason"], before["message"])
    if observation is None:
        return Finding(Aspect.BROKER, State.STARTING, "Connecting", "The monitor has not been asked yet.")
    if observation.error is not None:
        return Finding(
            Aspect.BROKER,
            State.UNKNOWN,
            "MonitorUnreachable",
            f"The operator can't ask the monitor: {observation.error}. "
            "Look for a NetworkPolicy between the operator and the monitor's Service.",
        )
    if observation.broker_state == "connected":
        return Finding(Aspect.BROKER, State.HOLDS, CONNECTED, "The monitor receives from the broker.")
    if observation.broker_error is None:
        return Finding(Aspect.BROKER, State.STARTING, "Connecting", "The monitor is connecting to the broker.")
    return Finding(
        Aspect.BROKER,
        State.FAILING,
        "BrokerUnreachable",
        f"The monitor can't reach the broker: {observation.broker_error}. "
        "Check that it runs, and host, port, user and password in spec.broker; the monitor keeps trying.",
    )
