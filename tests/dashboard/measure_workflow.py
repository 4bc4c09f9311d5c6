"""How fast the page of a workflow is, measured in Chromium through the real monitor: no test, run by hand.

`python -m tests.dashboard.measure_workflow [tasks]` prints, for a chord, a chain and a tree of so many tasks (10,000):
milliseconds from the address to the question, the answer and the first picture, then frames a second and the longest of
them while the graph is dragged and magnified. The pages must be built.
"""

import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import click
from playwright.sync_api import Browser, Page

from tests.dashboard.site import Site, site
from tests.monitor.web.stores import StoreFile, task
from tests.support.chromium import chromium, visit
from tests.support.processes import until

#: When the first picture was copied to the canvas that is seen, in milliseconds since the address was opened.
FIRST_PICTURE = """
const copy = CanvasRenderingContext2D.prototype.drawImage;
CanvasRenderingContext2D.prototype.drawImage = function (...given) {
  copy.apply(this, given);
  requestAnimationFrame(() => (window.firstPicture ??= performance.now()));
};
"""

#: When the tasks were asked for, and when they were there.
ASKED = """
performance.getEntriesByType('resource').filter(({ name }) => name.includes('/api/v1/workflows/')).slice(0, 1)
  .flatMap(({ startTime, responseEnd }) => [startTime, responseEnd])
"""

#: Drags, then magnifies, by one event a frame, as a hand does.
FRAMES = """
async ([kind, seconds]) => {
  const canvas = document.querySelector('.workflow-graph canvas');
  const box = canvas.getBoundingClientRect();
  const at = (x, y) => ({ bubbles: true, cancelable: true, view: window, buttons: 1,
    clientX: box.left + box.width * x, clientY: box.top + box.height * y });
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  if (kind === 'drag') canvas.dispatchEvent(new MouseEvent('mousedown', at(0.5, 0.5)));
  const start = await frame();
  let [frames, last, longest] = [0, start, 0];
  while (last - start < seconds * 1000) {
    const way = frames / 12;
    if (kind === 'drag') window.dispatchEvent(new MouseEvent('mousemove', at(0.5 + Math.sin(way) / 3, 0.5)));
    else canvas.dispatchEvent(new WheelEvent('wheel', { ...at(0.5, 0.5), deltaY: 40 * Math.sign(Math.sin(way / 4)) }));
    const now = await frame();
    [frames, longest, last] = [frames + 1, Math.max(longest, now - last), now];
  }
  if (kind === 'drag') window.dispatchEvent(new MouseEvent('mouseup', at(0.5, 0.5)));
  return [frames / ((last - start) / 1000), longest];
}
"""

#: The parent of each task by its number, or -1 for the first.
SHAPES: dict[str, Callable[[int], int]] = {
    "chord": lambda number: min(number - 1, 0),
    "chain": lambda number: number - 1,
    "tree": lambda number: (number - 1) // 10 if number else -1,
}


def written(store: StoreFile, tasks: int, parent: Callable[[int], int]) -> str:
    """Write a workflow of which one task in a hundred failed; the id of its root."""
    ids = [str(uuid.uuid4()) for _ in range(tasks)]
    store.add(
        *(
            task(
                ids[number],
                root=ids[0],
                parent=None if parent(number) < 0 else ids[parent(number)],
                name=f"shop.warehouse.pack_{number % 7}",
                state="FAILURE" if number % 100 == 99 else "SUCCESS",
            )
            for number in range(tasks)
        )
    )
    return ids[0]


def measured(browser: Browser, running: Site, root: str) -> Iterator[float]:
    """Question, answer, first picture in ms; frames a second and longest frame in ms of a drag, and of magnifying."""
    with visit(browser, running.url, running.login, viewport={"width": 1440, "height": 900}) as visitor:
        page: Page = visitor.page
        page.add_init_script(FIRST_PICTURE)
        page.goto(f"workflow/{root}?group=off")
        # Not `wait_for_function`: the page's policy refuses what it evaluates.
        first = until(lambda: page.evaluate("window.firstPicture"), "a picture")
        yield from (*page.evaluate(ASKED), first)
        for kind in ("drag", "wheel"):
            page.wait_for_timeout(1000)
            yield from page.evaluate(FRAMES, [kind, 5])


def main(tasks: int) -> None:
    """Measure all shapes, each three times."""
    with tempfile.TemporaryDirectory() as folder:
        store = StoreFile(Path(folder) / "flower.sqlite3")
        roots = {shape: written(store, tasks, parent) for shape, parent in SHAPES.items()}
        store.close()
        measure(Path(folder), roots)


def measure(folder: Path, roots: Mapping[str, str]) -> None:
    """Print all figures of each."""
    with site(folder) as running, chromium() as browser:
        click.echo("shape      asked  answered   picture  drag fps   longest wheel fps   longest")
        for shape, root in roots.items():
            for _ in range(3):
                figures = "".join(f"{figure:10.0f}" for figure in measured(browser, running, root))
                click.echo(f"{shape:6}{figures}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
