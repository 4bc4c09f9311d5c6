"""How long workers have to answer a command."""

import pytest

from flower_monitor.web.commands import PATIENCE, ask
from tests.monitor.web.test_inspection import FakeControl

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(("at_least", "given"), [(1.0, PATIENCE), (10.0, 10.0)])
async def test_workers_that_may_be_slow_to_speak_may_be_slow_to_act(at_least: float, given: float) -> None:
    control = FakeControl()
    control.at_least = at_least

    await ask(control, {"revoke": {}}, ["w1@host"], ["w1@host"], PATIENCE)

    assert control.patience == [given]
