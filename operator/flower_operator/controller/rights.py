"""What the controller may do at the API server, each right with its reason. The chart's RBAC must allow just this."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from flower_operator import constants
from flower_operator.config import ControllerConfig
from flower_operator.kinds import SELF_SUBJECT_ACCESS_REVIEW
from flower_operator.kube import KubeApi

logger = logging.getLogger(__name__)


class Where(Enum):
    """Where a right is needed."""

    WATCHED = "in every watched namespace"
    OWN = "in the operator's namespace"
    CLUSTER = "in the cluster"


@dataclass(frozen=True)
class Right:
    """Verbs on one resource."""

    where: Where
    group: str
    resource: str
    """With a slash before a subresource."""
    verbs: tuple[str, ...]
    reason: str
    name: str = ""
    """The one object that it is needed on; empty: any."""


RIGHTS: Final = (
    Right(Where.WATCHED, constants.GROUP, constants.PLURAL, ("get", "list", "watch"), "read what is wanted"),
    Right(Where.WATCHED, constants.GROUP, f"{constants.PLURAL}/status", ("patch",), "write what is"),
    Right(
        Where.WATCHED,
        "apps",
        "deployments",
        ("get", "list", "watch", "create", "patch", "delete"),
        "run the monitor; delete one that is no longer rendered",
    ),
    Right(
        Where.WATCHED,
        "",
        "services",
        ("get", "list", "watch", "create", "patch", "delete"),
        "make the monitor reachable; delete one that is no longer rendered",
    ),
    Right(
        Where.WATCHED,
        "",
        "serviceaccounts",
        ("get", "list", "watch", "create", "patch", "delete"),
        "give the pod an account without rights; delete one that is no longer rendered",
    ),
    Right(
        Where.WATCHED,
        "",
        "persistentvolumeclaims",
        ("get", "list", "watch", "create", "patch"),
        "keep the history; never deleted by us",
    ),
    Right(
        Where.WATCHED,
        "",
        "secrets",
        ("get", "create", "patch"),
        "read the broker's URL, write the config, make credentials once; neither listed nor watched",
    ),
    Right(
        Where.WATCHED,
        "networking.k8s.io",
        "ingresses",
        ("get", "list", "create", "patch", "delete"),
        "make what spec.ingress says; delete what it no longer says",
    ),
    Right(
        Where.WATCHED,
        "networking.k8s.io",
        "networkpolicies",
        ("get", "list", "create", "patch", "delete"),
        "make what spec.networkPolicy says; delete what it no longer says",
    ),
    Right(
        Where.WATCHED,
        "policy",
        "poddisruptionbudgets",
        ("get", "list", "create", "patch", "delete"),
        "make what spec.podDisruptionBudget says; delete what it no longer says",
    ),
    Right(
        Where.WATCHED,
        "gateway.networking.k8s.io",
        "httproutes",
        ("get", "list", "create", "patch", "delete"),
        "make what spec.httpRoute says; delete what it no longer says",
    ),
    Right(
        Where.WATCHED,
        "monitoring.coreos.com",
        "servicemonitors",
        ("get", "list", "create", "patch", "delete"),
        "make what spec.monitoring.serviceMonitor says; delete what it no longer says",
    ),
    Right(
        Where.WATCHED,
        "monitoring.coreos.com",
        "prometheusrules",
        ("get", "list", "create", "patch", "delete"),
        "make what spec.monitoring.prometheusRule says; delete what it no longer says",
    ),
    Right(
        Where.WATCHED,
        "",
        "configmaps",
        ("get", "list", "create", "patch", "delete"),
        "make the dashboard of spec.monitoring.dashboard and the policies of spec.autoscaling; delete what is no "
        "longer wanted",
    ),
    Right(
        Where.WATCHED,
        "keda.sh",
        "triggerauthentications",
        ("get", "list", "create", "patch", "delete"),
        "let KEDA log in, for spec.autoscaling.keda; delete what it no longer says",
    ),
    Right(
        Where.WATCHED,
        "keda.sh",
        "scaledobjects",
        ("get", "list", "create", "patch", "delete"),
        "make what spec.autoscaling.keda says; delete what it no longer says",
    ),
    Right(
        Where.WATCHED,
        "",
        "pods",
        ("list",),
        "say why a monitor does not start, and, for spec.workerPods, how workers ended",
    ),
    Right(Where.WATCHED, "", "events", ("create",), "tell people of refusals"),
    Right(Where.CLUSTER, "storage.k8s.io", "storageclasses", ("get",), "say that a storage class is unknown"),
    Right(Where.OWN, "coordination.k8s.io", "leases", ("get", "update"), "elect one leader", constants.LEASE_NAME),
    Right(Where.OWN, "coordination.k8s.io", "leases", ("create",), "elect the first leader"),
    Right(Where.OWN, "", "secrets", ("get",), "share a key with the fleet", constants.FLEET_SECRET),
    Right(Where.OWN, "", "secrets", ("create",), "make that key when there is none"),
)

PATCH_PODS: Final = Right(Where.WATCHED, "", "pods", ("patch",), "write what spec.workerPods.deletionCost says")
"""Nobody else needs it, so it is not among `RIGHTS`: who wants costs gives it (`rbac.patchPods` of the chart)."""


async def report_missing(api: KubeApi, config: ControllerConfig) -> list[str]:
    """Log each right that we lack: a missing one would else show only as retries. Returns them.

    Those in the cluster are a convenience that an installation in a few namespaces may go without.
    """
    missing = []
    for right in RIGHTS:
        for namespace in _namespaces(right, config):
            answers = await asyncio.gather(*(allowed(api, right, verb, namespace) for verb in right.verbs))
            lacking = [verb for verb, may in zip(right.verbs, answers, strict=True) if not may]
            if lacking:
                where = f"namespace {namespace}" if namespace else "all namespaces"
                missing.append(f"{','.join(lacking)} {right.resource} in {where}")
                level = logging.WARNING if right.where is Where.CLUSTER else logging.ERROR
                logger.log(level, "RBAC: no right to %s; needed to %s", missing[-1], right.reason)
    return missing


def _namespaces(right: Right, config: ControllerConfig) -> Sequence[str | None]:
    if right.where is Where.OWN:
        return [config.operator_namespace]
    return config.namespaces or [None] if right.where is Where.WATCHED else [None]


async def allowed(api: KubeApi, right: Right, verb: str, namespace: str | None) -> bool:
    """Ask the API server whether we may; namespace None: in all."""
    resource, _, sub = right.resource.partition("/")
    asked = {"verb": verb, "group": right.group, "resource": resource, "subresource": sub, "name": right.name}
    asked["namespace"] = namespace or ""
    attributes = {name: value for name, value in asked.items() if value}
    body = {"apiVersion": SELF_SUBJECT_ACCESS_REVIEW.api_version, "kind": SELF_SUBJECT_ACCESS_REVIEW.kind}
    answer = await api.create(SELF_SUBJECT_ACCESS_REVIEW, None, {**body, "spec": {"resourceAttributes": attributes}})
    return bool(answer["status"]["allowed"])
