"""The list of tasks and the page of one, live."""

import os
import re
import signal
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.dashboard.site import Site
from tests.support.chromium import PATIENCE, Visit

HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>"


@pytest.fixture
def page(session: Visit) -> Page:
    """The list of tasks, loaded and live."""
    session.page.goto("tasks")
    expect(session.page.get_by_text("Live", exact=True)).to_be_visible(timeout=PATIENCE)
    expect(rows(session.page).first).to_be_visible(timeout=PATIENCE)
    return session.page


def rows(page: Page) -> Locator:
    """The rows of tasks."""
    return page.locator("[role=row][data-id]")


def row(page: Page, uuid: str) -> Locator:
    """The row of one task."""
    return page.locator(f"[role=row][data-id='{uuid}']")


@pytest.fixture
def halted(shop: Site) -> Iterator[Site]:
    """The worker stands still: what is sent waits in the queue."""
    assert shop.worker
    halt(shop, signal.SIGSTOP)
    yield shop
    halt(shop, signal.SIGCONT)


def halt(shop: Site, what: signal.Signals) -> None:
    """Stop the worker in its tracks, or let it go on."""
    assert shop.worker
    os.kill(shop.worker.pid, what)


def test_a_view_that_another_tab_saved_meanwhile_is_kept(page: Page) -> None:
    """Both tabs had read the saved views before either saved one."""
    page.get_by_role("button", name="Views").click()
    other = page.context.new_page()
    other.goto("tasks")
    other.get_by_role("button", name="Views").click()
    save_view(other, "theirs")
    save_view(page, "mine")
    views = page.get_by_role("list", name="Views")
    expect(views.get_by_role("link", name="theirs")).to_be_visible()
    expect(views.get_by_role("link", name="mine")).to_be_visible()


def save_view(page: Page, name: str) -> None:
    """Under a name."""
    page.get_by_label("Save what is shown as").fill(name)
    page.get_by_role("button", name="Save the view").click()
    expect(page.get_by_role("link", name=name)).to_be_visible()


def test_the_longest_runs_tell_where_the_running_tasks_are(page: Page) -> None:
    """They stand last, and one press lists them alone."""
    page.goto("tasks?sort=-runtime")
    page.get_by_role("link", name="Running tasks alone").click()
    expect(page).to_have_url(re.compile("state=STARTED"))
    expect(page).to_have_url(re.compile("sort=-runtime"))
    expect(page.get_by_role("link", name="Running tasks alone")).to_have_count(0)


def test_a_task_appears_by_itself(page: Page, shop: Site) -> None:
    """Within seconds of its end, on the page that was loaded before it was sent."""
    uuid = shop.send("add", 20, 22)
    expect(row(page, uuid)).to_contain_text("Success", timeout=PATIENCE)
    expect(row(page, uuid)).to_contain_text("(20, 22)")


def test_a_listed_task_changes_where_it_stands(page: Page, halted: Site) -> None:
    """Its row keeps its place when it goes from sent to succeeded."""
    uuid = halted.send("add", 3, 4)
    expect(row(page, uuid)).to_contain_text("Pending", timeout=PATIENCE)
    place = row(page, uuid).get_attribute("aria-rowindex")
    halt(halted, signal.SIGCONT)
    expect(row(page, uuid)).to_contain_text("Success", timeout=PATIENCE)
    assert row(page, uuid).get_attribute("aria-rowindex") == place


def test_new_tasks_wait_while_the_reader_points_at_the_rows(page: Page, shop: Site) -> None:
    """They come in with a press on the pill that counts them."""
    rows(page).first.hover()
    before = rows(page).first.get_attribute("data-id")
    uuid = shop.run("add", 5, 6)
    pill = page.get_by_role("button", name=re.compile(r"\bnew$"))
    expect(pill).to_have_text("1 new", timeout=PATIENCE)
    assert rows(page).first.get_attribute("data-id") == before
    pill.click()
    expect(row(page, uuid)).to_be_visible()


def test_the_filter_survives_a_reload(page: Page) -> None:
    """It is in the URL."""
    page.get_by_role("button", name=re.compile("^Failure")).click()
    expect(page).to_have_url(re.compile("state=FAILURE"))
    expect(rows(page)).to_have_count(1)
    page.reload()
    expect(rows(page)).to_have_count(1)
    expect(page.get_by_role("button", name=re.compile("^Failure"))).to_have_attribute("aria-pressed", "true")


def test_the_back_button_takes_the_filter_off(page: Page) -> None:
    """Each change of the filter is a step in the history."""
    page.get_by_role("button", name=re.compile("^Failure")).click()
    expect(rows(page)).to_have_count(1)
    page.go_back()
    expect(rows(page).nth(1)).to_be_visible()
    expect(page).not_to_have_url(re.compile("state"))
    page.go_forward()
    expect(rows(page)).to_have_count(1)


def test_tasks_are_found_by_a_word_of_their_name(page: Page) -> None:
    """The search box asks the server's search."""
    page.keyboard.press("/")
    expect(page.get_by_role("combobox", name=re.compile("^Search"))).to_be_focused()
    page.keyboard.type("fail")
    expect(page).to_have_url(re.compile("search=fail"))  # not one key earlier
    expect(rows(page)).to_have_count(1)
    expect(rows(page)).to_contain_text("tests.support.celery_app.fail")


def test_a_task_is_chosen_by_its_name(page: Page) -> None:
    """From the names that were seen."""
    field = page.get_by_role("combobox", name="Any task")
    field.click()
    field.fill("fail")
    page.get_by_role("option", name="tests.support.celery_app.fail").click()
    expect(rows(page)).to_have_count(1)
    expect(page).to_have_url(re.compile(r"name=tests\.support\.celery_app\.fail"))


def test_a_filter_that_nothing_matches_says_so_and_offers_to_go(page: Page) -> None:
    """The next step is one press."""
    page.goto("tasks?name=never.heard.of")
    expect(page.get_by_role("heading", name="No task matches")).to_be_visible()
    page.get_by_role("button", name="Clear the filters").click()
    expect(rows(page).first).to_be_visible()


def test_a_task_is_opened_and_left_by_keyboard(page: Page) -> None:
    """j, Enter, and the browser's back."""
    page.keyboard.press("j")
    uuid = rows(page).first.get_attribute("data-id")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/task/{uuid}$"))
    expect(page.get_by_role("heading", name="Timeline")).to_be_visible()
    page.go_back()
    expect(rows(page).first).to_be_visible()


def test_a_row_is_previewed_by_keyboard(page: Page, shop: Site) -> None:
    """Space opens it and the arrows move on; the address has it, so that it is there after a reload too."""
    page.goto(f"tasks?preview={shop.run('fail')}")
    preview = page.get_by_role("region", name="Preview")
    expect(preview.get_by_label("Traceback", exact=True)).to_contain_text("raise ValueError", timeout=PATIENCE)
    page.keyboard.press("Escape")
    expect(preview).to_have_count(0)
    expect(page).not_to_have_url(re.compile("preview"))
    page.keyboard.press(" ")
    first = page.locator("[data-active]").get_attribute("data-id")
    expect(page).to_have_url(re.compile(f"preview={first}"), timeout=PATIENCE)
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-active]")).not_to_have_attribute("data-id", f"{first}", timeout=PATIENCE)
    second = page.locator("[data-active]").get_attribute("data-id")
    expect(page).to_have_url(re.compile(f"preview={second}"), timeout=PATIENCE)
    page.reload()
    expect(preview).to_contain_text(f"{second}", timeout=PATIENCE)


def test_a_preview_that_was_opened_by_mouse_changes_with_its_task(page: Page, halted: Site) -> None:
    """From sent to succeeded, with the result."""
    uuid = halted.send("add", 30, 4)
    expect(row(page, uuid)).to_contain_text("Pending", timeout=PATIENCE)
    row(page, uuid).hover()
    row(page, uuid).get_by_role("button", name=re.compile("^Preview row")).click()
    preview = page.get_by_role("region", name="Preview")
    expect(preview).to_contain_text("Pending", timeout=PATIENCE)
    halt(halted, signal.SIGCONT)
    expect(preview).to_contain_text("Success", timeout=PATIENCE)
    expect(preview.get_by_label("Result", exact=True)).to_have_text("34", timeout=PATIENCE)


def test_the_page_of_a_failed_task_tells_why(page: Page) -> None:
    """Exception, traceback and each step of its life."""
    page.goto("tasks?state=FAILURE&name=tests.support.celery_app.fail")
    rows(page).first.get_by_role("link").click()
    expect(page.get_by_label("Exception", exact=True)).to_contain_text("as it should")
    expect(page.get_by_label("Traceback", exact=True)).to_contain_text("raise ValueError")
    for step in ("Sent", "Received", "Started", "Failed"):
        expect(page.get_by_role("listitem").filter(has_text=step).first).to_be_visible()


def test_an_address_of_a_task_opens_it(page: Page, shop: Site) -> None:
    """Also one that was pasted into a new window."""
    uuid = shop.run("add", 7, 8)
    page.goto(f"task/{uuid}")
    expect(page.get_by_label("Positional arguments", exact=True)).to_have_text("(7, 8)")


def test_a_task_that_is_not_known_says_so(session: Visit) -> None:
    """The server's 404 is told in words; it is all that may be on the console."""
    session.page.goto("task/00000000-0000-4000-8000-000000000000")
    expect(session.page.get_by_role("heading", name="This task is not known")).to_be_visible(timeout=PATIENCE)
    assert all("404" in fault for fault in session.faults)
    session.faults.clear()


def test_a_hostile_name_is_shown_as_text(page: Page, shop: Site) -> None:
    """Neither in the list nor on its page does it become part of the page."""
    uuid = shop.announce(HOSTILE, HOSTILE, "\u202eright to left")
    expect(row(page, uuid)).to_contain_text(HOSTILE, timeout=PATIENCE)
    page.goto(f"task/{uuid}")
    expect(page.get_by_role("heading", level=1, name=HOSTILE)).to_be_visible(timeout=PATIENCE)
    assert page.locator("main img, main script").count() == 0


def test_the_worker_is_listed_with_its_state(page: Page) -> None:
    """And its own page leads to its tasks."""
    page.goto("workers")
    line = page.locator("[role=row][data-id='w1@test']")
    expect(line).to_contain_text("Online", timeout=PATIENCE)
    line.get_by_role("link").click()
    page.get_by_role("link", name="Its tasks").click()
    expect(page).to_have_url(re.compile("worker=w1(@|%40)test"))
    expect(rows(page).first).to_be_visible()


def test_a_stretch_of_time_is_chosen_by_dragging_over_the_chart(page: Page) -> None:
    """Above the list; a press on a button shows all times again."""
    page.goto("tasks?range=1h")
    chart = page.locator(".times .u-over")
    expect(chart).to_be_visible(timeout=PATIENCE)
    box = chart.bounding_box()
    assert box
    # Not by places on the screen: what comes later above the chart moves it.
    chart.hover(position={"x": box["width"] * 0.25, "y": 10})
    page.mouse.down()
    chart.hover(position={"x": box["width"] * 0.5, "y": 10})
    page.mouse.up()
    expect(page).to_have_url(re.compile("range=between&from=.+&to="), timeout=PATIENCE)
    expect(page.get_by_label("To", exact=True)).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="All times").click()
    expect(page).not_to_have_url(re.compile("range|from|to="), timeout=PATIENCE)
    expect(rows(page).first).to_be_visible(timeout=PATIENCE)


def test_a_stretch_of_time_is_chosen_by_keyboard(page: Page) -> None:
    """The handles on the chart's ends take the arrows, and Enter."""
    page.goto("tasks?range=1h")
    handle = page.get_by_role("slider", name="Received from")
    handle.press("ArrowRight", timeout=PATIENCE)
    expect(page.get_by_role("button", name="Only these")).to_be_visible(timeout=PATIENCE)
    handle.press("Enter", timeout=PATIENCE)
    expect(page).to_have_url(re.compile("range=between&from="), timeout=PATIENCE)
    expect(page.get_by_label("From", exact=True)).to_be_visible(timeout=PATIENCE)


def test_a_column_keeps_the_width_it_was_given(page: Page) -> None:
    """By hand and by keyboard; it is in the URL, and the menu of columns takes it back."""
    edge = page.get_by_role("separator", name="Width of State")
    edge.hover()  # wherever it is by then: what comes later above the list moves it
    page.mouse.down()
    box = edge.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2 + 60, box["y"] + 8)
    page.mouse.up()
    expect(edge).to_have_attribute("aria-valuenow", "176", timeout=PATIENCE)
    edge.press("ArrowLeft", timeout=PATIENCE)
    expect(page).to_have_url(re.compile(r"widths=name-\d+\.state-168"), timeout=PATIENCE)
    page.reload()
    expect(edge).to_have_attribute("aria-valuenow", "168", timeout=PATIENCE)
    head = page.get_by_role("columnheader", name="State", exact=True).bounding_box()
    assert head is not None
    assert head["width"] == pytest.approx(168, abs=1)
    page.get_by_role("button", name="Columns").click()
    page.get_by_role("button", name="The usual widths").click()
    expect(edge).to_have_attribute("aria-valuenow", "116", timeout=PATIENCE)
    expect(page).not_to_have_url(re.compile("widths"), timeout=PATIENCE)
