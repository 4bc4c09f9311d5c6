"""What waits in a queue, looked at and deleted, by those who may and by those who may not."""

import uuid as uuids
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.dashboard.site import Site, site
from tests.dashboard.test_look import violations
from tests.support.chromium import PATIENCE, visit

VIEWER = ("vic", "look")


@pytest.fixture(scope="module")
def depot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A monitor with two people and no worker: what is sent waits."""
    options = ("--basic-auth", "admin:secret,vic:look", "--roles", '{"admin": ["admin"], "viewer": ["vic"]}')
    with site(tmp_path_factory.mktemp("depot"), *options) as running:
        yield running


@pytest.fixture
def page(browser: Browser, depot: Site) -> Iterator[Page]:
    """A page of the administrator; the test fails if anything went wrong in it."""
    with visit(browser, depot.url, depot.login) as visitor:
        yield visitor.page
        assert visitor.faults == []


@pytest.fixture
def queue(depot: Site) -> str:
    """A queue in which two tasks wait; its name."""
    name = f"bulk-{uuids.uuid4().hex[:8]}"
    for number in (1, 2):
        depot.announce("shop.pay", f"order {number}", queue=name)
    return name


def opened(page: Page, queue: str) -> Locator:
    """The part of the page that is about a queue, once it is there."""
    page.goto(f"queues?queue={queue}")
    detail = page.get_by_role("region", name=queue)
    expect(detail.get_by_role("heading", name="Next messages")).to_be_visible(timeout=PATIENCE)
    return detail


def test_what_is_next_in_a_queue_is_shown_with_its_arguments(page: Page, queue: str) -> None:
    """In the order of delivery; each leads to its task."""
    lines = opened(page, queue).get_by_role("row").filter(has_text="shop.pay")
    expect(lines).to_have_count(2, timeout=PATIENCE)
    expect(lines.first).to_contain_text("order 1")
    assert violations(page) == []
    lines.first.get_by_role("link", name="shop.pay").click()
    expect(page.get_by_label("Positional arguments", exact=True)).to_contain_text("order 1", timeout=PATIENCE)


def test_a_queue_is_purged_once_its_name_was_typed(page: Page, depot: Site, queue: str) -> None:
    """And not before; the answer counts what was deleted."""
    detail = opened(page, queue)
    detail.get_by_role("button", name=f"Purge {queue} …").click()
    dialog = page.get_by_role("dialog", name=f"Purge {queue}?")
    delete = dialog.get_by_role("button", name="Delete 2 messages")
    dialog.get_by_label("Type the name of the queue").fill("bulk")
    expect(delete).to_be_disabled()
    assert violations(page, "dialog[open]") == []
    dialog.get_by_label("Type the name of the queue").fill(queue)
    delete.click()
    expect(dialog.get_by_text("Done: 2 messages deleted.")).to_be_visible(timeout=PATIENCE)
    dialog.get_by_role("button", name="Close").last.click()
    expect(detail.get_by_text("None waits")).to_be_visible(timeout=PATIENCE)
    assert depot.monitor.get(f"/api/v1/queues/{queue}")["ready"] == 0


def test_more_than_was_seen_is_not_deleted(browser: Browser, depot: Site, queue: str) -> None:
    """It says how many there are, and the next press means those. The 409 is all that is on the console."""
    with visit(browser, depot.url, depot.login) as visitor:
        page = visitor.page
        opened(page, queue).get_by_role("button", name=f"Purge {queue} …").click()
        dialog = page.get_by_role("dialog", name=f"Purge {queue}?")
        dialog.get_by_label("Type the name of the queue").fill(queue)
        depot.announce("shop.pay", "order 3", queue=queue)
        dialog.get_by_role("button", name="Delete 2 messages").click()
        expect(dialog.get_by_role("alert")).to_contain_text("3 messages wait", timeout=PATIENCE)
        expect(dialog.get_by_role("button", name="Delete 3 messages")).to_be_visible(timeout=PATIENCE)
        assert depot.monitor.get(f"/api/v1/queues/{queue}")["ready"] == 3
        assert all("409" in fault for fault in visitor.faults)


def test_who_may_not_purge_is_told_who_may(browser: Browser, depot: Site, queue: str) -> None:
    """Beside the button, which is off."""
    with visit(browser, depot.url, VIEWER) as visitor:
        detail = opened(visitor.page, queue)
        expect(detail.get_by_role("button", name=f"Purge {queue} …")).to_be_disabled()
        expect(detail.get_by_text("It takes the role admin; your role is viewer.")).to_be_visible(timeout=PATIENCE)
        assert visitor.faults == []
