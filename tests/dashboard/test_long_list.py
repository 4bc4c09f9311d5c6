"""A list that is longer than what a browser keeps of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.dashboard.site import Site, site
from tests.monitor.web.stores import StoreFile, task
from tests.support.chromium import Visit, visit
from tests.support.processes import until

TASKS = 3_000
PAGE = 100
ROW = 32
BEGINNING = 500
"""Rows at the top that stay in memory."""
NEAR = 600
"""Rows in sight of somebody at the end, and those before them, that are in memory, in whole pages."""
DRAWN = 60
"""More rows than are in sight and beside it."""


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A monitor with many tasks, the newest called by the highest number."""
    folder: Path = tmp_path_factory.mktemp("long")
    store = StoreFile(folder / "flower.sqlite3")
    store.add(*(task(f"t{number}", name=f"step_{number}", received=1_000_000.0 + number) for number in range(TASKS)))
    store.close()
    with site(folder) as running:
        yield running


@pytest.fixture
def far(browser: Browser, long: Site) -> Iterator[Visit]:
    """A visitor who has scrolled to the end."""
    with visit(browser, long.url, long.login) as visitor:
        visitor.page.goto("tasks")
        until(lambda: scrolled(visitor.page), "all rows")
        yield visitor


def scrolled(page: Page) -> bool:
    """Scroll on; whether all rows have come."""
    page.locator(".table").evaluate("grid => { grid.scrollTop = grid.scrollHeight; }")
    return page.locator(".table").get_attribute("aria-rowcount") == str(TASKS + 1)


def scroll(page: Page, index: int) -> Locator:
    """Scroll to a row; the one three below it."""
    page.locator(".table").evaluate("(grid, top) => { grid.scrollTop = top; }", index * ROW)
    return page.locator(f"[role=row][aria-rowindex='{index + 5}']")


def name(index: int) -> str:
    """What the row is called that `scroll` finds."""
    return f"step_{TASKS - 1 - index - 3}"


def asked_again(page: Page) -> list[str]:
    """The addresses of pages of the list that are asked for from now on."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "cursor=" in request.url else None)
    return asked


def test_what_was_let_go_on_the_way_is_asked_for_again_and_stands_where_it_stood(far: Visit) -> None:
    asked = asked_again(far.page)

    row = scroll(far.page, 1_000)

    expect(row).to_contain_text(name(1_000))
    assert asked
    assert far.faults == []


def test_only_the_beginning_and_what_is_near_the_reader_is_in_memory(far: Visit) -> None:
    asked = asked_again(far.page)

    for index in range(TASKS - PAGE, -1, -PAGE):
        expect(scroll(far.page, index)).to_contain_text(name(index))

    assert len(asked) == (TASKS - BEGINNING - NEAR) / PAGE
    assert far.faults == []


def test_only_rows_in_sight_are_drawn_however_far_the_reader_is(far: Visit) -> None:
    assert far.page.locator(".table-body .table-row").count() < DRAWN


def test_rows_that_cannot_be_brought_back_say_so_and_come_on_a_press(far: Visit) -> None:
    """Refused by hand: the monitor refuses no page that it gave before, unless its reader may no longer see it."""
    far.page.route("**/api/v1/tasks?*cursor=*", refuse)

    row = scroll(far.page, 1_000)

    expect(row).to_contain_text("It could not be loaded again")
    words = far.page.get_by_role("alert").filter(has_text="Rows in sight could not be loaded again")
    expect(words).to_contain_text("Not yours to see.")
    far.page.unroute("**/api/v1/tasks?*cursor=*")
    words.get_by_role("button", name="Try again").click()
    expect(row).to_contain_text(name(1_000))
    expect(words).to_have_count(0)


def test_rows_come_back_by_themselves_once_the_monitor_answers_again(far: Visit) -> None:
    far.page.context.set_offline(True)
    row = scroll(far.page, 1_000)
    words = far.page.get_by_role("alert").filter(has_text="Rows in sight could not be loaded again")
    expect(words).to_contain_text("It is asked again by itself.")

    far.page.context.set_offline(False)

    expect(row).to_contain_text(name(1_000))
    expect(words).to_have_count(0)


def refuse(route: Route) -> None:
    """Answer 403."""
    route.fulfill(status=403, json={"title": "Forbidden", "status": 403, "detail": "Not yours to see."})
