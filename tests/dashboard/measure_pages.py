"""How fast the list of tasks is, measured in Chromium through the real monitor: no test, run by hand.

`make bench-pages BENCH_PAGES="--store FILE"`, or `python -m tests.dashboard.measure_pages --help`. The store is one
that `make bench BENCH="soak --store FILE --seconds 1"` has filled with a million tasks, to FILE.sqlite3; each run works
on a copy. Prints

- the first load with nothing in the browser's cache, to rows that can be read, and what of script came over the wire;
- from a press on a state or a column's head to other rows;
- scrolling to the end of so many rows: frames, the longest, and the heap on the way, after its garbage was collected;
- with the list open at so many events/s: how busy the page's main thread is, and the heap by tenths.

The workflow's graph has a program of its own, `tests.dashboard.measure_workflow`.
"""

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import click
from playwright.sync_api import Browser, CDPSession, Page

from tests.dashboard.site import Site, site
from tests.support.chromium import chromium, visit
from tests.support.processes import until

ROUNDS = 5
"""Times that what takes an instant is measured; the median is printed, and the longest."""

TENTHS = 10

VIEWPORT = {"width": 1440, "height": 900}

#: When the first rows were drawn, in milliseconds since the address was opened.
FIRST_ROWS = """
const look = () => document.querySelector('.table-row[data-id]')
  ? requestAnimationFrame(() => (window.firstRows ??= performance.now()))
  : requestAnimationFrame(look);
requestAnimationFrame(look);
"""

#: Bytes of script as they came over the wire.
SCRIPT = """
performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.js'))
  .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)
"""

#: Presses the button of a selector that has a text; milliseconds until the first row is another one, and drawn.
PRESSED = """
async ([selector, text]) => {
  const first = () => document.querySelector('.table-row[data-id]')?.dataset.id;
  const stale = () => document.querySelector('.table').dataset.stale !== undefined;
  const before = first();
  const start = performance.now();
  [...document.querySelectorAll(selector)].find(({ textContent }) => textContent.toLowerCase().includes(text)).click();
  do await new Promise((done) => requestAnimationFrame(done));
  while (stale() || first() === before);
  return performance.now() - start;
}
"""

#: Scrolls by so many pixels a frame until there are so many rows or as many seconds are over; rows, frames, those of
#: them over 50 ms (three ticks of a screen are 50.0, and a clock rounds), and the longest in milliseconds.
SCROLLED = """
async ([rows, step, seconds]) => {
  const grid = document.querySelector('.table');
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const count = () => Number(grid.getAttribute('aria-rowcount')) - 1;
  const start = await frame();
  let [frames, over, last, longest] = [0, 0, start, 0];
  while (count() < rows && last - start < seconds * 1000) {
    grid.scrollTop += step;
    const now = await frame();
    const took = now - last;
    [frames, over, longest, last] = [frames + 1, over + (took > 51), Math.max(longest, took), now];
  }
  return [count(), frames, over, longest];
}
"""


class Options(NamedTuple):
    """What the command line says."""

    store: Path
    rows: int
    rate: int
    seconds: float


def parse(argv: Sequence[str]) -> Options:
    """The options."""
    parser = argparse.ArgumentParser(prog="measure_pages", description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--store", type=Path, required=True, help="a filled store; each run works on a copy of it")
    parser.add_argument("--rows", type=int, default=100_000, help="rows to scroll through (default: 100000)")
    parser.add_argument("--rate", type=int, default=10_000, help="events/s while the list is open (default: 10000)")
    parser.add_argument("--seconds", type=float, default=600, help="of that (default: 600)")
    return Options(**vars(parser.parse_args(argv)))


@contextmanager
def opened(browser: Browser, running: Site, address: str = "tasks") -> Iterator[Page]:
    """A page of a browser that remembers nothing, with its first rows."""
    with visit(browser, running.url, running.login, viewport=VIEWPORT) as visitor:
        visitor.page.add_init_script(FIRST_ROWS)
        visitor.page.goto(address)
        until(lambda: visitor.page.evaluate("window.firstRows"), "rows")
        yield visitor.page


def loads(browser: Browser, running: Site) -> None:
    """The first load."""
    took, script = [], 0
    for _ in range(ROUNDS):
        with opened(browser, running) as page:
            took.append(page.evaluate("window.firstRows"))
            script = page.evaluate(SCRIPT)
    tell("first load, ms", took)
    click.echo(f"script over the wire: {script / 1000:.0f} kB")


def presses(browser: Browser, running: Site) -> None:
    """Filter and order."""
    for name, *button in (("by state, ms", ".chips button", "failure"), ("by column, ms", ".table-head .sort", "run")):
        took = []
        for _ in range(ROUNDS):
            with opened(browser, running) as page:
                took.append(page.evaluate(PRESSED, button))
        tell(name, took)


def scrolls(browser: Browser, running: Site, rows: int) -> None:
    """To the end of so many rows."""
    with opened(browser, running) as page:
        session = watched(page)
        click.echo(f"scrolling: {heap(session):.1f} MiB at first")
        for part in range(1, TENTHS + 1):
            there, frames, over, longest = page.evaluate(SCROLLED, [rows * part // TENTHS, 1600, 120])
            told = f"{frames} frames, {over} over 50 ms, longest {longest:.0f} ms, {heap(session):.1f} MiB"
            click.echo(f"scrolled to {there} rows: {told}")


def lives(browser: Browser, running: Site, rate: int, seconds: float) -> None:
    """Events come while the list is open."""
    load = [sys.executable, "-m", "bench.load", "--broker", running.redis.url, "--in-flight", "5000"]
    with opened(browser, running) as page:
        session = watched(page)
        command = [*load, "--rate", str(rate), "--seconds", str(seconds + 5)]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as sending:
            for part in range(1, TENTHS + 1):
                busy = spent(session, lambda: page.wait_for_timeout(1000 * seconds / TENTHS))
                click.echo(f"live, part {part}: main thread {busy:.1f} % busy, {heap(session):.0f} MiB")
            sending.wait()


def watched(page: Page) -> CDPSession:
    """What tells Chromium's own numbers of a page."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    return session


def spent(session: CDPSession, wait: Callable[[], None]) -> float:
    """Percent of a while in which the main thread worked."""
    before, start = metric(session, "TaskDuration"), time.monotonic()
    wait()
    return 100 * (metric(session, "TaskDuration") - before) / (time.monotonic() - start)


def heap(session: CDPSession) -> float:
    """MiB of script's heap that is in use."""
    session.send("HeapProfiler.collectGarbage")
    return metric(session, "JSHeapUsedSize") / 2**20


def metric(session: CDPSession, name: str) -> float:
    """One of Chromium's own numbers."""
    metrics: list[dict[str, Any]] = session.send("Performance.getMetrics")["metrics"]
    return next(float(one["value"]) for one in metrics if one["name"] == name)


def tell(what: str, took: Sequence[float]) -> None:
    """Median and longest."""
    click.echo(f"{what}: {statistics.median(took):.0f}, longest {max(took):.0f}")


def main(options: Options) -> None:
    """Measure all."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(options.store, Path(folder) / "flower.sqlite3")
        with site(Path(folder)) as running, chromium() as browser:
            loads(browser, running)
            presses(browser, running)
            scrolls(browser, running, options.rows)
            lives(browser, running, options.rate, options.seconds)


if __name__ == "__main__":
    main(parse(sys.argv[1:]))
