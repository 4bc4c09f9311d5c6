"""What of a request reaches a monitor, and what of its answer a browser."""

import pytest

from flower_operator.fleet.forward import (
    ANSWER_HEADERS,
    REQUEST_HEADERS,
    NotPassedOn,
    passed_on,
    policy,
    redirect,
    rest_of,
)

BASE = "/n/team-a/orders/"


def test_the_path_is_taken_apart_and_not_decoded() -> None:
    assert rest_of(b"/n/team-a/orders/worker/celery%40h%2F1") == ("team-a", "orders", "/worker/celery%40h%2F1")


def test_the_start_page_is_a_path_too() -> None:
    assert rest_of(b"/n/team-a/orders/") == ("team-a", "orders", "/")


@pytest.mark.parametrize(
    "path",
    [
        b"/n/team-a/orders/../../team-b/orders/",
        b"/n/team-a/orders/%2e%2e/x",
        b"/n/team-a/orders/x/.%2E/y",
        b"/n/team-a/orders/./x",
        b"/n/team-a/orders/x\r\nX-Evil:1",
        b"/n/team-a/orders/x y",
        b"/n/team-a/orders/\xff",
        b"/n/team-a/orders/..\\x",
    ],
)
def test_a_path_that_leads_out_or_is_none_is_refused(path: bytes) -> None:
    with pytest.raises(NotPassedOn):
        rest_of(path)


@pytest.mark.parametrize(
    "name",
    [
        *("authorization", "cookie", "host", "origin", "referer", "sec-fetch-site", "flower-identity"),
        *("x-forwarded-for", "x-forwarded-proto", "forwarded", "content-length"),
        *("connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "proxy-authorization", "expect"),
    ],
)
def test_a_request_header_that_is_not_the_monitors_business_is_dropped(name: str) -> None:
    assert passed_on([(name.title(), "x"), ("Accept", "text/html")], REQUEST_HEADERS) == {"accept": "text/html"}


@pytest.mark.parametrize(
    "name",
    [
        *("set-cookie", "www-authenticate", "location", "refresh", "link", "clear-site-data", "service-worker-allowed"),
        *("content-security-policy", "access-control-allow-origin", "strict-transport-security", "alt-svc"),
        *("connection", "keep-alive", "transfer-encoding", "upgrade", "proxy-authenticate", "trailer"),
    ],
)
def test_an_answer_header_that_would_speak_for_the_fleet_is_dropped(name: str) -> None:
    assert passed_on([(name.title(), "x"), ("Etag", "1")], ANSWER_HEADERS) == {"etag": "1"}


@pytest.mark.parametrize(
    ("location", "leads_to"),
    [
        ("/", "/n/team-a/orders/"),
        ("/tasks?state=FAILURE", "/n/team-a/orders/tasks?state=FAILURE"),
        ("workers", "/n/team-a/orders/tasks/workers"),
        ("../workers", "/n/team-a/orders/workers"),
    ],
)
def test_a_redirect_stays_in_the_monitor(location: str, leads_to: str) -> None:
    assert redirect(location, BASE, "/tasks/x") == leads_to


@pytest.mark.parametrize("location", ["/flower/workers", "../workers"])
def test_a_redirect_of_a_monitor_with_a_url_prefix_leads_to_the_same_page(location: str) -> None:
    assert redirect(location, BASE, "/tasks/x", "/flower") == "/n/team-a/orders/workers"


def test_a_redirect_out_of_the_url_prefix_is_refused() -> None:
    with pytest.raises(NotPassedOn):
        redirect("/admin", BASE, "/tasks", "/flower")


@pytest.mark.parametrize(
    "location",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "../../../../team-b/orders/",
        "/%2e%2e/%2E%2e/team-b/orders/",
        "/x\r\nSet-Cookie: a=b",
    ],
)
def test_a_redirect_to_anywhere_else_is_refused(location: str) -> None:
    with pytest.raises(NotPassedOn):
        redirect(location, BASE, "/tasks")


def test_a_page_may_load_from_and_ask_its_own_monitor_only() -> None:
    told = policy({"host": "fleet.example:8080"}, BASE)

    own = "fleet.example:8080/n/team-a/orders/"
    assert {f"script-src {own}", f"connect-src {own}", "default-src 'none'"} <= set(told.split("; "))
    assert "'self'" not in told
    assert "unsafe" not in told


def test_a_page_may_open_no_window() -> None:
    """In a window of another monitor, which has the same origin, it could ask that one."""
    assert "popups" not in policy({"host": "fleet"}, BASE)


def test_the_host_that_a_browser_asked_is_the_one_before_a_proxy() -> None:
    assert "script-src fleet.example/n/" in policy({"host": "10.0.0.7:8080", "x-forwarded-host": "fleet.example"}, BASE)


@pytest.mark.parametrize("host", ["[::1]:8080", "", "a;script-src *", "a b"])
def test_a_host_that_no_policy_can_name_is_not_written_into_one(host: str) -> None:
    assert "script-src 'self'" in policy({"host": host}, BASE)
