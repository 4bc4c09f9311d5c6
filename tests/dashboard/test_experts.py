"""What an engineer does in an incident, by clicks and keys: find it, stop it, run it again; and what others see.

Five of these tasks are recorded from the overview on: none may keep the hands busy for `MOST` seconds.
"""

import re
import uuid as uuids
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from celery import Celery
from playwright.sync_api import Browser, Locator, Page, expect

from tests.dashboard.hands import busy, recorded
from tests.dashboard.site import Site, site
from tests.support.chromium import PATIENCE, visit
from tests.support.processes import until

NAMES = "tests.support.celery_app."
VIEWER = ("vic", "look")
MOST = 10
"""Seconds of clicks and typing, by the keystroke-level model."""

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def crew(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A monitor with a result backend, two roles, and two workers: w1 has processes, w2 serves a queue of its own."""
    options = ("--basic-auth", "admin:secret,vic:look", "--roles", '{"admin": ["admin"], "viewer": ["vic"]}')
    with site(tmp_path_factory.mktemp("crew"), *options, results=True) as running:
        running.start_worker("w1", "prefork")
        running.start_worker("w2", options=("--queues", "other"))
        yield running


@pytest.fixture
def page(browser: Browser, crew: Site) -> Iterator[Page]:
    """A page of the administrator; the test fails if anything went wrong in it."""
    with visit(browser, crew.url, crew.login, accept_downloads=True) as visitor:
        recorded(visitor.page)
        yield visitor.page
        assert visitor.faults == []


def opened(page: Page, address: str) -> Page:
    """The page at an address, once it is live."""
    page.goto(address)
    expect(page.get_by_text("Live", exact=True)).to_be_visible(timeout=PATIENCE)
    return page


def searched(page: Page, text: str) -> Locator:
    """The search box, with a text typed into it by the keyboard alone."""
    field = page.get_by_role("combobox", name=re.compile("^Search"))
    expect(field).to_be_visible(timeout=PATIENCE)
    page.keyboard.press("/")
    expect(field).to_be_focused()
    page.keyboard.type(text)
    return field


def rows(page: Page) -> Locator:
    """The rows of tasks."""
    return page.locator("[role=row][data-id]")


def row(page: Page, uuid: str) -> Locator:
    """The row of one task."""
    return page.locator(f"[role=row][data-id='{uuid}']")


def named(page: Page, name: str) -> Locator:
    """A button by its whole name."""
    return page.get_by_role("button", name=name, exact=True)


@pytest.fixture
def held(crew: Site, tmp_path: Path) -> Iterator[str]:
    """A task that runs until it is stopped, or the test has ended; its id."""
    path = tmp_path / "free"
    uuid = crew.send("hold", str(path))
    crew.monitor.task(uuid, "STARTED")
    yield uuid
    path.touch()


def test_a_task_is_found_by_the_value_of_an_argument(page: Page, crew: Site) -> None:
    """`/`, the value, Enter: its page."""
    order = f"order-{uuids.uuid4().int % 10**6}"
    wanted = crew.announce("shop.pay", order)
    crew.announce("shop.pay", "another order")
    opened(page, "overview").keyboard.press("1")
    searched(page, f"args:{order}")
    expect(rows(page)).to_have_count(1, timeout=PATIENCE)
    rows(page).get_by_role("link").click()
    expect(page).to_have_url(re.compile(f"/task/{wanted}$"))
    expect(page.get_by_label("Positional arguments", exact=True)).to_contain_text(order)
    assert busy(page) < MOST


def test_what_failed_in_the_last_hour_on_one_worker(page: Page, crew: Site) -> None:
    """A worker, a range, a state: and the address says all three."""
    ours = crew.announce(f"{NAMES}fail", queue="other")
    crew.monitor.task(ours, "FAILURE")
    crew.run("fail")
    opened(page, "overview").keyboard.press("1")
    page.get_by_role("combobox", name="Any worker").click()
    page.keyboard.type("w2")
    page.get_by_role("option", name="w2@test").click()
    page.get_by_role("combobox", name="Received").click()
    page.get_by_role("option", name="Last hour").click()
    page.get_by_role("button", name=re.compile("^Failure")).click()
    expect(row(page, ours)).to_be_visible(timeout=PATIENCE)
    expect(rows(page).filter(has_text="w1@test")).to_have_count(0)
    for part in ("worker=w2%40test", "range=1h", "state=FAILURE"):
        expect(page).to_have_url(re.compile(part))
    assert busy(page) < MOST


def test_why_a_task_ran_twice(browser: Browser, tmp_path: Path) -> None:
    """Its worker was killed, and the broker gave its message to another: both are told, each with what is known."""
    with site(tmp_path) as running, visit(browser, running.url, running.login) as visitor:
        recorded(visitor.page)
        gate = tmp_path / "gate"
        first = running.start_worker("w1", "threads")
        uuid = running.send("hold_late", str(gate))
        running.monitor.task(uuid, "STARTED")
        first.kill()
        deliver_again(running)
        gate.touch()
        running.start_worker("w2")
        running.monitor.task(uuid, "SUCCESS")
        opened(visitor.page, "overview").keyboard.press("1")
        searched(visitor.page, "name:hold_late")
        rows(visitor.page).get_by_role("link").first.click()
        attempts = visitor.page.locator(".attempt")
        expect(attempts).to_have_count(2, timeout=PATIENCE)
        expect(attempts.first).to_contain_text("w1@test")
        expect(attempts.first).to_contain_text("No end seen")
        expect(attempts.last).to_contain_text("Delivered again: attempt 2")
        expect(attempts.last).to_contain_text("w2@test")
        assert busy(visitor.page) < MOST
        assert visitor.faults == []


def deliver_again(running: Site) -> None:
    """What any worker does with messages that nobody acknowledged, without the hour that it waits for that."""
    with Celery("tests", broker=running.redis.url, set_as_current=False) as app:
        app.conf.broker_transport_options = {"visibility_timeout": 0}
        with app.connection_for_read() as connection:
            connection.default_channel.qos.restore_visible(num=10)


def test_a_task_that_runs_is_stopped(page: Page, crew: Site, held: str) -> None:
    """It is found among those that run; the worker's answer is shown, and the task is revoked."""
    opened(page, "overview").keyboard.press("1")
    named(page, "Views").click()
    page.get_by_role("link", name="Running now").click()
    row(page, held).get_by_role("link").click()
    named(page, "Terminate …").click()
    dialog = page.get_by_role("dialog", name="Terminate this task?")
    named(page, "Terminate this task").click()
    expect(dialog.get_by_text("w1@test")).to_be_visible(timeout=PATIENCE)
    expect(dialog.get_by_text(re.compile("^Done: 2 workers"))).to_be_visible()
    assert crew.monitor.task(held, "REVOKED")
    assert busy(page) < MOST


def test_a_task_that_runs_is_ended_by_another_signal(page: Page, crew: Site, held: str) -> None:
    """Where the usual one does not help."""
    opened(page, f"task/{held}")
    named(page, "Terminate …").click()
    page.get_by_role("dialog").get_by_label("Signal").select_option("SIGKILL")
    named(page, "Terminate this task").click()
    assert crew.monitor.task(held, "REVOKED")


def test_why_a_process_was_lost_is_told(page: Page, crew: Site) -> None:
    """Celery tells of billiard's wrapping of the exception; the page of what it is, before all else."""
    uuid = crew.send("die")
    crew.monitor.task(uuid, "FAILURE")
    opened(page, f"task/{uuid}")
    expect(page.locator(".reason")).to_contain_text("It failed: WorkerLostError('Worker exited", timeout=PATIENCE)


def test_that_revoking_does_not_end_a_task_that_runs_is_told_before(page: Page, held: str) -> None:
    """With who runs it."""
    opened(page, f"task/{held}")
    named(page, "Revoke …").click()
    expect(page.get_by_text(re.compile("^w1@test runs it now, and goes on to its end"))).to_be_visible()


def test_who_revoked_a_task_is_found_from_its_page(page: Page, crew: Site) -> None:
    """In the audit, which has but that of it."""
    uuid = crew.announce("shop.never")
    crew.monitor.post(f"/api/v1/tasks/{uuid}/revoke", {})
    opened(page, f"task/{uuid}")
    page.get_by_role("link", name="Who did what to it").click()
    entries = page.get_by_role("grid", name="Audit").locator("[role=row][data-id]")
    expect(entries).to_have_count(1, timeout=PATIENCE)
    expect(entries).to_contain_text(f"Revoke {uuid}")


def test_failed_tasks_are_run_again(page: Page, crew: Site) -> None:
    """From the inbox of failures to all forty of a name at once; they come as new tasks."""
    failed = [crew.announce(f"{NAMES}fail", queue="tests") for _ in range(40)]
    for uuid in failed:
        crew.monitor.task(uuid, "FAILURE")
    opened(page, "overview").keyboard.press("5")
    page.get_by_role("grid", name="Failures").get_by_role("link", name=f"{NAMES}fail", exact=True).click()
    expect(page.get_by_text("These are all.")).to_be_attached(timeout=PATIENCE)
    before = listed(page)
    assert before >= len(failed)
    page.keyboard.press("a")
    page.get_by_role("button", name=re.compile("^Run .* again …$")).click()
    expect(page.get_by_text(f"{before} of {before}")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name=re.compile("^Send .* again$")).click()
    expect(page.get_by_text(f"{before} tasks sent as new tasks.")).to_be_visible(timeout=PATIENCE)
    assert busy(page) < MOST
    named(page, "Close").last.click()
    named(page, "Clear the selection").click()
    page.mouse.move(0, 0)
    until(lambda: listed(page) == 2 * before, "each is there a second time")


def listed(page: Page) -> int:
    """Tasks in the list, whether in view or not."""
    return int(page.get_by_role("grid", name="Tasks").get_attribute("aria-rowcount") or 0) - 1


def test_a_task_is_run_again_with_other_arguments(page: Page, crew: Site) -> None:
    """The new one has them; what is no JSON is not sent."""
    uuid = crew.run("add", 1, 2)
    opened(page, f"task/{uuid}")
    named(page, "Run again …").click()
    field = page.get_by_label("Positional arguments (a JSON array)")
    expect(field).to_have_value("[1, 2]", timeout=PATIENCE)
    field.fill("[1, 40")
    expect(named(page, "Send the task again")).to_be_disabled()
    field.fill("[1, 40]")
    named(page, "Send the task again").click()
    link = page.get_by_role("link", name="Open the new task")
    # Opened before the monitor has heard of it, its page says so and comes again; Chromium logs the 404.
    crew.monitor.task((link.get_attribute("href") or "").rpartition("/")[2], "SUCCESS")
    link.click()
    expect(page.get_by_label("Result", exact=True)).to_have_text("41", timeout=PATIENCE)


def test_waiting_tasks_are_revoked_by_their_query(page: Page, crew: Site) -> None:
    """First they are counted, then exactly they are revoked."""
    name = f"shop.never.{uuids.uuid4().hex}"
    for number in range(3):
        crew.announce(name, number)
    opened(page, f"tasks?name={name}")
    expect(rows(page)).to_have_count(3, timeout=PATIENCE)
    page.get_by_role("button", name="All of the list").click()
    page.get_by_role("menuitem", name=re.compile("^Revoke all that fit")).click()
    expect(page.get_by_text("3 unfinished tasks")).to_be_visible(timeout=PATIENCE)
    named(page, "Revoke 3 tasks").click()
    expect(page.get_by_text("Done: all workers were told of 3 tasks.")).to_be_visible(timeout=PATIENCE)


def test_the_progress_of_a_task_is_shown(page: Page, crew: Site, tmp_path: Path) -> None:
    """As the task tells it: current of total."""
    path = tmp_path / "free"
    uuid = crew.send("report_of", str(path), 30, 120)
    crew.monitor.task(uuid, "STARTED")
    opened(page, f"task/{uuid}")
    expect(page.get_by_text("30 of 120, 25 %")).to_be_visible(timeout=PATIENCE)
    path.touch()


def test_a_retry_is_an_attempt_of_its_own(page: Page, crew: Site) -> None:
    """With what became of the one before."""
    uuid = crew.run("twice")
    opened(page, f"task/{uuid}")
    attempts = page.locator(".attempt")
    expect(attempts).to_have_count(2, timeout=PATIENCE)
    expect(attempts.first).to_contain_text("Retried", timeout=PATIENCE)
    expect(attempts.last).to_contain_text("Retry: attempt 2", timeout=PATIENCE)


@pytest.fixture
def watched(browser: Browser, crew: Site) -> Iterator[Page]:
    """A page of somebody who may only look."""
    with visit(browser, crew.url, VIEWER) as visitor:
        yield visitor.page
        assert visitor.faults == []


def test_who_may_not_sees_it_and_who_may(watched: Page, crew: Site) -> None:
    """The buttons are there, off, with the role that it takes."""
    uuid = crew.run("add", 3, 4)
    opened(watched, f"task/{uuid}")
    expect(named(watched, "Run again …")).to_be_disabled(timeout=PATIENCE)
    expect(watched.get_by_text(re.compile("It takes the role operator; your role is viewer"))).to_be_visible()
    named(watched, "Logged in as vic viewer").click()
    expect(watched.get_by_text("Role: viewer")).to_be_visible()


def test_a_search_that_is_not_understood_is_explained(browser: Browser, crew: Site) -> None:
    """What, where, and what to do; the 400 is all that is on the console."""
    with visit(browser, crew.url, crew.login) as visitor:
        opened(visitor.page, "tasks?search=state:FAILURE+NOT+shop")
        explained = visitor.page.locator(".explained")
        expect(explained).to_contain_text("NOT is not supported. Only what is wanted", timeout=PATIENCE)
        expect(explained.locator("mark")).to_have_text("N")
        visitor.page.get_by_role("combobox", name=re.compile("^Search")).fill("state:FAILURE")
        expect(explained).to_have_count(0, timeout=PATIENCE)
        assert all("400" in fault for fault in visitor.faults)


def test_a_value_is_completed(page: Page, crew: Site) -> None:
    """By the keyboard alone; the rest of the page is still there for a screen reader meanwhile."""
    uuid = crew.run("fail")
    field = searched(opened(page, "tasks"), "name:celery_app.fa")
    expect(page.get_by_role("option", name=re.compile(f"name:{NAMES}fail")).first).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("row").and_(row(page, uuid))).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", re.compile("."))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(re.escape(f"search=name%3A{NAMES}fail")))


def test_chosen_columns_stay_over_a_reload(page: Page, crew: Site) -> None:
    """They are in the address, in their order."""
    crew.run("add", 5, 6)
    opened(page, "tasks")
    named(page, "Columns").click()
    # Not `check`, which looks whether the box is set at once: what is chosen comes by way of the address.
    page.get_by_role("checkbox", name="Retries").click()
    expect(page.get_by_role("checkbox", name="Retries")).to_be_checked()
    page.get_by_role("checkbox", name="Outcome").click()
    expect(page.get_by_role("checkbox", name="Outcome")).not_to_be_checked()
    expect(page).to_have_url(re.compile("columns=(?!.*outcome)"))
    page.reload()
    headers = page.get_by_role("columnheader")
    expect(headers.last).to_have_text("Retries", timeout=PATIENCE)
    expect(headers.filter(has_text="Outcome")).to_have_count(0)


def test_a_view_is_saved_and_found_again(page: Page, crew: Site) -> None:
    """In this browser, after a reload too."""
    opened(page, "tasks?state=RETRY&sort=name")
    named(page, "Views").click()
    page.get_by_label("Save what is shown as").fill("Mine")
    named(page, "Save the view").click()
    opened(page, "tasks")
    named(page, "Views").click()
    page.get_by_role("link", name="Mine").click()
    expect(page).to_have_url(re.compile(r"\?state=RETRY&sort=name$"))


def test_a_list_is_exported_as_it_is_filtered(page: Page, crew: Site) -> None:
    """The file has the tasks of the query, and no other."""
    name = f"shop.export.{uuids.uuid4().hex}"
    uuid = crew.announce(name, 1)
    opened(page, f"tasks?name={name}")
    expect(row(page, uuid)).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="All of the list").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name=re.compile("^Export as CSV")).click()
    lines = download.value.path().read_text().splitlines()
    assert len(lines) == 2
    assert lines[1].startswith(uuid)


def test_a_result_of_ten_megabytes_does_no_harm(page: Page, crew: Site) -> None:
    """Its beginning is shown, all of it is a file; the page grows no wider, and by no more than it shows."""
    uuid = crew.send("large", 10_000_000)
    crew.monitor.task(uuid, "SUCCESS")
    opened(page, f"task/{uuid}")
    named(page, "Read the whole result").click()
    expect(page.get_by_text("The first 100,000 of 10,000,000 characters")).to_be_visible(timeout=PATIENCE)
    assert page.evaluate("document.body.innerText.length") < 200_000
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    with page.expect_download() as download:
        page.get_by_role("link", name="Download all of it").click()
    assert download.value.path().stat().st_size > 10_000_000


def test_ten_thousand_lines_are_folded(page: Page, crew: Site) -> None:
    """The end of a traceback is seen at once, all of it on a press, and the page grows no wider."""
    uuid = crew.announce(f"{NAMES}fail_long", queue="other")
    crew.monitor.task(uuid, "FAILURE")
    opened(page, f"task/{uuid}")
    code = page.get_by_label("Traceback", exact=True)
    expect(code).to_contain_text("lines …", timeout=PATIENCE)
    page.get_by_role("button", name=re.compile("^Show all .* lines$")).click()
    expect(code).not_to_contain_text("lines …")
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide == 0


def test_read_only_mode_is_marked(browser: Browser, tmp_path: Path) -> None:
    """In the bar, and where something would be done."""
    with site(tmp_path, "--read-only") as running, visit(browser, running.url, running.login) as visitor:
        uuid = running.announce("shop.pay", 1)
        running.monitor.task(uuid, "PENDING")
        opened(visitor.page, f"task/{uuid}")
        expect(visitor.page.get_by_text("Read only", exact=True)).to_be_visible(timeout=PATIENCE)
        expect(named(visitor.page, "Revoke …")).to_be_disabled()
        assert visitor.faults == []


def test_chosen_columns_are_there_in_the_next_list(page: Page, crew: Site) -> None:
    """Of this browser, and in its address, so that a link shows the same; until the usual ones are wanted again."""
    crew.run("add", 5, 6)
    opened(page, "tasks")
    named(page, "Columns").click()
    page.get_by_role("checkbox", name="Retries").click()
    expect(page).to_have_url(re.compile("columns="))
    opened(page, "tasks?state=SUCCESS")
    expect(page.get_by_role("columnheader").last).to_have_text("Retries", timeout=PATIENCE)
    expect(page).to_have_url(re.compile(r"\?state=SUCCESS&columns="))
    named(page, "Columns").click()
    named(page, "The usual columns").click()
    opened(page, "tasks")
    expect(page.get_by_role("columnheader", name="Retries")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("columns"))
