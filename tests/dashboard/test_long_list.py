"""A list that is longer than what a browser keeps of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.dashboard.site import Site, site
from tests.monitor.web.stores import StoreFile, task
from tests.support.chromium import visit
from tests.support.processes import until

TASKS = 3_000
ROW = 32


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A monitor with many tasks, the newest called by the highest number."""
    folder: Path = tmp_path_factory.mktemp("long")
    store = StoreFile(folder / "flower.sqlite3")
    store.add(*(task(f"t{number}", name=f"step_{number}", received=1_000_000.0 + number) for number in range(TASKS)))
    store.close()
    with site(folder) as running:
        yield running


def scrolled(page: Page) -> bool:
    """Scroll on; whether all rows have come."""
    page.locator(".table").evaluate("grid => { grid.scrollTop = grid.scrollHeight; }")
    return page.locator(".table").get_attribute("aria-rowcount") == str(TASKS + 1)


def test_what_was_let_go_on_the_way_is_asked_for_again_and_stands_where_it_stood(browser: Browser, long: Site) -> None:
    with visit(browser, long.url, long.login) as visitor:
        page = visitor.page
        page.goto("tasks")
        until(lambda: scrolled(page), "all rows")
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))

        page.locator(".table").evaluate("(grid, top) => { grid.scrollTop = top; }", 1_000 * ROW)

        expect(page.locator("[role=row][aria-rowindex='1005']")).to_contain_text(f"step_{TASKS - 1 - 1003}")
        assert any("cursor=" in url for url in asked)
        assert visitor.faults == []
