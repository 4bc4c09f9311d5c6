"""Workers and what can be done with them, by those who may and by those who may not; and the audit of it."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.dashboard.site import Site, site
from tests.support.celery import worker
from tests.support.chromium import PATIENCE, visit
from tests.support.processes import until

VIEWER = ("vera", "secret")
ROLES = '{"admin": ["admin"], "viewer": ["vera"]}'


@pytest.fixture(scope="module")
def floor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A monitor with a prefork worker, whose pool can change its size, and two people."""
    folder = tmp_path_factory.mktemp("floor")
    options = ("--basic-auth", "admin:secret,vera:secret", "--roles", ROLES)
    with site(folder, *options) as running, worker(running.redis.url, folder, pool="prefork") as program:
        until(lambda: heard(running), f"the worker is seen: {program.log}")
        yield running


def heard(running: Site) -> bool:
    """Whether the worker is online, and has told of its pool."""
    workers = (running.monitor.get("/api/v1/workers") or {}).get("items")
    pools = (running.monitor.get("/api/v1/worker-pools") or {}).get("items")
    return bool(workers and pools and workers[0]["state"] == "online")


@pytest.fixture
def page(browser: Browser, floor: Site) -> Iterator[Page]:
    """A page of an administrator, on which nothing may go wrong.

    But for a worker that was too busy to answer in time: that is 403 or 504, and its test asks again.
    """
    with visit(browser, floor.url, floor.login) as visitor:
        yield visitor.page
        assert [fault for fault in visitor.faults if not re.search("status of (403|504)", fault)] == []


@pytest.fixture
def machine(page: Page) -> Page:
    """The page of the worker, once it has told of itself."""
    page.goto("worker/w1@test")
    expect(page.get_by_role("heading", name="Pool")).to_be_visible(timeout=PATIENCE)
    return page


def acted(page: Page, button: str, confirm: str) -> str:
    """Press an action's button, confirm it, and have what its dialog answers."""
    # Its name begins with the words on it where these are not in what it does.
    name = re.escape(button).replace("/", r"\/")  # Playwright writes it between slashes
    page.get_by_role("button", name=re.compile(rf"(^|: ){name}$")).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name=confirm, exact=True).click()
    answer = dialog.get_by_role("status").filter(has_text=re.compile(r"one\."))
    expect(answer).to_be_visible(timeout=PATIENCE)
    text = answer.inner_text()
    dialog.get_by_role("button", name="Close", exact=True).click()
    return text


def until_done(page: Page, button: str, confirm: str) -> str:
    """As `acted`, again while the worker is too busy to answer within the seconds that the monitor waits for it."""
    return until(
        lambda: text if "Not done" not in (text := acted(page, button, confirm)) else None, button, 2 * PATIENCE / 1000
    )


def test_workers_are_listed_with_pool_and_load(page: Page) -> None:
    """And as tiles, by the address."""
    page.goto("workers")
    row = page.locator("[role=row][data-id='w1@test']")
    expect(row).to_contain_text("prefork", timeout=PATIENCE)
    expect(row).to_contain_text(re.compile(r"\d / 2"))
    page.goto("workers?view=grid")
    expect(page.get_by_role("list", name="Workers").get_by_role("listitem")).to_contain_text(re.compile(r"\d / 2 busy"))


def test_workers_are_found_by_their_queue(page: Page) -> None:
    """The filter is in the address; one that nothing fits says so."""
    page.goto("workers?search=tests")
    expect(page.locator("[role=row][data-id='w1@test']")).to_be_visible(timeout=PATIENCE)
    page.goto("workers?state=lost")
    expect(page.get_by_role("heading", name="No worker matches")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Clear the filters").click()
    expect(page.locator("[role=row][data-id='w1@test']")).to_be_visible()


def test_an_action_that_is_not_confirmed_does_nothing(machine: Page, floor: Site) -> None:
    """The dialog says what it would do."""
    machine.get_by_role("button", name="Shut down w1@test").click()
    expect(machine.get_by_role("dialog")).to_contain_text("be undone from here")
    machine.get_by_role("button", name="Leave it").click()
    expect(machine.get_by_role("dialog")).to_have_count(0)
    assert all("shutdown" not in entry["path"] for entry in floor.monitor.get("/api/v1/audit")["items"])


def test_the_pool_is_made_another_size(machine: Page) -> None:
    """And the page then shows it, once the worker has told of it."""
    size = machine.get_by_text("Processes, threads or greenlets").locator("xpath=following-sibling::dd")

    def resized() -> bool:
        if size.inner_text() == "3":  # it heard of it all the same
            return True
        machine.get_by_label(re.compile("^Processes")).fill("3")
        answer = acted(machine, "Set the pool of w1@test to 3", "Set the size")
        # A worker that is too busy to answer in time was not told: it has to be told again.
        return "not known" not in answer

    until(resized, "the worker is told")
    expect(size).to_have_text("3", timeout=PATIENCE)


def test_a_queue_is_added_and_taken_away(machine: Page) -> None:
    """With the worker's own answer."""
    machine.get_by_label("Another queue").fill("extra")
    assert "w1@test answered" in until_done(machine, "Let w1@test take tasks from extra", "Add the queue")
    taken = machine.get_by_role("button", name="Take extra from w1@test")
    expect(taken).to_be_visible(timeout=PATIENCE)
    until_done(machine, "Take extra from w1@test", "Take it away")
    expect(taken).to_have_count(0, timeout=PATIENCE)


def test_a_task_is_limited_on_the_worker(machine: Page) -> None:
    """Its rate limit then stands beside its name."""
    task = "tests.support.celery_app.add"
    machine.locator(".controls select").select_option(task)
    machine.get_by_label("Starts at most").fill("10/m")
    until_done(machine, f"Limit {task} to 10/m on w1@test", "Set the rate")
    line = machine.get_by_role("row").filter(has_text=task)
    expect(line).to_contain_text("10/m", timeout=PATIENCE)


def test_what_cannot_be_done_says_why(machine: Page) -> None:
    """The worker's settings do not allow to restart its pool."""
    button = machine.get_by_role("button", name="Restart the pool of w1@test")
    expect(button).to_be_disabled()
    expect(button).to_have_attribute("title", re.compile("worker_pool_restarts"))


def test_a_viewer_sees_what_it_may_not_and_who_may(browser: Browser, floor: Site) -> None:
    """Everything is there, disabled."""
    with visit(browser, floor.url, VIEWER) as visitor:
        page = visitor.page
        page.goto("worker/w1@test")
        why = page.get_by_text("It takes the role operator; your role is viewer.")
        expect(why.first).to_be_visible(timeout=PATIENCE)
        shutdown = page.get_by_role("button", name="Shut down w1@test")
        expect(shutdown).to_be_disabled()
        expect(shutdown).to_have_attribute("title", re.compile("It takes the role admin"))
        expect(page.get_by_role("button", name="Take tests from w1@test")).to_be_disabled()
        assert visitor.faults == []


def test_the_audit_is_not_for_a_viewer(browser: Browser, floor: Site) -> None:
    """It says for whom it is."""
    with visit(browser, floor.url, VIEWER) as visitor:
        visitor.page.goto("audit")
        expect(visitor.page.get_by_role("heading", name="The audit is not for you")).to_be_visible(timeout=PATIENCE)
        expect(visitor.page.get_by_text("It takes the role admin")).to_be_visible()
        assert visitor.faults == []


def test_the_audit_tells_who_did_what(machine: Page) -> None:
    """In words, with the outcome, and by a search in the address."""
    task = "tests.support.celery_app.fail"
    machine.locator(".controls select").select_option(task)
    machine.get_by_label("Starts at most").fill("0")
    until_done(machine, f"Limit {task} to 0 on w1@test", "Set the rate")
    machine.goto("audit?search=rate-limit")
    row = machine.locator("[role=row][data-id]").first
    expect(row).to_contain_text(f"Set the rate limit of {task}", timeout=PATIENCE)
    expect(row).to_contain_text("admin")
    expect(row).to_contain_text("Done")


def test_a_worker_is_shut_down(machine: Page, floor: Site) -> None:
    """The last that is done here: its page tells that it went."""
    acted(machine, "Shut down w1@test", "Shut down")
    expect(machine.get_by_text("It said that it stops.")).to_be_visible(timeout=PATIENCE)
