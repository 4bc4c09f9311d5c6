"""The table of routes and permissions is the whole truth: a test walks the app."""

from pathlib import Path

import pytest

from flower_monitor.web.app import create_app
from flower_monitor.web.permissions import RULES, Permission, Role, methods_at, permission_for
from flower_monitor.web.routing import Route
from tests.monitor.web.apps import config_for

PUBLIC = {"/livez", "/readyz", "/healthcheck", "/metrics", "/login", "/logout"}


def routes_of_the_app() -> set[tuple[str, str]]:
    app = create_app(config_for(Path("unused")))
    return {(method, route.path) for route in app.routes if isinstance(route, Route) for method in route.methods or ()}


def test_every_route_is_in_the_table_and_every_entry_is_a_route() -> None:
    assert {(rule.method, rule.path) for rule in RULES} == routes_of_the_app()


def test_the_app_has_no_route_of_another_kind() -> None:
    app = create_app(config_for(Path("unused")))

    assert all(isinstance(route, Route) for route in app.routes)


def test_only_probes_metrics_and_logging_in_are_public() -> None:
    assert {rule.path for rule in RULES if rule.permission is Permission.PUBLIC} == PUBLIC


def test_only_reading_is_public_or_for_viewers() -> None:
    open_to_them = [rule for rule in RULES if Role.VIEWER.may(rule.permission) and rule.path != "/tasks/datatable"]

    assert {rule.method for rule in open_to_them} == {"GET"}


def test_no_read_changes_anything() -> None:
    steering = {Permission.CONTROL, Permission.PUBLISH}

    assert [rule for rule in RULES if rule.method == "GET" and rule.permission in steering] == []


@pytest.mark.parametrize(
    ("method", "path", "permission"),
    [
        ("GET", "/livez", Permission.PUBLIC),
        ("HEAD", "/metrics", Permission.PUBLIC),
        ("POST", "/metrics", Permission.ADMINISTER),
        ("GET", "/livez/", Permission.ADMINISTER),
        ("GET", "/", Permission.VIEW),
        ("GET", "/api/v1/tasks/abc", Permission.VIEW),
        ("GET", "/worker/celery@a/b", Permission.VIEW),
        ("GET", "/api/v1/unknown", Permission.ADMINISTER),
        ("DELETE", "/api/v1/tasks", Permission.ADMINISTER),
        ("GET", "/api/v1/queues/a/b/messages", Permission.VIEW),
        ("POST", "/api/v1/queues/a/b/purge", Permission.ADMINISTER),
        ("GET", "/api/v1/failures/silences", Permission.VIEW),
        ("POST", "/api/v1/failures/silences", Permission.CONTROL),
        ("DELETE", "/api/v1/failures/silences/abc", Permission.CONTROL),
    ],
)
def test_what_a_request_asks_for(method: str, path: str, permission: Permission) -> None:
    assert permission_for(method, path) is permission


def test_a_viewer_may_look_and_nothing_else() -> None:
    able = [one for one in Permission if Role.VIEWER.may(one)]

    assert able == [Permission.PUBLIC, Permission.VIEW, Permission.AUTOSCALE]


def test_an_operator_may_steer_and_send_too() -> None:
    more = [one for one in Permission if Role.OPERATOR.may(one) and not Role.VIEWER.may(one)]

    assert more == [Permission.DRAIN, Permission.CONTROL, Permission.PUBLISH]


def test_an_administrator_may_do_everything() -> None:
    assert all(Role.ADMIN.may(one) for one in Permission)


def test_a_path_without_route_has_no_methods() -> None:
    assert methods_at("/nothing/here") == []
