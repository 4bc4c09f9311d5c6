"""How long a person's hands are busy: what is pressed and typed on a page, and how long each of that takes people.

By the keystroke-level model (Card, Moran and Newell, "The keystroke-level model for user performance time with
interactive systems", 1980), which leaves out what the machine takes: so it is the same on a busy one.
"""

from itertools import pairwise

from playwright.sync_api import Page

CLICK = 1.3
"""Seconds to point at something (1.1), press and release (0.1 each)."""
KEY = 0.28
"""Seconds of a key, for somebody who types 40 words a minute; a shift is a key too."""
MOVE = 0.4
"""Seconds from the keyboard to the mouse, or back."""

RECORD = """
const record = (what) => (event) => {
    if (event.isTrusted) sessionStorage.setItem('hands', (sessionStorage.getItem('hands') ?? '') + what);
};
addEventListener('pointerdown', record('c'), true);
addEventListener('keydown', record('k'), true);
"""


def recorded(page: Page) -> None:
    """Record what is pressed and typed from the next page on, over all that are opened in this tab."""
    page.add_init_script(RECORD)


def busy(page: Page) -> float:
    """Seconds for what was recorded."""
    done: str = page.evaluate("sessionStorage.getItem('hands') ?? ''")
    assert done, "nothing was recorded"
    moves = sum(before != after for before, after in pairwise(done))
    return done.count("c") * CLICK + done.count("k") * KEY + moves * MOVE
