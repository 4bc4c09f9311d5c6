"""Themes, widths, accessibility and the content security policy of every page of a monitor."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.dashboard.site import REPOSITORY, Site, site
from tests.support import ci
from tests.support.chromium import PATIENCE, Visit, visit

AXE = REPOSITORY / "dashboard/node_modules/axe-core/axe.min.js"
#: What of axe is checked: WCAG 2.2 AA and its best practices.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: A heading that is there once the page is.
PAGES = {
    "tasks": "Tasks",
    "tasks?name=never.heard.of": "No task matches",
    "task/FAILED": "tests.support.celery_app.fail",
    "workflow/FAILED": "Workflow of tests.support.celery_app.fail",
    "overview": "Throughput",
    "failures": "Failures",
    "audit": "Nothing was changed yet",
    "doctor": "Doctor",
    "settings": "Broker",
    "schedule": "The schedule is not known",
    "scaling": "There is no policy",
    "workers": "Workers",
    "workers?view=grid": "Workers",
    "queues": "Queues",
    "worker/w1@test": "w1@test",
}
WIDE = (1440, 900)
NARROW = (320, 640)


@pytest.fixture(scope="module")
def failed(shop: Site) -> str:
    """The id of a task that failed."""
    return shop.run("fail")


@pytest.fixture(params=[(WIDE, "light"), (NARROW, "dark")], ids=["wide-light", "narrow-dark"])
def seen(request: pytest.FixtureRequest, browser: Browser, shop: Site) -> Iterator[Visit]:
    """A visitor with a window of some size and theme; the test fails if anything went wrong in the page."""
    (width, height), theme = request.param
    size = {"width": width, "height": height}
    with visit(browser, shop.url, shop.login, viewport=size, color_scheme=theme) as visitor:
        yield visitor
        assert visitor.faults == []


def opened(page: Page, address: str, failed: str) -> None:
    """Go to a page, and wait until it is there and live."""
    page.goto(address.replace("FAILED", failed))
    expect(page.get_by_role("heading", name=PAGES[address]).first).to_be_attached(timeout=PATIENCE)
    expect(page.get_by_text("Live", exact=True)).to_be_visible(timeout=PATIENCE)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_accessible(seen: Visit, failed: str, address: str) -> None:
    """axe finds nothing, in light and dark, wide and narrow."""
    opened(seen.page, address, failed)
    assert violations(seen.page) == []


@pytest.mark.parametrize("address", PAGES)
def test_a_page_never_scrolls_sideways(browser: Browser, shop: Site, failed: str, address: str) -> None:
    """On a narrow screen tables scroll within themselves."""
    size = {"width": NARROW[0], "height": NARROW[1]}
    with visit(browser, shop.url, shop.login, viewport=size) as visitor:
        opened(visitor.page, address, failed)
        wide = visitor.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide == 0


def test_a_mistyped_address_says_so_and_leads_back(browser: Browser, shop: Site) -> None:
    """With status 404, which Chromium notes on the console, and with all of the frame."""
    with visit(browser, shop.url, shop.login) as visitor:
        answer = visitor.page.goto("no/such/page")
        expect(visitor.page.get_by_role("heading", name="There is no such page")).to_be_visible(timeout=PATIENCE)
        visitor.page.get_by_role("link", name="All tasks").click()
        expect(visitor.page.get_by_role("grid")).to_be_visible(timeout=PATIENCE)
    assert answer is not None
    assert answer.status == 404


@pytest.mark.parametrize("width", [360, 420])
def test_the_page_that_is_open_is_in_sight_among_the_pages(browser: Browser, shop: Site, width: int) -> None:
    """Also the last of a row that is longer than the screen; the row fades where there are more."""
    with visit(browser, shop.url, shop.login, viewport={"width": width, "height": NARROW[1]}) as visitor:
        opened(visitor.page, "doctor", "")
        pages = visitor.page.get_by_role("navigation", name="Pages")
        expect(pages.locator("[data-start]:not([data-end])")).to_be_attached(timeout=PATIENCE)
        expect(pages.get_by_role("link", name="Doctor")).to_be_in_viewport(ratio=1, timeout=PATIENCE)
        expect(pages.get_by_role("link", name="Overview")).not_to_be_in_viewport()


def test_an_open_list_a_preview_and_the_keys_are_accessible(session: Visit) -> None:
    """They are in the page only while they are open."""
    session.page.goto("tasks")
    session.page.get_by_role("combobox", name="Any task").click()
    expect(session.page.get_by_role("option").first).to_be_visible(timeout=PATIENCE)
    assert violations(session.page, ".popup") == []
    session.page.keyboard.press("Escape")
    session.page.locator("[data-id]").first.get_by_role("button", name="Preview row 1").click()
    preview = session.page.get_by_role("region", name="Preview")
    expect(preview.get_by_text("Worker", exact=True)).to_be_visible(timeout=PATIENCE)
    assert violations(session.page, "main") == []
    session.page.get_by_role("button", name="Keys").click()
    expect(session.page.get_by_role("dialog", name="Keys")).to_be_visible()
    assert violations(session.page, "dialog[open]") == []


def violations(page: Page, part: str = "html") -> list[str]:
    """What axe has to say of a page as it is now, or of a part of it."""
    if not AXE.exists():
        ci.missing("axe-core is not installed; run `npm ci` in dashboard/")
    page.evaluate(AXE.read_text())
    options: dict[str, Any] = {"runOnly": {"type": "tag", "values": RULES}}
    found = page.evaluate("([part, options]) => axe.run(part, options)", [part, options])
    return [f"{each['id']}: {[node['html'] for node in each['nodes']][:3]}" for each in found["violations"]]


@pytest.mark.parametrize(("theme", "dark"), [("light", False), ("dark", True)])
def test_the_page_is_as_dark_as_the_system(
    browser: Browser, shop: Site, theme: Literal["light", "dark"], dark: bool
) -> None:
    """Without a choice, the system decides."""
    with visit(browser, shop.url, shop.login, color_scheme=theme) as visitor:
        visitor.page.goto("tasks")
        expect(visitor.page.get_by_text("Live", exact=True)).to_be_visible(timeout=PATIENCE)
        assert (brightness(visitor.page) < 0.5) == dark


def test_a_chosen_theme_stays_over_a_reload(session: Visit) -> None:
    """It is set before the first paint, from what the browser keeps."""
    session.page.goto("tasks")
    session.page.get_by_role("button", name="Theme and time zone").click()
    session.page.get_by_role("menuitemradio", name="Dark").click()
    expect(session.page.locator("html")).to_have_attribute("data-theme", "dark")
    assert brightness(session.page) < 0.5
    session.page.reload(wait_until="commit")
    session.page.wait_for_selector("body", state="attached")
    assert brightness(session.page) < 0.5


def brightness(page: Page) -> float:
    """Of the page's background, 0 to 1."""
    colour: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
    parts = [float(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(",")]
    return sum(parts) / 3 / 255


def test_nothing_moves_for_those_who_asked_for_that(browser: Browser, shop: Site) -> None:
    """No transition outlasts a millisecond."""
    with visit(browser, shop.url, shop.login, reduced_motion="reduce") as visitor:
        visitor.page.goto("tasks")
        expect(visitor.page.get_by_role("grid")).to_be_visible(timeout=PATIENCE)
        longest = visitor.page.evaluate(
            "Math.max(...[...document.querySelectorAll('*')].map(element =>"
            " parseFloat(getComputedStyle(element).transitionDuration)))"
        )
    assert longest <= 0.001


COLOURED = """([...document.querySelectorAll('.chart-plot canvas')].some(canvas => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    for (let at = 0; at < data.length; at += 4)
        if (data[at + 3] === 255 && Math.max(...data.slice(at, at + 3)) - Math.min(...data.slice(at, at + 3)) > 40)
            return true;
    return false;
}))"""
"""Whether some chart has a pixel that is more than grey."""


def test_charts_have_their_colours_for_those_who_want_no_motion(browser: Browser, shop: Site) -> None:
    """Every element has a transition for them, during which a colour that is asked for is still another one."""
    with visit(browser, shop.url, shop.login, reduced_motion="reduce") as visitor:
        visitor.page.goto("overview")
        expect(visitor.page.locator(".chart-plot canvas")).to_have_count(8, timeout=PATIENCE)
        visitor.page.wait_for_function(COLOURED, timeout=PATIENCE)


def test_the_pages_work_under_a_prefix(browser: Browser, tmp_path: Path) -> None:
    """Assets, data and links, also of a page deep below it that is loaded anew."""
    with (
        site(tmp_path, "--url-prefix", "/team/flower", prefix="/team/flower") as running,
        visit(browser, running.url, running.login) as visitor,
    ):
        uuid = running.announce("shop.place")
        running.monitor.task(uuid, "PENDING")
        visitor.page.goto(f"task/{uuid}")
        expect(visitor.page.get_by_role("heading", name="shop.place")).to_be_visible(timeout=PATIENCE)
        visitor.page.get_by_role("link", name="Workers").click()
        expect(visitor.page).to_have_url(f"{running.url}workers")
        expect(visitor.page.get_by_text("Live", exact=True)).to_be_visible(timeout=PATIENCE)
        assert visitor.faults == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_on_paper_a_page_is_whole_and_dark_on_white(
    browser: Browser, shop: Site, failed: str, theme: Literal["light", "dark"]
) -> None:
    """Without what can't be pressed there; a screen shows but a part of it and scrolls."""
    with visit(browser, shop.url, shop.login, color_scheme=theme) as visitor:
        opened(visitor.page, "task/FAILED", failed)
        visitor.page.emulate_media(media="print", color_scheme=theme)
        expect(visitor.page.get_by_role("navigation", name="Pages")).to_be_hidden()
        expect(visitor.page.get_by_role("button", name="Run again …")).to_be_hidden()
        cut = visitor.page.evaluate(
            "[...document.querySelectorAll('.frame, .page, .code pre')]"
            ".filter(part => part.scrollHeight > part.clientHeight + 1)"
            ".filter(part => getComputedStyle(part).overflowY !== 'visible')"
            ".length"
        )
        assert cut == 0
        assert brightness(visitor.page) > 0.9


def test_the_rail_is_folded_by_the_keyboard_and_stays_so(browser: Browser, shop: Site) -> None:
    """Its links keep their names for who hears them, and nothing of it is wider than the icons; axe finds nothing."""
    with visit(browser, shop.url, shop.login, viewport={"width": WIDE[0], "height": WIDE[1]}) as visitor:
        page = visitor.page
        page.goto("workers")
        words = page.get_by_role("button", name="Words beside the icons")
        expect(words).to_have_attribute("aria-expanded", "true", timeout=PATIENCE)
        words.press("Enter")
        expect(words).to_have_attribute("aria-expanded", "false")
        page.reload()
        expect(words).to_have_attribute("aria-expanded", "false", timeout=PATIENCE)
        pages = page.get_by_role("navigation", name="Pages")
        expect(pages).to_have_css("width", "52px")
        expect(pages.get_by_role("link", name="Queues", exact=True)).to_be_visible()
        assert pages.evaluate("rail => rail.scrollWidth - rail.clientWidth") == 0
        assert violations(page, "nav") == []
        assert visitor.faults == []
