"""The settings: each option with where it was set, who may come in, and for whom they are not."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.dashboard.site import Site, site
from tests.support.chromium import PATIENCE, visit

VIEWER = ("vic", "look")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A monitor with two people, an administrator and a viewer."""
    options = ("--basic-auth", "admin:secret,vic:look", "--roles", '{"admin": ["admin"], "viewer": ["vic"]}')
    with site(tmp_path_factory.mktemp("office"), *options) as running:
        yield running


@pytest.fixture
def page(browser: Browser, office: Site) -> Iterator[Page]:
    """The settings, of an administrator; the test fails if anything went wrong in the page."""
    with visit(browser, office.url, office.login) as visitor:
        visitor.page.goto("settings")
        expect(visitor.page.get_by_role("row", name=re.compile("^--port"))).to_be_visible(timeout=PATIENCE)
        yield visitor.page
        assert visitor.faults == []


def test_an_option_is_shown_with_where_it_was_set(page: Page, office: Site) -> None:
    """By the command line here; and what nobody set is the default."""
    expect(page.get_by_role("row", name=re.compile("^--port"))).to_contain_text(f"{office.monitor.port}command line")
    expect(page.get_by_role("row", name=re.compile("^--queue-type"))).to_contain_text("classicdefault")
    expect(page.get_by_role("row", name=re.compile("^--inspect-timeout"))).to_contain_text("10,000 ms (10 s)command")


def test_no_password_is_in_the_page(page: Page) -> None:
    """Only that people have one."""
    expect(page.get_by_role("region", name="People").get_by_role("row", name=re.compile("^vic"))).to_contain_text(
        "viewer"
    )
    content = page.content()
    assert ("admin:***,vic:***" in content, "admin:secret" in content, "vic:look" in content) == (True, False, False)


def test_only_what_is_set_is_shown_on_demand(page: Page) -> None:
    """And the address keeps it."""
    page.get_by_role("combobox", name="All options").click()
    page.get_by_role("option", name="Only what is set").click()
    expect(page.get_by_role("row", name=re.compile("^--queue-type"))).to_have_count(0, timeout=PATIENCE)
    expect(page).to_have_url(re.compile("changed=yes"))
    page.reload()
    expect(page.get_by_role("row", name=re.compile("^--port"))).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("row", name=re.compile("^--queue-type"))).to_have_count(0)


def test_a_viewer_learns_who_may_see_them(browser: Browser, office: Site) -> None:
    """In words, instead of an error."""
    with visit(browser, office.url, VIEWER) as visitor:
        visitor.page.goto("settings")
        expect(visitor.page.get_by_role("heading", name="The settings are not for you")).to_be_visible(timeout=PATIENCE)
        expect(visitor.page.get_by_text("It takes the role admin; your role is viewer.")).to_be_visible()
        assert visitor.faults == []
