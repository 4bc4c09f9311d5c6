"""The schedule of beat: entries where the app is known, and why there are none where it is not."""

import re
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.dashboard.site import site
from tests.support.chromium import PATIENCE, Visit, visit


def test_entries_are_shown_with_when_they_run_and_were_seen(browser: Browser, tmp_path: Path) -> None:
    """And an entry leads to the tasks of its name."""
    with (
        site(tmp_path, "--app", "tests.dashboard.scheduled_app") as running,
        visit(browser, running.url, running.login) as visitor,
    ):
        running.announce("shop.tidy")
        visitor.page.goto("schedule")
        row = visitor.page.locator("[role=row][data-id=tidy]")
        expect(row).to_contain_text("every 1 h", timeout=PATIENCE)
        expect(row).to_contain_text("Seen")
        expect(visitor.page.locator("[role=row][data-id=report]")).to_contain_text("every day at 04:30")
        expect(visitor.page.locator("[role=row][data-id=report]")).to_contain_text("Not seen yet")
        row.get_by_text("every 1 h").click()
        expect(visitor.page).to_have_url(re.compile("name=shop.tidy"), timeout=PATIENCE)
        assert visitor.faults == []


def test_without_the_app_the_page_says_how_to_start_with_it(session: Visit) -> None:
    """With the lines to paste."""
    session.page.goto("schedule")
    expect(session.page.get_by_role("heading", name="The schedule is not known")).to_be_visible(timeout=PATIENCE)
    expect(session.page.get_by_label("Start it with the app", exact=True)).to_contain_text("celery -A YOUR_APP flower")
