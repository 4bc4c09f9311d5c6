"""What is done for some milliseconds at a time is done to its end here: a busy machine must not cut it short."""

import pytest

from flower_monitor.store import search, walk, writer
from tests.support.patience import PATIENCE


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests of the limits set their own."""
    monkeypatch.setattr(writer, "RETENTION_BUDGET", PATIENCE)
    for module in (walk, search):
        monkeypatch.setattr(module, "BUDGET", PATIENCE)
    monkeypatch.setattr(search, "SOON", PATIENCE)
