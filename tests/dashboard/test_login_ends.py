"""A login that ends while somebody types: the page stays, what is typed stays, and nothing is sent twice."""

import re
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.dashboard.site import Site, site
from tests.dashboard.test_look import NARROW, violations
from tests.monitor import oidc
from tests.support.chromium import PATIENCE, Visit, visit
from tests.support.processes import until

NAMES = "tests.support.celery_app."
ANN = {"sub": "ann", "email": "ann@example.com", "email_verified": True}
OTTO = ("otto", "right")


class Office(NamedTuple):
    """A monitor, and the files that hold the name and password of a user beside its `login`."""

    site: Site
    credentials: Path

    def password(self, text: str) -> None:
        """Replace the password, and wait until the monitor has read it. Only the right one is tried: failed logins are
        counted."""
        before = self._read()
        file = self.credentials / "password"
        if file.read_text() != text:
            file.write_text(text)
            until(lambda: self._read() > before, "the password is read again")
        if text == OTTO[1]:
            # Past ten wrong ones, which the tests of this file can reach, the right one is refused for a minute.
            until(lambda: self._status() == HTTPStatus.OK, "the right password counts")

    def _status(self) -> int:
        return httpx.get(f"{self.site.url}api/v1/me", auth=OTTO).status_code

    def _read(self) -> int:
        """How often the monitor has read it; it looks when somebody asks."""
        self.site.monitor.get("/api/v1/me")
        return self.site.monitor.log.count("credentials read from")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A monitor with a worker, and a user whose password can be replaced."""
    folder = tmp_path_factory.mktemp("office")
    credentials = folder / "credentials"
    credentials.mkdir()
    (credentials / "username").write_text(OTTO[0])
    (credentials / "password").write_text(OTTO[1])
    with site(folder, "--credentials-dir", str(credentials)) as running:
        running.start_worker("w1", "prefork")
        yield Office(running, credentials)


@pytest.fixture
def page(browser: Browser, office: Office) -> Iterator[Page]:
    """A page of that user. What is refused is on the console; that is not a fault here."""
    office.password(OTTO[1])
    with visit(browser, office.site.url, OTTO) as visitor:
        yield visitor.page


def ended(page: Page) -> Locator:
    """The dialog that says that the login has ended."""
    return page.get_by_role("dialog", name="Your login has ended")


def named(page: Page, name: str) -> Locator:
    """A button by its whole name."""
    return page.get_by_role("button", name=name, exact=True)


def press(what: Locator) -> None:
    """By script: the page reads by itself, so that the dialog may be above it already."""
    what.dispatch_event("click")


def live(page: Page) -> None:
    """Wait until the page is live."""
    expect(page.get_by_text("Live", exact=True)).to_be_visible(timeout=PATIENCE)


def log_in_again(page: Page, office: Office) -> None:
    """Playwright answers a browser's question with one password only, so that it has to become the right one again."""
    office.password(OTTO[1])
    ended(page).get_by_role("button", name="Log in", exact=True).click()
    expect(ended(page)).to_have_count(0, timeout=PATIENCE)


def sent(office: Office, name: str, args: str) -> int:
    """How many tasks of that name were sent with these arguments."""
    found = office.site.monitor.get("/api/v1/tasks", name=name, limit=100)
    return sum(1 for task in found["items"] if task["args"] == args)


def test_the_arguments_of_a_task_that_is_run_again_are_kept(page: Page, office: Office) -> None:
    """And it is sent once, when it is asked for again."""
    uuid = office.site.run("add", 1, 2)
    page.goto(f"task/{uuid}")
    live(page)
    named(page, "Run again …").click()
    field = page.get_by_label("Positional arguments (a JSON array)")
    field.fill("[1, 4711]")
    office.password("another")
    press(named(page, "Send the task again"))
    expect(ended(page)).to_be_visible(timeout=PATIENCE)
    log_in_again(page, office)
    expect(field).to_have_value("[1, 4711]")
    expect(page.get_by_text(re.compile("^Nothing was done"))).to_be_visible()
    named(page, "Send the task again").click()
    expect(page.get_by_role("link", name="Open the new task")).to_be_visible(timeout=PATIENCE)
    until(lambda: sent(office, f"{NAMES}add", "[1, 4711]") == 1, "it was sent once")


def test_the_size_of_a_pool_is_kept(page: Page, office: Office) -> None:
    """With the question that was open."""
    page.goto("worker/w1@test")
    field = page.get_by_label(re.compile("^Processes"))
    field.fill("3")
    page.get_by_role("button", name=re.compile("^Set the size")).click()
    question = page.get_by_role("dialog", name="Set the pool of w1@test to 3")
    office.password("another")
    press(question.get_by_role("button", name="Set the size"))
    log_in_again(page, office)
    expect(question.get_by_text(re.compile("^Nothing was done"))).to_be_visible()
    question.get_by_role("button", name="Set the size").click()
    expect(question.get_by_text("Done.")).to_be_visible(timeout=PATIENCE)
    expect(field).to_have_value("3")


def test_what_is_read_waits_for_the_login(page: Page, office: Office) -> None:
    """The filters stay as they are set, no error takes the place of the list, and then the answer comes."""
    uuid = office.site.run("add", 5, 6)
    page.goto("tasks")
    row = page.locator(f"[role=row][data-id='{uuid}']")
    expect(row).to_be_visible(timeout=PATIENCE)
    search = page.get_by_role("combobox", name=re.compile("^Search"))
    search.fill("celery_app")
    expect(page).to_have_url(re.compile("search=celery_app"))
    office.password("another")
    press(page.get_by_role("button", name=re.compile("^Failure")))
    expect(ended(page)).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("heading", name=re.compile("could not be loaded"))).to_have_count(0)
    log_in_again(page, office)
    expect(search).to_have_value("celery_app")
    expect(page).to_have_url(re.compile("state=FAILURE"))
    expect(row).to_have_count(0, timeout=PATIENCE)


def test_the_page_can_be_read_without_a_login(page: Page, office: Office) -> None:
    """The dialog is left, the bar says so, and leads back to it; a wrong password is told."""
    page.goto("tasks")
    live(page)
    office.password("another")
    press(page.get_by_role("link", name="Queues"))
    ended(page).get_by_role("button", name="Not now").click()
    expect(page.get_by_text("Logged out", exact=True)).to_be_visible()
    named(page, "Log in").click()
    ended(page).get_by_role("button", name="Log in", exact=True).click()
    expect(ended(page).get_by_role("alert")).to_contain_text("You are not logged in yet", timeout=PATIENCE)
    log_in_again(page, office)
    expect(page.get_by_role("grid", name="Queues")).to_be_visible(timeout=PATIENCE)


@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", NARROW[0])])
def test_the_dialog_is_accessible(browser: Browser, office: Office, theme: str, width: int) -> None:
    """axe finds nothing, and it is no wider than the screen."""
    office.password(OTTO[1])
    size = {"width": width, "height": NARROW[1]}
    with visit(browser, office.site.url, OTTO, viewport=size, color_scheme=theme) as visitor:
        visitor.page.goto("tasks")
        live(visitor.page)
        office.password("another")
        press(visitor.page.get_by_role("link", name="Queues"))
        expect(ended(visitor.page)).to_be_visible(timeout=PATIENCE)
        assert violations(visitor.page, "dialog[open]") == []
        wide = visitor.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide == 0


@pytest.fixture
def provided(browser: Browser, tmp_path: Path) -> Iterator[tuple[Site, Visit]]:
    """A monitor with a login provider, and somebody who has logged in there."""
    with (
        oidc.issuer(tmp_path, [ANN]) as issuer,
        site(tmp_path, *provider_options(issuer)) as running,
        visit(browser, running.url, ("", "")) as visitor,
    ):
        visitor.page.goto("failures")
        say_who(visitor.page)
        live(visitor.page)
        yield running, visitor


def provider_options(issuer: str) -> tuple[str, ...]:
    """Options of a monitor where Ann may everything."""
    return (
        *("--auth-provider", "oidc", "--oauth2-base-url", issuer),
        *("--oauth2-key", "flower", "--oauth2-secret", "s3cret"),
        *("--oauth2-redirect-uri", "http://127.0.0.1:{port}/login", "--auth", "ann@example.com"),
        *("--roles", '{"admin": ["admin", "ann@example.com"]}'),
    )


def say_who(page: Page) -> None:
    """What a person does at the provider."""
    page.locator("input[name=sub]").fill("ann")
    page.locator("button[type=submit], input[type=submit]").first.click()


def test_a_silences_reason_is_kept_while_one_logs_in_at_the_provider(provided: tuple[Site, Visit]) -> None:
    """In another tab; the page goes on by itself when one comes back to it."""
    running, visitor = provided
    page = visitor.page
    running.start_worker()
    running.run("fail")
    page.reload()
    page.get_by_role("button", name=re.compile("^Silence")).first.click()
    field = page.get_by_label("Why")
    field.fill("a fix is on its way")
    page.context.clear_cookies()
    named(page, "Silence it").click()
    with page.expect_popup() as opened:
        ended(page).get_by_role("link", name="Log in in a new tab").click()
    say_who(opened.value)
    live(opened.value)
    opened.value.close()
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")  # headless Chromium gives none
    expect(ended(page)).to_have_count(0, timeout=PATIENCE)
    expect(field).to_have_value("a fix is on its way")
    named(page, "Silence it").click()
    expect(field).to_have_count(0, timeout=PATIENCE)
    assert len(running.monitor.get("/api/v1/failures/silences")["items"]) == 1


def test_nothing_that_is_typed_is_kept_in_the_browser(page: Page, office: Office) -> None:
    """Arguments may hold what must not be on a disk."""
    uuid = office.site.run("add", 1, 2)
    page.goto(f"task/{uuid}")
    named(page, "Run again …").click()
    page.get_by_label("Positional arguments (a JSON array)").fill('["s3cret", 2]')
    office.password("another")
    press(named(page, "Send the task again"))
    expect(ended(page)).to_be_visible(timeout=PATIENCE)
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "s3cret" not in kept
