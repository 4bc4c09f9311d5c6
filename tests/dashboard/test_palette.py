"""The palette: anything by its name, from any page, by the keyboard alone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.dashboard.site import Site
from tests.dashboard.test_look import violations
from tests.support.chromium import PATIENCE, Visit


@pytest.fixture
def page(session: Visit) -> Page:
    """A page on which nobody has pressed anything yet."""
    session.page.goto("doctor")
    expect(session.page.get_by_text("Live", exact=True)).to_be_visible(timeout=PATIENCE)
    return session.page


def typed(page: Page, text: str) -> None:
    """Open the palette and type."""
    page.keyboard.press("Control+k")
    field = page.get_by_role("dialog", name="Go to anything").get_by_role("combobox")
    expect(field).to_be_focused(timeout=PATIENCE)
    page.keyboard.type(text)


def test_a_worker_is_gone_to_by_a_part_of_its_name(page: Page) -> None:
    """The first that fits is taken by Enter."""
    typed(page, "w1@")
    expect(page.get_by_role("option", name=re.compile("^w1@test"))).to_be_visible(timeout=PATIENCE)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/worker/w1(@|%40)test$"), timeout=PATIENCE)


def test_what_is_no_name_is_searched_in_the_tasks(page: Page) -> None:
    """In the language of the search box."""
    typed(page, "args:42")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/tasks\?search=args%3A42$"), timeout=PATIENCE)


def test_an_id_opens_its_task(page: Page, shop: Site) -> None:
    """Pasted whole."""
    uuid = shop.run("add", 1, 2)
    typed(page, uuid)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/task/{uuid}$"), timeout=PATIENCE)


def test_an_action_is_done_where_one_is(page: Page) -> None:
    """Pausing leaves the page as it is."""
    typed(page, "pause")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Paused", exact=True)).to_be_visible(timeout=PATIENCE)
    expect(page).to_have_url(re.compile("/doctor$"))


def test_it_is_left_by_escape_and_is_accessible(page: Page) -> None:
    """The keys of the page act again afterwards."""
    typed(page, "queue")
    assert violations(page, "dialog[open]") == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0, timeout=PATIENCE)
    page.keyboard.press("2")
    expect(page).to_have_url(re.compile("/workers$"), timeout=PATIENCE)
