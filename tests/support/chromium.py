"""Chromium, driven by Playwright: the machine's own, since Playwright's download is not everywhere to be had."""

import contextlib
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, expect, sync_playwright

from . import ci, patience

#: Names of a Chromium, in the order in which they are looked for. The first is the same engine without what surrounds
#: the page: a new page takes 0.23 s of CPU instead of 0.64 (ten pages of ours, Chromium 156).
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
#: Only what the page asks for goes over the network, and root may run it in a container.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
#: Milliseconds that an element may take to appear.
PATIENCE = 1000 * patience.PATIENCE


class Visit:
    """A page in a browser session of its own, with all that went wrong in it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.faults: list[str] = []
        """Errors on the console (Chromium puts violations of the CSP there too), uncaught exceptions, dialogs."""
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.faults.append(f"exception: {error}"))
        page.on("dialog", self._asked)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.faults.append(f"{message.type}: {message.text}")

    def _asked(self, dialog: Dialog) -> None:
        self.faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """A browser for as long as the block lasts. Not for the whole session: it keeps asyncio busy in this thread."""
    path = ci.program(PROGRAMS[0], PROGRAMS[0], *(f"/usr/bin/{name}" for name in PROGRAMS))
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS), timeout=PATIENCE)
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def visit(browser: Browser, base_url: str, login: tuple[str, str], **options: Any) -> Iterator[Visit]:
    """A session with nothing remembered, logged in; `options` are Playwright's of a new context."""
    user, password = login
    context = browser.new_context(
        base_url=base_url, http_credentials={"username": user, "password": password}, **options
    )
    context.set_default_timeout(PATIENCE)
    try:
        yield Visit(context.new_page())
    finally:
        context.close()
