"""Policies for the sizes of pools: what each does, why, and the switch that stops all of them."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.dashboard.site import Site, site
from tests.dashboard.test_look import NARROW, violations
from tests.support.chromium import PATIENCE, visit

VIEWER = ("vic", "look")


@pytest.fixture(scope="module")
def scaled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A monitor with a worker, a policy that sizes it and one that fits nobody."""
    options = ("--basic-auth", "admin:secret,vic:look", "--roles", '{"admin": ["admin"], "viewer": ["vic"]}')
    with site(tmp_path_factory.mktemp("scaled"), *options) as running:
        running.start_worker("w1", "prefork")
        for name, match in (("orders", {"queue": "tests"}), ("reports", {"hostname": "nobody*"})):
            policy = {"match": match, "min": 1, "max": 4, "dryRun": True}
            running.monitor.put(f"/api/v1/autoscale/policies/{name}", policy)
        yield running


@pytest.fixture
def page(browser: Browser, scaled: Site) -> Iterator[Page]:
    """The page of the administrator; the test fails if anything went wrong in it."""
    with visit(browser, scaled.url, scaled.login) as visitor:
        visitor.page.goto("scaling")
        yield visitor.page
        assert visitor.faults == []


def test_a_policy_tells_what_it_decided_and_why(page: Page) -> None:
    """In the table, and with its workers once it is opened."""
    row = page.get_by_role("row").filter(has_text="orders")
    expect(row).to_contain_text("Dry run", timeout=PATIENCE)
    expect(row).to_contain_text(re.compile("work 0, 1 workers"), timeout=PATIENCE)
    row.click()
    expect(page).to_have_url(re.compile(r"scaling\?policy=orders$"))
    workers = page.get_by_role("table", name="Workers that it fits")
    expect(workers.get_by_role("link", name="w1@test")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("link", name="Each change in the audit").click()
    expect(page).to_have_url(re.compile("audit\\?search=autoscale%3Aorders"))


def test_all_policies_are_stopped_and_go_on(page: Page, scaled: Site) -> None:
    """Asked first, and told in the table."""
    page.get_by_role("button", name="Stop all policies").click()
    question = page.get_by_role("dialog", name="Stop all policies")
    question.get_by_role("button", name="Stop all policies").click()
    expect(question.get_by_text("No policy is followed any more.")).to_be_visible(timeout=PATIENCE)
    question.get_by_role("button", name="Close").click()
    expect(page.get_by_role("row").filter(has_text="orders")).to_contain_text("Off", timeout=PATIENCE)
    assert scaled.monitor.get("/api/v1/autoscale/policies")["enabled"] is False
    page.get_by_role("button", name="Let policies go on").click()
    question = page.get_by_role("dialog", name="Let policies go on")
    question.get_by_role("button", name="Let policies go on").click()
    expect(question.get_by_text("Policies are followed again.")).to_be_visible(timeout=PATIENCE)


def test_who_may_not_stop_them_sees_who_may(browser: Browser, scaled: Site) -> None:
    """And reads all else but the audit."""
    with visit(browser, scaled.url, VIEWER) as visitor:
        visitor.page.goto("scaling?policy=orders")
        expect(visitor.page.get_by_role("button", name="Stop all policies")).to_be_disabled(timeout=PATIENCE)
        expect(visitor.page.get_by_text("It takes the role operator; your role is viewer.")).to_be_visible()
        told = visitor.page.get_by_text(re.compile("The audit has each change. It takes the role admin"))
        expect(told).to_be_visible(timeout=PATIENCE)
        assert visitor.faults == []


@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", NARROW[0])])
def test_a_policy_that_is_open_is_accessible(browser: Browser, scaled: Site, theme: str, width: int) -> None:
    """axe finds nothing, and nothing scrolls sideways."""
    size = {"width": width, "height": NARROW[1]}
    with visit(browser, scaled.url, scaled.login, viewport=size, color_scheme=theme) as visitor:
        visitor.page.goto("scaling?policy=orders")
        expect(visitor.page.get_by_role("table", name="Workers that it fits")).to_be_visible(timeout=PATIENCE)
        assert violations(visitor.page) == []
        wide = visitor.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide == 0
