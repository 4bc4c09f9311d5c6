"""What the pages say when something between the worker and the reader is cut, and how they come back."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.dashboard.site import Site, site
from tests.support.chromium import PATIENCE, visit


@pytest.fixture
def watched(tmp_path: Path, browser: Browser) -> Iterator[tuple[Site, Page]]:
    """A monitor that a test may stop, and its page. Requests that fail are on the console; that is not a fault here."""
    with site(tmp_path) as running, visit(browser, running.url, running.login) as visitor:
        visitor.page.goto("tasks")
        expect(visitor.page.get_by_text("Live", exact=True)).to_be_visible(timeout=PATIENCE)
        yield running, visitor.page


def test_a_monitor_without_workers_says_how_to_start_one(watched: tuple[Site, Page]) -> None:
    """The empty page is not a riddle."""
    _, page = watched
    expect(page.get_by_role("heading", name="No worker was seen yet")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_label("Start a worker", exact=True)).to_contain_text("celery -A YOUR_APP worker")


def test_the_page_tells_that_the_monitor_is_gone_and_comes_back_with_it(watched: tuple[Site, Page]) -> None:
    """Without a reload: what was shown stays, and what came meanwhile is there afterwards."""
    running, page = watched
    running.start_worker()
    first = running.run("add", 1, 1)
    row = page.locator(f"[role=row][data-id='{first}']")
    expect(row).to_be_visible(timeout=PATIENCE)
    running.monitor.program.stop()
    expect(page.get_by_text("Disconnected", exact=True)).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text(re.compile("data from .* ago, next try in"))).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("grid")).to_have_attribute("data-stale", "", timeout=PATIENCE)
    expect(row).to_be_visible()
    at = time.time()
    running.monitor.restart()
    expect(page.get_by_text("Live", exact=True)).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("grid")).not_to_have_attribute("data-stale", "", timeout=PATIENCE)
    running.monitor.connected(after=at)  # the page is live before that: Redis keeps no event for who is not there
    second = running.run("add", 2, 2)
    expect(page.locator(f"[role=row][data-id='{second}']")).to_be_visible(timeout=PATIENCE)


def test_the_page_tells_that_the_broker_is_gone(watched: tuple[Site, Page]) -> None:
    """With its name, while the monitor itself goes on."""
    running, page = watched
    running.redis.stop()
    expect(page.get_by_text(re.compile("Redis (disconnected|not connected)"))).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    running.redis.start()
    expect(page.get_by_text("Redis connected")).to_be_visible(timeout=PATIENCE)


def test_what_the_broker_is_asked_for_is_not_awaited_without_a_word(watched: tuple[Site, Page]) -> None:
    """Its error is there while it is asked again and again, and so is the answer once it comes."""
    running, page = watched
    running.redis.stop()
    page.goto("queues")
    expect(page.get_by_role("heading", name="The queues could not be loaded")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("alert")).to_contain_text("It is asked again by itself.")
    running.redis.start()
    expect(page.get_by_role("grid", name="Queues")).to_be_visible(timeout=PATIENCE)


def test_what_the_broker_told_before_it_went_is_not_shown_as_if_it_were_new(watched: tuple[Site, Page]) -> None:
    """The overview keeps its numbers of the past and has none of now."""
    running, page = watched
    running.announce("shop.pay", queue="bulk")
    page.goto("overview")
    backlog = page.locator(".figure").filter(has_text="Backlog now")
    expect(backlog.locator(".figure-number")).to_have_text("1", timeout=PATIENCE)
    running.redis.stop()
    expect(backlog).to_contain_text("the broker does not answer", timeout=PATIENCE)


def test_a_paused_page_stands_still_until_it_is_resumed(watched: tuple[Site, Page]) -> None:
    """p pauses; what came meanwhile is there when it goes on."""
    running, page = watched
    running.start_worker()
    first = running.run("add", 1, 1)
    expect(page.locator(f"[data-id='{first}']")).to_be_visible(timeout=PATIENCE)
    page.keyboard.press("p")
    expect(page.get_by_text("Paused", exact=True)).to_be_visible()
    second = running.run("add", 2, 2)
    expect(page.locator(f"[data-id='{second}']")).to_have_count(0)
    page.keyboard.press("p")
    expect(page.locator(f"[data-id='{second}']")).to_be_visible(timeout=PATIENCE)
