"""Pictures of every page: light and dark, wide and narrow, empty and full. No test: made to be looked at.

`python -m tests.dashboard.screenshots [FOLDER]` (`make screenshots`) writes PAGE-CONTENT-THEME-WIDTH.png into
docs/images/pages, and prints what a page had put on its console. The pages must be built, and Redis and Chromium there.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from playwright.sync_api import Browser

from tests.dashboard.site import Site, site
from tests.dashboard.test_workflow import CHORD, start, tasks_of
from tests.support.chromium import chromium, visit

LISTS = ("overview", "tasks", "failures", "workers", "queues", "schedule", "audit", "settings", "doctor")
SIZES = {"wide": {"width": 1440, "height": 900}, "narrow": {"width": 390, "height": 844}}
THEMES = ("light", "dark")
APP = ("--app", "tests.dashboard.scheduled_app")

SETTLED = 1500
"""Milliseconds for charts and live numbers to be drawn: nothing on a page tells that it is still."""


def main(folder: Path) -> None:
    """Make them all."""
    folder.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        for content, opened in (("empty", empty()), ("full", full())):
            with opened as (running, pages):
                for name, address in pages.items():
                    picture(browser, running, address, folder / f"{name}-{content}")


@contextmanager
def empty() -> Iterator[tuple[Site, dict[str, str]]]:
    """A monitor that nothing has come to, not told of an app."""
    with tempfile.TemporaryDirectory() as folder, site(Path(folder)) as running:
        yield running, {name: name for name in LISTS}


@contextmanager
def full() -> Iterator[tuple[Site, dict[str, str]]]:
    """A monitor of a worker that worked, and the pages of one of each."""
    with tempfile.TemporaryDirectory() as folder, site(Path(folder), *APP, results=True) as running:
        running.start_worker()
        for number in range(8):
            running.run("add", number, 2)
            running.announce("shop.orders.place", number)
        running.run("twice")
        failed = running.run("fail")
        running.announce("shop.tidy")
        root = start(running, CHORD)
        tasks_of(running, root, ["FAILURE", "SUCCESS", "SUCCESS", "SUCCESS"])
        one = {
            "preview": f"tasks?preview={failed}",
            "queue": "queues?queue=tests",
            "task": f"task/{failed}",
            "worker": "worker/w1@test",
            "workflow": f"workflow/{root}",
        }
        yield running, {name: name for name in LISTS} | one


def picture(browser: Browser, running: Site, address: str, path: Path) -> None:
    """Pictures of one page in each theme and width."""
    for theme in THEMES:
        for width, viewport in SIZES.items():
            with visit(browser, running.url, running.login, viewport=viewport, color_scheme=theme) as visitor:
                visitor.page.goto(address)
                visitor.page.get_by_text("Live", exact=True).first.wait_for()
                visitor.page.wait_for_timeout(SETTLED)
                target = path.with_name(f"{path.name}-{theme}-{width}.png")
                visitor.page.screenshot(path=target)
            click.echo(" ".join([str(target), *visitor.faults]))


if __name__ == "__main__":
    main(Path(sys.argv[1] if sys.argv[1:] else "docs/images/pages"))
