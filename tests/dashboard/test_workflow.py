"""The page of a workflow, of what a real worker did."""

import os
import re
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.dashboard.site import REPOSITORY, Site, site
from tests.support.celery import environment
from tests.support.chromium import PATIENCE, visit
from tests.support.processes import until

#: A chord in a chain, of which one task of the header fails, so that its body never runs.
CHORD = "chain(add.si(1, 1).set(task_id={root!r}), chord([add.si(1, 2), fail.si(), add.si(2, 2)], add.si(3, 3)))()"
#: A task that waits for a file, and one after it.
WAITING = "chain(hold.si({path!r}).set(task_id={root!r}), add.si(1, 1))()"


def start(running: Site, code: str, **given: str) -> str:
    """Send a workflow from a process of its own, as clients do; the id of its first task."""
    root = str(uuid.uuid4())
    imports = "from celery import chain, chord; from tests.support.celery_app import add, fail, hold"
    subprocess.run(
        [sys.executable, "-c", f"{imports}; {code.format(root=root, **given)}"],
        check=True,
        capture_output=True,
        cwd=REPOSITORY,
        env=environment(running.redis.url, backend=running.redis.url),
        timeout=PATIENCE / 1000,
    )
    return root


def tasks_of(running: Site, root: str, states: list[str]) -> list[dict[str, Any]]:
    """The tasks of a workflow once they are in these states."""

    def look() -> Any:
        found = running.monitor.get(f"/api/v1/workflows/{root}")
        return found["items"] if found and sorted(item["state"] for item in found["items"]) == states else None

    found: list[dict[str, Any]] = until(look, f"{states} of {root}")
    return found


class Flow:
    """A workflow that is done, but for what never ran."""

    def __init__(self, running: Site) -> None:
        self.site = running
        self.root = start(running, CHORD)
        self.tasks = tasks_of(running, self.root, ["FAILURE", "SUCCESS", "SUCCESS", "SUCCESS"])
        (self.failed,) = (task["uuid"] for task in self.tasks if task["state"] == "FAILURE")
        self.header = [task["uuid"] for task in self.tasks if task["uuid"] not in (self.root, self.failed)]


@pytest.fixture(scope="module")
def flow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flow]:
    with site(tmp_path_factory.mktemp("flow"), results=True) as running:
        running.start_worker(pool="threads")
        yield Flow(running)


@pytest.fixture
def page(browser: Browser, flow: Flow) -> Iterator[Page]:
    """A visitor's page; the test fails if anything went wrong in it."""
    with visit(browser, flow.site.url, flow.site.login) as visitor:
        yield visitor.page
        assert visitor.faults == []


def row(page: Page, uuid: str) -> Locator:
    """The row of one task."""
    return page.locator(f"[role=row][data-id='{uuid}']")


def opened(page: Page, root: str, search: str = "") -> None:
    """Go to a workflow, and wait for its table."""
    page.goto(f"workflow/{root}{search}")
    expect(row(page, root)).to_be_visible(timeout=PATIENCE)


def pointed(page: Page, uuid: str, says: str) -> None:
    """Have a task shown in the graph, and point at the middle of that, until something is said of what is there.

    The graph may still be that of before.
    """
    canvas, hint = page.locator(".workflow-graph canvas"), page.locator(".workflow-hint")

    def look() -> bool:
        row(page, uuid).get_by_role("button", name=re.compile("Show in the graph")).click()
        canvas.hover(position={"x": 2, "y": 2})
        canvas.hover()
        return any(says in text for text in hint.all_text_contents())

    until(look, f"{says} is in the middle of the graph")


def test_the_parents_of_a_real_chord_are_told(flow: Flow) -> None:
    """The first task of the chain led to the header."""
    parents = {task["uuid"]: task["parent_id"] for task in flow.tasks}
    assert parents == {flow.root: None, flow.failed: flow.root, **dict.fromkeys(flow.header, flow.root)}


def test_a_task_leads_to_its_workflow(page: Page, flow: Flow) -> None:
    """All of it, with what failed first, and with the task marked that one came from."""
    page.goto(f"task/{flow.header[0]}")
    page.get_by_role("link", name="Workflow", exact=True).click()
    expect(page.get_by_role("heading", name="Workflow of tests.support.celery_app.add")).to_be_visible()
    expect(page).to_have_url(re.compile(rf"/workflow/{flow.root}\?task={flow.header[0]}"))
    expect(page.locator("[role=row][data-id]")).to_have_count(4)
    expect(page.locator("[role=row][data-id]").first).to_contain_text("Failure")


def test_a_task_is_shown_with_its_siblings(page: Page, flow: Flow) -> None:
    """Those that have the same parent, with what failed first; the link leads to all of the workflow."""
    page.goto(f"task/{flow.header[0]}")
    siblings = page.locator(".siblings li")
    expect(siblings).to_have_count(2, timeout=PATIENCE)
    expect(siblings.first).to_contain_text("Failure")
    expect(siblings.first.get_by_role("link", name="tests.support.celery_app.fail")).to_be_visible()
    expect(siblings.last).to_contain_text("Success")
    page.get_by_role("link", name="All of them in the workflow").click()
    expect(page).to_have_url(re.compile(rf"/workflow/{flow.root}\?task={flow.header[0]}"))


def test_a_task_alone_leads_to_no_workflow(page: Page, flow: Flow) -> None:
    """There is nothing to draw."""
    alone = flow.site.run("add", 1, 2)
    page.goto(f"task/{alone}")
    expect(page.get_by_role("heading", name="tests.support.celery_app.add")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("link", name="Workflow", exact=True)).to_have_count(0)


def test_a_task_is_found_in_the_graph_and_opened_from_it(page: Page, flow: Flow) -> None:
    """By the button in its row; a click on it opens it."""
    opened(page, flow.root)
    pointed(page, flow.failed, "Failure")
    page.locator(".workflow-graph canvas").click()
    expect(page).to_have_url(re.compile(f"/task/{flow.failed}"))


def test_siblings_of_one_name_become_one_and_again_many(page: Page, flow: Flow) -> None:
    """With how many are in which state; a click on them shows each."""
    opened(page, flow.root)
    # Not `check`, which looks whether the box is set at once: what is chosen comes by way of the address.
    page.get_by_role("checkbox", name="Group by name").click()
    expect(page).to_have_url(re.compile("group=on"))
    pointed(page, flow.header[0], "2 succeeded")
    page.locator(".workflow-graph canvas").click()
    expect(page.get_by_role("button", name="Close 1 group")).to_be_visible()
    pointed(page, flow.header[0], "Success")


def test_the_failed_path_is_one_press_away(page: Page, flow: Flow) -> None:
    """It outlives a reload; the same key takes it off."""
    opened(page, flow.root)
    button = page.get_by_role("button", name="Failed path 1 task")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(button).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("f")
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(page).not_to_have_url(re.compile("path"))


def test_a_workflow_goes_on_while_it_is_looked_at(page: Page, flow: Flow, tmp_path: Path) -> None:
    """Tasks change and come without a reload."""
    gate = tmp_path / "gate"
    root = start(flow.site, WAITING, path=os.fspath(gate))
    tasks_of(flow.site, root, ["STARTED"])
    opened(page, root)
    expect(row(page, root)).to_contain_text("Started")
    gate.touch()
    expect(row(page, root)).to_contain_text("Success")
    expect(page.locator("[role=row][data-id]")).to_have_count(2)
    expect(page.get_by_text("2 tasks, none unfinished")).to_be_visible()


def test_a_workflow_that_is_not_known_says_why(browser: Browser, flow: Flow) -> None:
    """With the way on. Chromium notes the 404 on its console."""
    with visit(browser, flow.site.url, flow.site.login) as visitor:
        visitor.page.goto("workflow/never-heard-of")
        expect(visitor.page.get_by_role("heading", name="This workflow is not known")).to_be_visible(timeout=PATIENCE)
        expect(visitor.page.get_by_text("No task has the root 'never-heard-of'")).to_be_visible()
        expect(visitor.page.get_by_role("link", name="All tasks")).to_be_visible()
