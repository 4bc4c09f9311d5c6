"""The doctor: what is well, what is not, since when and what to do, by the page of a real monitor."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.dashboard.site import Site, site
from tests.support.chromium import PATIENCE, Visit, visit
from tests.support.processes import until

FIRST = "[data-id]:first-child"


def misses_broker(running: Site) -> bool:
    """Whether the doctor's report says that the broker is away."""
    report = running.monitor.get("/api/v1/doctor")
    return report is not None and ("broker", "failed") in [(one["id"], one["status"]) for one in report["checks"]]


def check(page: Page, name: str) -> Locator:
    """One check of the page."""
    return page.get_by_role("list", name="Checks").locator(f"[data-id={name}]")


@pytest.fixture
def page(session: Visit) -> Page:
    """The doctor's page of a monitor with a worker."""
    session.page.goto("doctor")
    expect(check(session.page, "broker")).to_be_visible(timeout=PATIENCE)
    return session.page


def test_what_is_well_says_so_with_its_numbers(page: Page) -> None:
    """Of the broker, the workers and the store."""
    expect(check(page, "broker")).to_contain_text("Connected to redis at redis://127.0.0.1", timeout=PATIENCE)
    expect(check(page, "workers")).to_contain_text("1 worker is online", timeout=PATIENCE)
    expect(check(page, "store")).to_contain_text(re.compile(r"\d tasks in "))
    expect(check(page, "results")).to_contain_text("Not checked")


def test_the_rail_and_a_key_lead_to_it(session: Visit) -> None:
    """7 on the keyboard, or a click."""
    session.page.goto("tasks")
    expect(session.page.get_by_text("Live", exact=True)).to_be_visible(timeout=PATIENCE)
    session.page.keyboard.press("7")
    expect(session.page).to_have_url(re.compile("/doctor$"))
    session.page.get_by_role("link", name="Audit").click()
    session.page.get_by_role("link", name="Doctor").click()
    expect(check(session.page, "broker")).to_be_visible(timeout=PATIENCE)


@pytest.fixture
def alone(tmp_path: Path, browser: Browser) -> Iterator[tuple[Site, Page]]:
    """A monitor of which the broker may be stopped, and a page of it; what then fails may be on the console."""
    with site(tmp_path) as running, visit(browser, running.url, running.login) as visitor:
        yield running, visitor.page


def test_the_broker_that_is_away_is_found_first_and_mended(alone: tuple[Site, Page]) -> None:
    """From the empty list of tasks: what failed, and after the repair that it is well, without a reload."""
    running, page = alone
    page.goto("tasks")
    page.get_by_role("link", name="Why do I see nothing?").click()
    expect(check(page, "workers")).to_contain_text("celery -A YOUR_APP worker", timeout=PATIENCE)
    running.redis.stop()
    # A report is good for a second: a page that is loaded within it keeps the order of a broker that was well.
    until(lambda: misses_broker(running), "the doctor knows of it")
    page.reload()
    first = page.get_by_role("list", name="Checks").locator(FIRST)
    expect(first).to_contain_text("Disconnected from redis", timeout=PATIENCE)
    expect(first).to_contain_text("--broker")
    running.redis.start()
    running.monitor.connected()
    page.get_by_role("button", name="Look again").click()
    expect(check(page, "broker")).to_contain_text("Connected to redis", timeout=PATIENCE)
