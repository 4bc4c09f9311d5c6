"""What each page says and keeps when the monitor is stopped under it, or is gone before it is opened."""

import contextlib
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.dashboard.site import Site, site
from tests.support.chromium import PATIENCE, visit
from tests.support.processes import until

PAGES = {
    "failures": "tests.support.celery_app.fail",
    "workers": "w1@test",
    "schedule": "tidy",
    "settings": "--inspect-timeout",
    "audit": "orders",
    "scaling": "orders",
}
"""By its path something that a page has to show."""

TITLES = {"settings": "The settings", "audit": "The audit", "scaling": "The policies"}
"""What a page calls what it could not load; the others by their path."""

LAST_PAGE_IS_LOADED = "performance.getEntriesByType('resource').some(({ name }) => /DoctorPage-.*js$/.test(name))"
"""Pages are loaded one after the other, in the order of the routes."""


@pytest.fixture(scope="module")
def away(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Page]]:
    """Each page with what it has to show, and `tasks`; then the monitor was stopped."""
    folder = tmp_path_factory.mktemp("away")
    with site(folder, "--app", "tests.dashboard.scheduled_app") as running, contextlib.ExitStack() as visits:
        filled(running)

        def opened(path: str, text: str) -> Page:
            # A context for each: of one, Chromium has six connections to a host, and each page holds one.
            page = visits.enter_context(visit(browser, running.url, running.login)).page
            page.goto(path)
            expect(shown(page, text)).to_be_visible(timeout=PATIENCE)
            expect(page.get_by_text("Live", exact=True)).to_be_visible(timeout=PATIENCE)
            return page

        pages = {path: opened(path, text) for path, text in PAGES.items()}
        pages["tasks"] = opened("tasks", "tests.support.celery_app.fail")
        until(lambda: pages["tasks"].evaluate(LAST_PAGE_IS_LOADED), "that the code of all pages is there")
        running.monitor.program.stop()
        yield pages


def filled(running: Site) -> None:
    """Give every page something to show."""
    running.start_worker()
    running.run("fail")
    policy = {"match": {"queue": "tests"}, "min": 1, "max": 4, "dryRun": True}
    running.monitor.put("/api/v1/autoscale/policies/orders", policy)


def shown(page: Page, text: str) -> Locator:
    """The first place of the page itself where a text stands."""
    return page.get_by_role("main").get_by_role("row").filter(has_text=text).first


@pytest.mark.parametrize("path", PAGES)
def test_what_a_page_had_stays_and_is_marked(away: dict[str, Page], path: str) -> None:
    """With its age, and when it is tried again."""
    page = away[path]
    expect(page.get_by_text("Disconnected", exact=True)).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text(re.compile("data from .* ago, next try in"))).to_be_visible(timeout=PATIENCE)
    expect(page.locator("[data-stale]").filter(has_text=PAGES[path])).to_be_visible(timeout=PATIENCE)


@pytest.mark.parametrize("path", sorted(PAGES.keys() - {"workers"}))  # those are known already: the rail counts them
def test_a_page_that_is_opened_meanwhile_says_why_it_is_empty(away: dict[str, Page], path: str) -> None:
    """And that it is asked again by itself."""
    page = away["tasks"]
    page.get_by_role("link", name=path.capitalize()).click()
    what = TITLES.get(path, f"The {path}")
    expect(page.get_by_role("heading", name=f"{what} could not be loaded")).to_be_visible(timeout=PATIENCE)
    alert = page.get_by_role("alert").filter(has_text=what)
    expect(alert).to_contain_text("It is asked again by itself.")
    expect(alert.get_by_role("button", name="Try again")).to_be_visible()
