"""The overview and what fails: numbers, charts, what changed, and the ways from them to the tasks."""

import re
from collections import Counter

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.dashboard.site import Site
from tests.dashboard.test_look import violations
from tests.support.chromium import PATIENCE, Visit, visit

UNKNOWN = "\N{EN DASH}"
PHONE = {"width": 420, "height": 844}


@pytest.fixture
def page(session: Visit) -> Page:
    """The overview, live, with its charts drawn."""
    session.page.goto("overview")
    expect(session.page.get_by_text("Live", exact=True)).to_be_visible(timeout=PATIENCE)
    # What stands above the charts moves them when it comes.
    expect(session.page.get_by_text("Redis connected")).to_be_visible(timeout=PATIENCE)
    expect(session.page.locator(".chart-plot canvas")).to_have_count(8, timeout=PATIENCE)
    return session.page


def figure(page: Page, label: str) -> Locator:
    """The number of a label."""
    return page.locator(".figure").filter(has=page.get_by_text(label, exact=True)).get_by_role("link")


def test_the_start_page_is_the_overview(session: Visit) -> None:
    """At the address of the monitor itself."""
    session.page.goto("")
    expect(session.page).to_have_url(re.compile(r"/overview$"), timeout=PATIENCE)
    expect(session.page.get_by_role("figure", name="Throughput")).to_be_visible(timeout=PATIENCE)


def test_the_failed_number_leads_to_the_failed_tasks(page: Page) -> None:
    """Those of the same time."""
    expect(figure(page, "Failed")).to_have_text("1", timeout=PATIENCE)
    figure(page, "Failed").click()
    expect(page).to_have_url(re.compile("state=FAILURE"))
    expect(page).to_have_url(re.compile("range=1h"))
    expect(page.locator("[role=row][data-id]")).to_have_count(1, timeout=PATIENCE)


def test_the_range_is_in_the_address(page: Page) -> None:
    """It outlives a reload, and the back button takes it off."""
    page.get_by_role("combobox", name="Time range").click()
    page.get_by_role("option", name="Last 90 days").click()
    expect(page).to_have_url(re.compile("range=90d"))
    page.reload()
    expect(page.get_by_role("combobox", name="Time range")).to_have_text("Last 90 days", timeout=PATIENCE)
    page.go_back()
    expect(page.get_by_role("combobox", name="Time range")).to_have_text("Last hour", timeout=PATIENCE)


def test_dragging_over_a_chart_sets_the_range(page: Page) -> None:
    """To a fixed one; the key for earlier moves it on."""
    area = page.locator(".chart-plot .u-over").first
    box = area.bounding_box()
    assert box is not None
    # Not by places on the screen: what comes later above the chart moves it.
    area.hover(position={"x": box["width"] * 0.2, "y": 20})
    page.mouse.down()
    area.hover(position={"x": box["width"] * 0.6, "y": 20})
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"start=\d+&end=\d+"))
    dragged = page.url
    page.keyboard.press("[")
    expect(page).not_to_have_url(dragged)
    expect(page).to_have_url(re.compile("start="))


def test_a_chart_tells_its_numbers_in_a_table(page: Page) -> None:
    """For those who can't see it: a row a minute, the newest first."""
    chart = page.get_by_role("figure", name="Throughput")
    chart.get_by_text("Numbers").click()
    rows = chart.get_by_role("row")
    expect(rows.first).to_contain_text("succeeded")
    expect(rows.nth(50)).to_be_attached()


def test_workers_are_told_over_the_range_where_they_are_known(page: Page) -> None:
    """Since the monitor runs, a number a minute; of the time before none."""
    chart = page.get_by_role("figure", name=re.compile("^Workers"))
    chart.get_by_text("Numbers").click()
    cells = chart.get_by_role("cell")
    expect(cells.filter(has_text=re.compile(r"^\d+$")).first).to_be_attached(timeout=PATIENCE)
    expect(cells.last).to_have_text(UNKNOWN)


@pytest.mark.parametrize(
    ("chart", "behind"), [("Backlog", "queues"), ("Workers", "workers"), ("Lag", "doctor"), ("Share seen", "doctor")]
)
def test_the_name_of_a_sampled_chart_leads_to_what_is_behind(page: Page, chart: str, behind: str) -> None:
    page.get_by_role("figure").get_by_role("link", name=chart, exact=True).click()
    expect(page).to_have_url(re.compile(f"/{behind}"))


def test_a_chart_tells_what_is_pointed_at_in_words(page: Page) -> None:
    """Beside the picture, not over it; in all charts of the same time."""
    page.locator(".chart-plot .u-over").first.hover()
    for when in page.locator(".chart-when").all():
        expect(when).to_have_text(re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d"))


def test_what_fails_is_shown_with_its_task(page: Page) -> None:
    """The exception leads to the newest task of it."""
    section = page.get_by_role("region", name="What fails most")
    expect(section.get_by_text("tests.support.celery_app.fail")).to_be_visible(timeout=PATIENCE)
    section.get_by_role("link", name="ValueError").click()
    expect(page.get_by_label("Exception", exact=True)).to_contain_text("as it should", timeout=PATIENCE)


def test_what_changed_is_shown(page: Page) -> None:
    """A worker came since the range began."""
    section = page.get_by_role("region", name="What changed")
    expect(section.get_by_role("listitem").filter(has_text="w1@test").first).to_contain_text("Came", timeout=PATIENCE)


def test_on_a_phone_what_changed_stands_above_the_charts(browser: Browser, shop: Site) -> None:
    """Also in the order of the page, which the keyboard and a screen reader follow."""
    with visit(browser, shop.url, shop.login, viewport=PHONE) as visitor:
        visitor.page.goto("overview")
        expect(visitor.page.locator(".chart-plot canvas")).to_have_count(8, timeout=PATIENCE)
        named = visitor.page.locator("main").get_by_role("heading", name="What changed")
        charts = visitor.page.get_by_role("figure", name="Throughput").element_handle()
        assert named.evaluate("(name, charts) => !!(name.compareDocumentPosition(charts) & 4)", charts)


def test_on_a_phone_a_change_is_read_whole(browser: Browser, shop: Site) -> None:
    """The name of a task ends with what tells it from others."""
    with visit(browser, shop.url, shop.login, viewport=PHONE) as visitor:
        visitor.page.goto("overview")
        text = visitor.page.locator(".change-text").filter(has_text="tests.support.celery_app.fail")
        expect(text).to_be_visible(timeout=PATIENCE)
        sizes = text.evaluate("one => [one.scrollWidth - one.clientWidth, one.scrollHeight - one.clientHeight]")
    assert max(sizes) <= 0


def test_on_a_phone_a_failure_is_shown_with_its_task(browser: Browser, shop: Site) -> None:
    """Below its exception, cut in the middle, within the row."""
    with visit(browser, shop.url, shop.login, viewport=PHONE) as visitor:
        visitor.page.goto("failures")
        row = visitor.page.locator("[role=row][data-id]")
        name = row.get_by_title("tests.support.celery_app.fail", exact=True)
        expect(name).to_be_in_viewport(ratio=1, timeout=PATIENCE)
        inner, outer = name.bounding_box(), row.bounding_box()
    assert inner is not None
    assert outer is not None
    assert outer["y"] <= inner["y"] <= outer["y"] + outer["height"] - inner["height"]


def test_the_numbers_stand_in_lines_of_equal_length(page: Page) -> None:
    """On the page of a usual laptop too: 1280 pixels."""
    figures = page.locator(".figure")
    expect(figures).to_have_count(8, timeout=PATIENCE)
    tops: list[int] = figures.evaluate_all("all => all.map(one => one.offsetTop)")
    assert set(Counter(tops).values()) == {4}


def test_what_can_be_done_about_a_failure_is_in_sight(page: Page) -> None:
    """Without scrolling aside on a page of 1280 pixels."""
    page.goto("failures")
    expect(page.get_by_role("button", name="Silence ValueError")).to_be_in_viewport(ratio=1, timeout=PATIENCE)


def test_failures_are_grouped_with_their_place(page: Page) -> None:
    """Their row opens the newest task."""
    page.goto("failures")
    row = page.locator("[role=row][data-id]")
    expect(row).to_have_count(1, timeout=PATIENCE)
    expect(row).to_contain_text(re.compile(r"support/celery_app\.py:\d+ in fail"))
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/task/"))


def test_a_time_without_failures_says_so(page: Page) -> None:
    """In words, with the time."""
    page.goto("failures?start=1000&end=2000")
    expect(page.get_by_role("heading", name="Nothing failed")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("1970-01-01")).to_have_count(2)


def test_a_failure_that_is_silenced_is_apart_until_that_is_lifted(page: Page) -> None:
    """With its reason and who gave it; for an hour."""
    page.goto("failures")
    page.get_by_role("button", name=re.compile("^Silence ")).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    assert violations(page, "dialog[open]") == []
    dialog.get_by_label("Why").fill("OPS-7")
    dialog.get_by_label("Until when").select_option("For 1 hour")
    dialog.get_by_role("button", name="Silence it").click()
    expect(page.get_by_role("heading", name="Nothing else failed")).to_be_visible(timeout=PATIENCE)
    page.get_by_text("1 silenced kind of failure").click()
    line = page.get_by_role("listitem").filter(has_text="OPS-7")
    expect(line).to_contain_text(re.compile("by admin.*ends in"))
    assert violations(page) == []
    line.get_by_role("button", name=re.compile("^Lift ")).click()
    expect(page.locator("[role=row][data-id]")).to_have_count(1, timeout=PATIENCE)


def test_the_tasks_of_a_failure_are_counted_before_they_run_again(page: Page) -> None:
    """Nothing is sent unless somebody says so."""
    page.goto("failures")
    page.get_by_role("button", name=re.compile("^Run tasks with .* again$")).click()
    dialog = page.get_by_role("dialog", name="Run 1 task again?")
    expect(dialog.get_by_text("1 of 1 can be sent again")).to_be_visible(timeout=PATIENCE)
    expect(dialog.get_by_text("1 task failed like this in the chosen time.")).to_be_visible()
    expect(dialog.get_by_role("button", name="Send 1 task again")).to_be_enabled()
    dialog.get_by_role("button", name="Leave them").click()
    expect(dialog).to_have_count(0)


def test_a_queue_opens_with_how_long_it_was(page: Page) -> None:
    """Somebody looks: the overview did, and the page itself does."""
    page.goto("queues")
    page.get_by_role("link", name="tests", exact=True).click()
    expect(page).to_have_url(re.compile("queue=tests"))
    messages = page.get_by_role("figure", name="Messages")
    expect(messages.locator(".chart-value").first).to_have_text("ready 0", timeout=PATIENCE)
    expect(page.locator("[role=row][data-id=tests] .sparkline rect").first).to_be_attached(timeout=PATIENCE)
    assert violations(page) == []
    page.get_by_role("button", name="Close tests").click()
    expect(messages).to_have_count(0)


SMALL = """[...document.querySelectorAll('.change-text a, .failing-words a')]
    .filter(link => link.getBoundingClientRect().height < 24).length"""
"""Links of what changed and what fails that are too low for a finger."""


@pytest.mark.parametrize("width", [320, 1280])
def test_what_changed_and_what_fails_is_high_enough_to_be_pressed(browser: Browser, shop: Site, width: int) -> None:
    """24 pixels (WCAG 2.5.8), on the narrowest page too."""
    with visit(browser, shop.url, shop.login, viewport={"width": width, "height": 700}) as visitor:
        visitor.page.goto("overview")
        expect(visitor.page.locator(".change-text a").first).to_be_visible(timeout=PATIENCE)
        expect(visitor.page.locator(".failing-words a").first).to_be_visible(timeout=PATIENCE)
        assert visitor.page.evaluate(SMALL) == 0
