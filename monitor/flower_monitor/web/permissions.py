"""Who may do what: the one table of routes and permissions.

Whatever is not in this table needs `ADMINISTER`, so a route that somebody forgets to enter is closed, not
open; a test walks the app's routes and fails for one that is missing here, and for an entry without route.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from re import Pattern


class Permission(Enum):
    """What a route asks of the one who calls it."""

    PUBLIC = "public"
    """No login: probes and metrics, which kubelets and Prometheus read, and logging in itself."""

    VIEW = "view"
    """Reading tasks, workers and pages."""

    AUTOSCALE = "autoscale:read"
    """Reading the numbers that KEDA and Prometheus scale by: all that their token needs."""

    DRAIN = "drain"
    """Having a worker stop taking tasks: all that the token of a pod's `preStop` needs."""

    CONTROL = "control"
    """Steering workers and tasks that are there: pools, consumers, limits, revoking."""

    PUBLISH = "publish"
    """Sending tasks: what they run is what the workers can."""

    ADMINISTER = "administer"
    """Everything else: what can't be taken back (shutdown, purge), and what nobody thought of."""


class Role(Enum):
    """A named set of permissions."""

    NONE = frozenset[Permission]()
    """Somebody who may log in and to whom no role was given."""

    VIEWER = frozenset({Permission.VIEW, Permission.AUTOSCALE})
    OPERATOR = VIEWER | {Permission.DRAIN, Permission.CONTROL, Permission.PUBLISH}
    ADMIN = frozenset(Permission)

    def may(self, permission: Permission) -> bool:
        """Whether this role holds the permission."""
        return permission is Permission.PUBLIC or permission in self.value


def weakest(permission: Permission) -> Role:
    """The role that may least of those that hold a permission."""
    return next(role for role in Role if role.may(permission))


@dataclass(frozen=True)
class Rule:
    """What one route asks for."""

    method: str
    path: str
    """The route's path template, without the URL prefix."""

    permission: Permission

    @cached_property
    def pattern(self) -> Pattern[str]:
        """The path template as the router itself would match it."""
        from starlette.routing import compile_path  # the command line looks at roles, and serves nothing

        return compile_path(self.path)[0]


def _reads(permission: Permission, *paths: str) -> tuple[Rule, ...]:
    return tuple(Rule("GET", path, permission) for path in paths)


def _writes(permission: Permission, *paths: str, method: str = "POST") -> tuple[Rule, ...]:
    return tuple(Rule(method, path, permission) for path in paths)


RULES: tuple[Rule, ...] = (
    *_reads(Permission.PUBLIC, "/login", "/logout"),
    *_reads(Permission.PUBLIC, "/livez", "/readyz", "/healthcheck", "/metrics"),
    *_reads(
        Permission.VIEW,
        "/api/v1/me",
        "/api/v1/summary",
        "/api/v1/tasks",
        "/api/v1/tasks/{uuid:path}/result",
        "/api/v1/tasks/{uuid:path}/call",
        "/api/v1/tasks/{uuid:path}",
        "/api/v1/task-export",
        "/api/v1/task-names",
        "/api/v1/task-histogram",
        "/api/v1/latencies",
        "/api/v1/history",
        "/api/v1/summary-history",
        "/api/v1/failures",
        "/api/v1/failures/silences",
        "/api/v1/failures/{group}/tasks",
        "/api/v1/workflows/{root_id:path}",
        "/api/v1/worker-pools",
        "/api/v1/workers",
        "/api/v1/workers/{name:path}",
        "/api/v1/gaps",
        "/api/v1/doctor",
        "/api/v1/schedule",
        "/api/v1/queues",
        "/api/v1/queue-history",
        "/api/v1/queues/{name:path}/history",
        "/api/v1/queues/{name:path}/messages",
        "/api/v1/queues/{name:path}",
        "/api/v1/stream",
        "/api/v1/openapi.json",
    ),
    *_reads(Permission.ADMINISTER, "/api/v1/audit", "/api/v1/settings"),
    *_reads(
        Permission.AUTOSCALE,
        "/api/v1/autoscale/queues/{queue:path}",
        "/api/v1/autoscale/targets/{name}",
        "/api/v1/autoscale/metrics",
    ),
    *_reads(Permission.VIEW, "/api/v1/autoscale/policies", "/api/v1/autoscale/policies/{name}"),
    *_writes(Permission.CONTROL, "/api/v1/autoscale/policies/{name}", "/api/v1/autoscale/switch", method="PUT"),
    *_writes(Permission.CONTROL, "/api/v1/autoscale/policies/{name}", method="DELETE"),
    *_writes(Permission.CONTROL, "/api/v1/failures/silences"),
    *_writes(Permission.CONTROL, "/api/v1/failures/silences/{group}", method="DELETE"),
    *_writes(Permission.DRAIN, "/api/v1/workers/{name:path}/drain"),
    *_reads(Permission.VIEW, "/api/workers", "/api/tasks", "/api/task/types", "/api/task/info/{task_id:path}"),
    *_reads(Permission.VIEW, "/tasks/datatable"),
    *_writes(Permission.VIEW, "/tasks/datatable"),  # a POST that reads, as DataTables sends it
    *_writes(Permission.ADMINISTER, "/api/v1/queues/{name:path}/purge"),
    *_reads(Permission.VIEW, "/api/queues/length"),
    *_writes(Permission.ADMINISTER, "/api/worker/shutdown/{worker:path}"),
    *_writes(
        Permission.CONTROL,
        "/api/worker/pool/restart/{worker:path}",
        "/api/worker/pool/grow/{worker:path}",
        "/api/worker/pool/shrink/{worker:path}",
        "/api/worker/pool/autoscale/{worker:path}",
        "/api/worker/queue/add-consumer/{worker:path}",
        "/api/worker/queue/cancel-consumer/{worker:path}",
        "/api/task/revoke/{task_id:path}",
        "/api/task/timeout/{name:path}",
        "/api/task/rate-limit/{name:path}",
        "/api/v1/tasks/revoke",
        "/api/v1/tasks/{uuid:path}/revoke",
    ),
    *_writes(Permission.CONTROL, "/api/v1/workers/{name:path}/pool", method="PUT"),
    *_reads(Permission.VIEW, "/api/task/result/{task_id:path}"),
    *_writes(
        Permission.PUBLISH,
        "/api/v1/tasks",
        "/api/task/apply/{name:path}",
        "/api/task/async-apply/{name:path}",
        "/api/task/send-task/{name:path}",
    ),
    *_writes(Permission.CONTROL, "/api/task/abort/{task_id:path}"),
    *_reads(
        Permission.VIEW,
        "/",
        "/tasks",
        "/workers",
        "/queues",
        "/broker",
        "/overview",
        "/failures",
        "/audit",
        "/doctor",
        "/settings",
        "/schedule",
        "/scaling",
        "/task/{uuid:path}",
        "/worker/{name:path}",
        "/workflow/{root_id:path}",
        "/assets/{name:path}",
    ),
)


def permission_for(method: str, path: str, rules: Iterable[Rule] = RULES) -> Permission:
    """What a request asks for; HEAD asks for what GET does."""
    wanted = "GET" if method == "HEAD" else method
    for rule in rules:
        if rule.method == wanted and rule.pattern.match(path):
            return rule.permission
    return Permission.ADMINISTER


def methods_at(path: str, rules: Iterable[Rule] = RULES) -> list[str]:
    """The methods that a path takes, for the `Allow` header; empty where there is no route."""
    methods = {rule.method for rule in rules if rule.pattern.match(path)}
    if "GET" in methods:
        methods |= {"HEAD"}
    return sorted(methods | {"OPTIONS"}) if methods else []
