"""What became of workers' pods, for the monitor's verdict on tasks that they left unfinished. Pure.

A container that was killed is in its pod's status until the next one is; a pod that is gone is in no list. So what was
once seen is kept in the ConfigMap itself.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from flower_operator.kinds import CONFIG_MAP, Manifest, Manifests
from flower_operator.spec import Monitor
from flower_operator.untrusted import decode

from .metadata import child_meta, pods_name

PODS_FILE = "pods.json"

MOST = 300
"""Pods that are remembered: the newest. Some 150 bytes each, of the 1 MiB of a ConfigMap."""


class Fate(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """The end of a pod, or of one of its containers. The monitor reads it (monitor/flower_monitor/truth/pods.py)."""

    reason: str
    """Kubernetes's word: OOMKilled, Error, Evicted, DeletionByTaintManager, …"""
    at: str = ""
    """When, as Kubernetes writes it; empty: it does not say."""
    exit_code: int | None = None
    container: str | None = None


class Fates(msgspec.Struct, frozen=True):
    """The content of the file."""

    pods: dict[str, Fate] = {}


def selector(labels: Mapping[str, str]) -> str:
    """Label selector of the workers' pods."""
    return ",".join(f"{name}={value}" for name, value in sorted(labels.items()))


def merged(known: Manifest | None, pods: Manifests) -> dict[str, Fate]:
    """What is known of pods that may be gone, and what those that are there say; the newest."""
    found = dict(_read(known).pods)
    for pod in pods:
        if (ended := fate(pod)) is not None:
            found[pod["metadata"]["name"]] = ended
    newest = sorted(found, key=lambda name: (found[name].at, name), reverse=True)[:MOST]
    return {name: found[name] for name in sorted(newest)}


def _read(known: Manifest | None) -> Fates:
    """The ConfigMap as we wrote it; what somebody else wrote into it is written over."""
    text = ((known or {}).get("data") or {}).get(PODS_FILE, "{}")
    try:
        return decode(text, Fates)
    except msgspec.DecodeError:
        return Fates()


def fate(pod: Manifest) -> Fate | None:
    """How a pod ended, or its container that ended last; None: nothing of it has."""
    status = pod.get("status") or {}
    container, ended = max(_ended(status), key=lambda one: str(one[1].get("finishedAt") or ""), default=(None, {}))
    reason, since = _disruption(status)
    if reason is None and not ended:
        return None
    return Fate(
        reason=reason or ended.get("reason") or "Error",
        at=ended.get("finishedAt") or since or "",
        exit_code=ended.get("exitCode"),
        container=container,
    )


def _ended(status: Manifest) -> Iterator[tuple[str, dict[str, Any]]]:
    for one in status.get("containerStatuses") or []:
        for state in (one.get("state"), one.get("lastState")):
            if state and state.get("terminated"):
                yield one["name"], state["terminated"]


def _disruption(status: Manifest) -> tuple[str | None, str | None]:
    """Why the pod itself had to go, such as Evicted, and since when: that explains what its containers end with."""
    for condition in status.get("conditions") or []:
        if condition.get("type") == "DisruptionTarget" and condition.get("status") == "True":
            return status.get("reason") or condition.get("reason"), condition.get("lastTransitionTime")
    return status.get("reason"), None


def fates_map(monitor: Monitor, fates: Mapping[str, Fate]) -> Manifest:
    """Render the ConfigMap that the monitor reads."""
    text = json.dumps(msgspec.to_builtins(Fates(dict(fates))), indent=1, sort_keys=True)
    return {
        "apiVersion": CONFIG_MAP.api_version,
        "kind": CONFIG_MAP.kind,
        "metadata": child_meta(monitor, pods_name(monitor)),
        "data": {PODS_FILE: text},
    }
