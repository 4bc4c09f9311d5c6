"""Pictures of every page of a monitor and of the fleet: light and dark, wide and narrow, empty and full.

No test: made to be looked at.

`python -m tests.dashboard.screenshots [FOLDER]` (`make screenshots`) writes PAGE-CONTENT-THEME-WIDTH.png into
docs/images/pages, and prints what a page had put on its console. The pages must be built, and Redis, Chromium and
kube-apiserver there.
"""

import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import click
from playwright.sync_api import Browser, Page, expect

from tests.dashboard.site import site
from tests.dashboard.test_workflow import CHORD, start, tasks_of
from tests.fleet import pictured
from tests.support.chromium import chromium, visit

LISTS = ("overview", "tasks", "failures", "workers", "queues", "schedule", "scaling", "audit", "settings", "doctor")
SIZES = {"wide": {"width": 1440, "height": 900}, "narrow": {"width": 390, "height": 844}}
THEMES = ("light", "dark")
POLICY = {"match": {"queue": "tests"}, "min": 2, "max": 8, "dryRun": True}
APP = ("--app", "tests.dashboard.scheduled_app")

SETTLED = 1500
"""Milliseconds for charts and live numbers to be drawn: nothing on a page tells that it is still."""


class Album(NamedTuple):
    """Pages of one program that are as full as each other."""

    content: str
    url: str
    login: tuple[str, str]
    pages: dict[str, str]
    """Addresses by the names of their pictures."""


def main(folder: Path) -> None:
    """Make them all."""
    folder.mkdir(parents=True, exist_ok=True)
    for opened in (empty, full, fleet):
        # One browser each: it keeps asyncio busy, by which the fleet is prepared.
        with opened() as albums, chromium() as browser:
            for album in albums:
                for name, address in album.pages.items():
                    picture(browser, album, address, folder / f"{name}-{album.content}")


@contextmanager
def empty() -> Iterator[list[Album]]:
    """A monitor that nothing has come to, not told of an app."""
    with tempfile.TemporaryDirectory() as folder, site(Path(folder)) as running:
        yield [Album("empty", running.url, running.login, {name: name for name in LISTS})]


@contextmanager
def full() -> Iterator[list[Album]]:
    """A monitor of a worker that worked, and the pages of one of each."""
    with tempfile.TemporaryDirectory() as folder, site(Path(folder), *APP, results=True) as running:
        running.start_worker()
        for number in range(8):
            running.run("add", number, 2)
            running.announce("shop.orders.place", number)
        running.run("twice")
        failed = running.run("fail")
        running.announce("shop.tidy")
        running.monitor.put("/api/v1/autoscale/policies/orders", POLICY)
        root = start(running, CHORD)
        tasks_of(running, root, ["FAILURE", "SUCCESS", "SUCCESS", "SUCCESS"])
        one = {
            "preview": f"tasks?preview={failed}",
            "queue": "queues?queue=tests",
            "policy": "scaling?policy=orders",
            "task": f"task/{failed}",
            "worker": "worker/w1@test",
            "workflow": f"workflow/{root}",
        }
        yield [Album("full", running.url, running.login, {name: name for name in LISTS} | one)]


@contextmanager
def fleet() -> Iterator[list[Album]]:
    """A fleet of monitors that are well and that are not, and one without any."""
    first, second, silent = ("/".join(key) for key in (pictured.ORDERS, pictured.LONG, pictured.SILENT))
    pages = {
        "fleet": "",
        "fleet-map": f"?view=map&a={first}",
        "fleet-search": "?search=orders",
        "fleet-search-none": "?search=no-such-monitor",
        "fleet-choose": f"compare?a={first}",
        "fleet-compare": f"compare?a={first}&b={second}",
        "fleet-compare-silent": f"compare?a={first}&b={silent}",
    }
    with tempfile.TemporaryDirectory() as folder, pictured.pictured(Path(folder)) as scene:
        yield [
            Album("full", scene.url, scene.login, pages),
            Album("empty", scene.empty, scene.login, {"fleet": "", "fleet-compare": "compare"}),
        ]


def picture(browser: Browser, album: Album, address: str, path: Path) -> None:
    """Pictures of one page in each theme and width."""
    for theme in THEMES:
        for width, viewport in SIZES.items():
            with visit(browser, album.url, album.login, viewport=viewport, color_scheme=theme) as visitor:
                visitor.page.goto(address)
                visitor.page.get_by_text("Live", exact=True).first.wait_for()
                search_everywhere(visitor.page)
                visitor.page.wait_for_timeout(SETTLED)
                target = path.with_name(f"{path.name}-{theme}-{width}.png")
                visitor.page.screenshot(path=target)
            click.echo(" ".join([str(target), *visitor.faults]))


def search_everywhere(page: Page) -> None:
    """The fleet looks for a text in all monitors only when it is asked to."""
    button = page.get_by_role("button", name=re.compile("^Find .* of all monitors"))
    if button.count():
        button.click()
        expect(button).to_have_count(0)


if __name__ == "__main__":
    main(Path(sys.argv[1] if sys.argv[1:] else "docs/images/pages"))
