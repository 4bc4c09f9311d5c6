"""A RabbitMQ with an alarm: it reads nothing more from who sends, and who sends is told so."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from flower_monitor import control
from flower_monitor.control import Control
from flower_monitor.exceptions import BrokerError
from flower_monitor.publish import publisher
from flower_monitor.publish.order import order
from flower_monitor.publish.publisher import Publisher
from tests.monitor.web.apps import config_for
from tests.support.patience import PATIENCE
from tests.support.rabbitmq import own_server

#: One server of its own for all of these tests.
pytestmark = [pytest.mark.anyio, pytest.mark.xdist_group("rabbitmq-alarm")]


@pytest.fixture(scope="module")
def alarmed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a RabbitMQ that has less memory than it is in need of."""
    with own_server(tmp_path_factory.mktemp("alarm") / "rabbitmq", "1MB") as broker:
        yield broker.host.url


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """So long that only the broker's word ends the wait."""
    for module in (control, publisher):
        monkeypatch.setattr(module, "DEADLINE", PATIENCE)
    monkeypatch.setattr(control, "SOCKET_TIMEOUT", PATIENCE)


async def ask(url: str) -> None:
    await Control(config_for(Path("unused"), broker_url=url)).ask({"ping": {}}, ["w@host"], None, PATIENCE)


async def tell(url: str) -> None:
    await Control(config_for(Path("unused"), broker_url=url)).tell("enable_events", ["w@host"])


async def send(url: str) -> None:
    await Publisher(config_for(Path("unused"), broker_url=url)).send(order("tasks.any", {}), as_registered=False)


@pytest.mark.parametrize("what", [ask, tell, send])
async def test_who_sends_is_told_of_the_alarm(alarmed: str, what: Callable[[str], Any]) -> None:
    with pytest.raises(BrokerError, match="RabbitMQ has an alarm"):
        await what(alarmed)
