"""What the tests of the pages share: a real monitor with a real Redis and worker, and Chromium to look at it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.dashboard.site import Site, site
from tests.support.chromium import Visit, chromium, visit


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One browser and one monitor serve a whole file, so its tests stay on one of xdist's workers.

    The first of them waits for all that they start, each of which may take as long as tests have patience.
    """
    folder = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(folder):
            item.add_marker(pytest.mark.xdist_group(f"dashboard-{item.path.stem}"))
            item.add_marker(pytest.mark.timeout(900))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, for one file of tests."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A monitor with a worker and some tasks that are done; for tests that leave it as it is, but for more tasks."""
    with site(tmp_path_factory.mktemp("shop")) as running:
        running.start_worker()
        running.run("add", 1, 2)
        running.run("fail")
        yield running


@pytest.fixture
def session(browser: Browser, shop: Site) -> Iterator[Visit]:
    """A visitor of `shop`; the test fails if anything went wrong in the page, whatever else it looked at."""
    with visit(browser, shop.url, shop.login) as visitor:
        yield visitor
        assert visitor.faults == []
